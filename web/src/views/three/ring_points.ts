// Points along the edge of an area, near enough to each other to follow the ground.
import { distance_m, type LatLon } from '../../lib/ground';

/** A closed ring as points at most `step_m` apart, its corners among them; the last one is not the first again. */
export function along_ring(ring: readonly LatLon[], step_m: number): LatLon[] {
  const points: LatLon[] = [];
  for (let i = 0; i < ring.length; i++) {
    const from = ring[i]!;
    const to = ring[(i + 1) % ring.length]!;
    const steps = Math.ceil(distance_m(from, to) / step_m);
    for (let k = 0; k < steps; k++) points.push({ lat: from.lat + ((to.lat - from.lat) * k) / steps, lon: from.lon + ((to.lon - from.lon) * k) / steps });
  }
  return points;
}
