// Where a vehicle is between two reports: along the course of its line, at the pace of its reports, and straight where none is known.
import { distance_m } from '../lib/ground';
import type { LatLon } from '../lib/ground';

/** A place further from its line than this is not on it. */
const kOffCourse_m = 45;
/** Who would go so much further along the line than straight has turned round, or is on another pass of it. */
const kDetour_max = 3;
const kDetour_m = 60;
const kReport_ms = 300;
const kInterval_ms_max = 20_000;
const kInterval_ms = 2000;

/** Part of a line, with the way to each of its vertices from the first, in metres. */
export interface Course {
  points: readonly LatLon[];
  along_m: readonly number[];
}

export function course_of(points: readonly LatLon[]): Course {
  const along_m = [0];
  for (let i = 1; i < points.length; i++) along_m.push(along_m[i - 1]! + distance_m(points[i - 1]!, points[i]!));
  return { points, along_m };
}

/** The parts of a LineString or MultiLineString of GeoJSON (RFC 7946, 3.1.4 and 3.1.5); no other geometry has a course. */
export function courses_of(geometry: { type: string; coordinates?: unknown }, vertices_max: number): Course[] {
  const parts = geometry.type === 'LineString' ? [geometry.coordinates] : geometry.type === 'MultiLineString' ? geometry.coordinates : [];
  const courses: Course[] = [];
  let left = vertices_max;
  for (const part of parts as readonly (readonly [number, number][])[]) {
    if (part.length < 2 || part.length > left) continue;
    left -= part.length;
    courses.push(course_of(part.map(([lon, lat]) => ({ lat, lon }))));
  }
  return courses;
}

interface OnCourse {
  along_m: number;
  off_m: number;
}

/** All passes of a course that are near a place: the nearest point of each run of its pieces that are. */
function passes(course: Course, place: LatLon): OnCourse[] {
  const found: OnCourse[] = [];
  const shrink = Math.cos((place.lat * Math.PI) / 180);
  const metres = 111_195;
  let was_near = false;
  for (let i = 1; i < course.points.length; i++) {
    const [a, b] = [course.points[i - 1]!, course.points[i]!];
    const [ax, ay] = [(a.lon - place.lon) * shrink * metres, (a.lat - place.lat) * metres];
    const [dx, dy] = [(b.lon - a.lon) * shrink * metres, (b.lat - a.lat) * metres];
    const square = dx * dx + dy * dy;
    const part = square === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / square));
    const off_m = Math.hypot(ax + dx * part, ay + dy * part);
    const is_near = off_m <= kOffCourse_m;
    if (is_near) {
      const pass = { along_m: course.along_m[i - 1]! + part * (course.along_m[i]! - course.along_m[i - 1]!), off_m };
      if (!was_near) found.push(pass);
      else if (off_m < found.at(-1)!.off_m) found[found.length - 1] = pass;
    }
    was_near = is_near;
  }
  return found;
}

/** The way from one place to another: along a course where both are on it and it leads there without a detour, straight otherwise. */
export function way_between(courses: readonly Course[], from: LatLon, to: LatLon): Course {
  const straight_m = distance_m(from, to);
  let best: { course: Course; start: OnCourse; end: OnCourse; cost_m: number } | null = null;
  for (const course of courses) {
    const ends = passes(course, to);
    if (ends.length === 0) continue;
    for (const start of passes(course, from)) {
      for (const end of ends) {
        const cost_m = Math.abs(end.along_m - start.along_m) + 2 * (start.off_m + end.off_m);
        if (!best || cost_m < best.cost_m) best = { course, start, end, cost_m };
      }
    }
  }
  if (!best) return course_of([from, to]);
  const { course, start, end } = best;
  if (Math.abs(end.along_m - start.along_m) > kDetour_max * straight_m + kDetour_m) return course_of([from, to]);
  const [low, high] = start.along_m <= end.along_m ? [start.along_m, end.along_m] : [end.along_m, start.along_m];
  const between = course.points.filter((_, i) => course.along_m[i]! > low && course.along_m[i]! < high);
  if (start.along_m > end.along_m) between.reverse();
  return course_of([from, ...between, to]);
}

/** Where one is after a part (0 to 1) of the way, and which way it goes there, degrees from north; null where it goes nowhere. */
export function place_on(way: Course, part: number): LatLon & { heading_deg: number | null } {
  const last = way.points.length - 1;
  const length_m = way.along_m[last]!;
  const at_m = Math.min(1, Math.max(0, part)) * length_m;
  let i = 1;
  while (i < last && way.along_m[i]! < at_m) i++;
  const [a, b] = [way.points[i - 1]!, way.points[i]!];
  const piece_m = way.along_m[i]! - way.along_m[i - 1]!;
  if (piece_m === 0) return { lat: b.lat, lon: b.lon, heading_deg: null };
  const share = (at_m - way.along_m[i - 1]!) / piece_m;
  const east = (b.lon - a.lon) * Math.cos((a.lat * Math.PI) / 180);
  const heading_deg = ((Math.atan2(east, b.lat - a.lat) * 180) / Math.PI + 360) % 360;
  return { lat: a.lat + (b.lat - a.lat) * share, lon: a.lon + (b.lon - a.lon) * share, heading_deg };
}

/** One vehicle under way: it is where the last report said when the next one comes. */
export class Glide {
  #way: Course;
  #since_ms: number;
  #interval_ms = kInterval_ms;
  #reported_ms: number;

  constructor(at: LatLon, now_ms: number) {
    this.#way = course_of([at, at]);
    this.#reported_ms = now_ms;
    this.#since_ms = now_ms - kInterval_ms;
  }

  get to(): LatLon {
    return this.#way.points.at(-1)!;
  }
  get until_ms(): number {
    return this.#since_ms + this.#interval_ms;
  }

  /** A new place is reported. The time since the last report is how long the way takes: one that paused is not slow afterwards. */
  go(to: LatLon, courses: readonly Course[], now_ms: number): void {
    const passed_ms = now_ms - this.#reported_ms;
    this.#way = way_between(courses, this.at(now_ms), to);
    // One report may come as several messages.
    if (passed_ms >= kReport_ms) this.#interval_ms = passed_ms > kInterval_ms_max ? kInterval_ms : passed_ms;
    this.#since_ms = this.#reported_ms = now_ms;
  }
  /** The same place was reported again. */
  stay(now_ms: number): void {
    this.#reported_ms = now_ms;
  }

  /** How much of the way is behind it, 0 to 1. */
  part(now_ms: number): number {
    return Math.min(1, Math.max(0, (now_ms - this.#since_ms) / this.#interval_ms));
  }
  at(now_ms: number): LatLon & { heading_deg: number | null } {
    return place_on(this.#way, this.part(now_ms));
  }
}
