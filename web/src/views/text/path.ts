// Walking in words: along a street's line, to its end, and to the corner with another street. Pure geometry, no page.
import { bearing_deg, distance_m, moved, offset_m, type LatLon } from '../../lib/ground';

export type Path = readonly LatLon[];

/** A place on one of a street's lines. */
export interface OnPath {
  path: Path;
  /** Of the nearest point, from the line's first vertex, metres. */
  along_m: number;
  /** From where one stands to the line, metres. */
  away_m: number;
  place: LatLon;
}

/** GeoJSON's MultiLineString, longitude first, as lines of places. Anything else gives none. */
export function paths_of(geometry: { type: string; coordinates: unknown } | undefined): Path[] {
  if (geometry?.type !== 'MultiLineString') return [];
  const lines = geometry.coordinates as [number, number][][];
  return lines.map((line) => line.map(([lon, lat]) => ({ lat, lon }))).filter((line) => line.length >= 2);
}

export function length_m(path: Path): number {
  let sum_m = 0;
  for (let i = 1; i < path.length; ++i) sum_m += distance_m(path[i - 1]!, path[i]!);
  return sum_m;
}

/** The nearest place on any of the lines; nothing without lines. */
export function nearest_on(paths: readonly Path[], here: LatLon): OnPath | null {
  let best: OnPath | null = null;
  for (const path of paths) {
    let before_m = 0;
    for (let i = 1; i < path.length; ++i) {
      const start = path[i - 1]!;
      const piece = offset_m(start, path[i]!);
      const mine = offset_m(start, here);
      const piece_m = Math.hypot(piece.east_m, piece.north_m);
      const share = piece_m === 0 ? 0 : (mine.east_m * piece.east_m + mine.north_m * piece.north_m) / piece_m ** 2;
      const part_m = Math.min(1, Math.max(0, share)) * piece_m;
      const place = piece_m === 0 ? start : moved(start, bearing_deg(start, path[i]!), part_m);
      const away_m = distance_m(here, place);
      if (!best || away_m < best.away_m) best = { path, along_m: before_m + part_m, away_m, place };
      before_m += piece_m;
    }
  }
  return best;
}

export interface Step {
  place: LatLon;
  heading_deg: number;
  /** What could not be walked because the line ended, metres. */
  left_m: number;
}

/** Walks along the line, forwards for a positive distance and backwards for a negative one, and stops at its end. */
export function walked(on: OnPath, by_m: number): Step {
  const total_m = length_m(on.path);
  const wanted_m = on.along_m + by_m;
  const along_m = Math.min(total_m, Math.max(0, wanted_m));
  let before_m = 0;
  for (let i = 1; i < on.path.length; ++i) {
    const start = on.path[i - 1]!;
    const end = on.path[i]!;
    const piece_m = distance_m(start, end);
    if (before_m + piece_m >= along_m || i === on.path.length - 1) {
      const forward_deg = bearing_deg(start, end);
      const heading_deg = by_m >= 0 ? forward_deg : (forward_deg + 180) % 360;
      return { place: moved(start, forward_deg, along_m - before_m), heading_deg, left_m: Math.abs(wanted_m - along_m) };
    }
    before_m += piece_m;
  }
  return { place: on.place, heading_deg: 0, left_m: Math.abs(by_m) };
}

/** Streets that meet share a vertex; files round it, so that it may differ by this much. */
const kSameVertex_m = 0.7;

/** The corner of two streets that is nearest to `here`; nothing where they do not meet. */
export function corner_of(a: readonly Path[], b: readonly Path[], here: LatLon): LatLon | null {
  let best: LatLon | null = null;
  let best_m = Infinity;
  const others = b.flat();
  for (const vertex of a.flat()) {
    const away_m = distance_m(here, vertex);
    if (away_m >= best_m) continue;
    if (others.some((other) => distance_m(vertex, other) <= kSameVertex_m)) {
      best = vertex;
      best_m = away_m;
    }
  }
  return best;
}
