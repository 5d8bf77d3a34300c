// The floor of a hall: slabs of pale stone, each of a shade of its own, darker towards the walls, as light falls into a room.
import { BufferAttribute, BufferGeometry, Color } from 'three';
import type { Room } from '../../lib/view';

/** Slabs along the longer side, at most. */
const kAlong_max = 60;
/** sRGB of a slab, and how much lighter or darker one may be. */
const kStone = 0xf1e8d8;
const kShade = 0.05;
/** What is left of the light at the foot of a wall, and how far in that reaches. */
const kCorner = 0.8;
const kReach_m = 1.2;
/** Joints are this share of a slab. */
const kJoint = 0.03;
const kJointShade = 0.82;

/** Metres of a slab's side: 1 m where that is possible, since one can count them. */
export const slab_m = (wide_m: number, deep_m: number): number => Math.max(1, Math.ceil(Math.max(wide_m, deep_m) / kAlong_max));

/** One number from 0 to 1 a slab, the same at each visit. */
function shade_of(column: number, row: number): number {
  const mixed = Math.imul(column * 73_856_093 ^ row * 19_349_663, 0x85eb_ca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}

/** Slabs with their joints, all in one height, so that walking does not stumble and nothing flickers. */
export function hall_slabs([west, south, east, north]: Room['bounds_m']): BufferGeometry[] {
  const side = slab_m(east - west, north - south);
  const [columns, rows] = [Math.ceil((east - west) / side), Math.ceil((north - south) / side)];
  const positions: number[] = [];
  const colours: number[] = [];
  const corners: number[] = [];
  const stone = new Color(kStone);
  const light_at = (x: number, y: number): number => {
    const wall_m = Math.min(x - west, east - x, y - south, north - y);
    return kCorner + (1 - kCorner) * Math.min(1, wall_m / kReach_m);
  };
  const quad = (x0: number, y0: number, x1: number, y1: number, shade: number): void => {
    const first = positions.length / 3;
    for (const [x, y] of [[x0, y0], [x1, y0], [x1, y1], [x0, y1]] as const) {
      positions.push(x, 0, -y);
      const light = shade * light_at(x, y) * 255;
      colours.push(stone.r * light, stone.g * light, stone.b * light, 255);
    }
    corners.push(first, first + 1, first + 2, first, first + 2, first + 3);
  };
  const joint = (side * kJoint) / 2;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x0, y0] = [west + column * side, south + row * side];
      const [x1, y1] = [Math.min(east, x0 + side), Math.min(north, y0 + side)];
      const shade = 1 - kShade + 2 * kShade * shade_of(column, row);
      quad(x0 + joint, y0 + joint, x1 - joint, y1 - joint, Math.min(1, shade));
      // Half a joint along each side: two neighbours make a whole one.
      quad(x0, y0, x1, y0 + joint, kJointShade);
      quad(x0, y1 - joint, x1, y1, kJointShade);
      quad(x0, y0 + joint, x0 + joint, y1 - joint, kJointShade);
      quad(x1 - joint, y0 + joint, x1, y1 - joint, kJointShade);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(positions), 3));
  geometry.setAttribute('normal', new BufferAttribute(new Float32Array(positions.length).map((_, i) => (i % 3 === 1 ? 1 : 0)), 3));
  geometry.setAttribute('color', new BufferAttribute(Uint8Array.from(colours), 4, true));
  geometry.setIndex(corners);
  return [geometry];
}
