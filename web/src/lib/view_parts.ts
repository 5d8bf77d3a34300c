// Which picture views this build has. They are found by their folder, and each is fetched only when a visitor asks for it.
import type { ViewName } from './situation';
import type { CreateView } from './view';

export type PictureName = 'map' | '3d';
type Loader = () => Promise<{ create_view: CreateView }>;

const found = import.meta.glob<{ create_view: CreateView }>(['../views/map/index.ts', '../views/three/index.ts']);

export const picture_loaders: Partial<Record<PictureName, Loader>> = {};
if (found['../views/map/index.ts']) picture_loaders.map = found['../views/map/index.ts'];
if (found['../views/three/index.ts']) picture_loaders['3d'] = found['../views/three/index.ts'];

/** In the order of the switch. */
export const view_names: readonly Exclude<ViewName, 'door' | 'account'>[] = [
  'text',
  ...(['map', '3d'] as const).filter((name) => picture_loaders[name] !== undefined),
];
