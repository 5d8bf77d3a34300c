// The 3D view's front door: the page loads this when a visitor asks for 3D.
import type { CreateView } from '../../lib/view';
import { ThreeView } from './three_view';

export const create_view: CreateView = (context) => new ThreeView(context);
