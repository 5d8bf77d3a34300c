// Who stands together, so that a hundred people near can be said in a few sentences: "3 people at the market, 40 m north".
import type { Crowd, Neighbour, Pose } from './people';

/** A few people who stand together, or a crowd. */
export interface Knot {
  readonly people: readonly Neighbour[];
  readonly count: number;
  /** Middle, metres in the plane. */
  readonly x_m: number;
  readonly y_m: number;
  readonly distance_m: number;
  readonly bearing_deg: number;
}

/** Whoever stands within this of the nearest one of a knot belongs to it. */
export const kKnot_m = 25;

/** Nearest first. Every neighbour is in exactly one knot; a crowd joins the knot that it stands around. */
export function knots_of(neighbours: readonly Neighbour[], crowds: readonly Crowd[], me: Readonly<Pose>): Knot[] {
  const groups: { people: Neighbour[]; x_m: number; y_m: number; sum_x: number; sum_y: number; count: number }[] = [];
  const scratch: Pose = { x_m: 0, y_m: 0, z_m: 0, heading_deg: 0 };
  for (const neighbour of [...neighbours].sort((a, b) => a.distance_m - b.distance_m || a.person - b.person)) {
    const { x_m, y_m } = neighbour.motion.newest(scratch);
    let group = groups.find((one) => Math.hypot(one.x_m - x_m, one.y_m - y_m) <= kKnot_m);
    if (!group) groups.push((group = { people: [], x_m, y_m, sum_x: 0, sum_y: 0, count: 0 }));
    group.people.push(neighbour);
    group.sum_x += x_m;
    group.sum_y += y_m;
    group.count += 1;
  }
  for (const { x_m, y_m, size_m, count } of crowds) {
    const middle = { x_m: x_m + size_m / 2, y_m: y_m + size_m / 2 };
    const inside = groups.find((one) => Math.abs(one.x_m - middle.x_m) <= size_m / 2 && Math.abs(one.y_m - middle.y_m) <= size_m / 2);
    if (inside) {
      inside.sum_x += middle.x_m * count;
      inside.sum_y += middle.y_m * count;
      inside.count += count;
    } else {
      groups.push({ people: [], ...middle, sum_x: middle.x_m * count, sum_y: middle.y_m * count, count });
    }
  }
  return groups
    .map(({ people, sum_x, sum_y, count }) => {
      const [x_m, y_m] = [sum_x / count, sum_y / count];
      const [east_m, north_m] = [x_m - me.x_m, y_m - me.y_m];
      const bearing_deg = ((Math.atan2(east_m, north_m) * 180) / Math.PI + 360) % 360;
      return { people, count, x_m, y_m, distance_m: Math.hypot(east_m, north_m), bearing_deg };
    })
    .sort((a, b) => a.distance_m - b.distance_m);
}
