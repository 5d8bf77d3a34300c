// Outlines of what is watched, for whoever draws them; and asking a picture to let somebody draw one.
import type { LatLon } from '../lib/ground';

let rings: readonly (readonly LatLon[])[] = [];
const listeners = new Set<() => void>();

export const alert_rings = (): readonly (readonly LatLon[])[] => rings;
export function show_areas(next: readonly (readonly LatLon[])[]): void {
  rings = next;
  for (const listener of [...listeners]) listener();
}
export function on_areas(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export interface Circle {
  lat: number;
  lon: number;
  radius_m: number;
}
/** Called while somebody draws, and with `is_done` when they let go; null: they gave up. */
export type OnDrawn = (circle: Circle | null, is_done: boolean) => void;
/** A picture in which one can draw; gives what ends it. */
export type LetDraw = (on_drawn: OnDrawn) => () => void;

let let_draw: LetDraw | null = null;
/** The picture that is shown, while it is. */
export function offer_drawing(offered: LetDraw): () => void {
  let_draw = offered;
  return () => {
    if (let_draw === offered) let_draw = null;
  };
}
/** Null where no picture lets one draw. */
export const drawing = (): LetDraw | null => let_draw;
