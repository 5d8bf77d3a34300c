// What the controls of the 3D view show, and what they ask for. The view writes the first part, the controls call the second.
import type { Mode } from './moving';
import type { QualityChoice } from './quality';

export interface HudActions {
  set_mode(mode: Mode): void;
  zoom(nearer: boolean): void;
  face_north(): void;
  set_moment(time_ms: number | null): void;
  set_quality(choice: QualityChoice): void;
  go_to_selected(): void;
  /** Over one's own shoulder, and back. */
  see_oneself(): void;
  enter_headset(): void;
}

export class HudModel {
  mode: Mode = $state('orbit');
  heading_deg = $state(0);
  /** Street or area at the feet; empty while it is not known. */
  here = $state('');
  selected = $state(false);
  headset = $state(false);
  sees_oneself = $state(false);
  quality: QualityChoice = $state('automatic');
  /** Moment on show, ms since 1970 UTC. */
  time_ms = $state(0);
  /** Whether that is the present, moving on. */
  is_now = $state(true);
  sun_up = $state(true);
  loading = $state(true);
}
