// Outlines of what is watched, for whoever draws them.
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
