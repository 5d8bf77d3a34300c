// Builds the smooth, simple bodies that figures are made of, from rings, tubes and balls, with the bones that carry each point.
import { BufferAttribute, InstancedBufferGeometry } from 'three';

/** What carries a point. `ground` stands at the feet and turns with the heading; the others move within it. */
export const kBones = [
  'ground', 'pelvis', 'belly', 'chest', 'head', 'arm_l', 'fore_l', 'arm_r', 'fore_r', 'thigh_l', 'shin_l', 'thigh_r', 'shin_r',
  'skirt', 'hem', 'held', 'beast', 'beast_a', 'beast_b',
] as const;
export type Bone = (typeof kBones)[number];

/** Whose colour a point has: one of the person's, or the one that is written at the point. */
export const kRoles = ['skin', 'hair', 'top', 'bottom', 'accent', 'shoe', 'beast', 'lips', 'eye_rim', 'own'] as const;
export type Role = (typeof kRoles)[number];

/** Points around a body and how many of its rings are kept: near, in the street, far. */
export interface Detail {
  around: number;
  /** Else rings and pieces that only round things off are left out. */
  fine: boolean;
  /** Of sticks and balls, at most. */
  stick: number;
  ball: number;
  /** Of arms, legs and shoes, at least. */
  limb: number;
  /** Rings nearer than this to where their neighbours would have them are left out: about a pixel at the height from which it is drawn. */
  within_m: number;
}
export const kDetails: readonly Detail[] = [
  { around: 14, fine: true, stick: 9, ball: 14, limb: 5, within_m: 0 },
  { around: 8, fine: false, stick: 4, ball: 6, limb: 5, within_m: 0.01 },
  { around: 5, fine: false, stick: 3, ball: 4, limb: 4, within_m: 0.03 },
];
/** Shades of rings that are left out differ by no more than this. */
const kShade = 0.15;

export interface Ring {
  /** Middle, metres in the standing figure: x right, y up, z back. */
  x?: number;
  y: number;
  z?: number;
  /** Half axes to the side and to the back. */
  rx: number;
  rz: number;
  bone: Bone;
  /** A second bone and its share, for joints that bend softly. */
  other?: Bone;
  share?: number;
  /** How much of the sky is seen from here: folds and undersides are darker. */
  shade?: number;
  fine?: boolean;
}

export interface Paint {
  role: Role;
  /** Linear factors on the colour; with the role `own` the colour itself. */
  tint?: readonly [number, number, number];
}

type Point = readonly [number, number, number];

/** Collects triangles; `geometry` gives them to the graphics chip. */
export class FigureMesh {
  readonly detail: Detail;
  readonly positions: number[] = [];
  readonly normals: number[] = [];
  readonly colours: number[] = [];
  /** Two bones, the second's share in 255ths, and the role. */
  readonly carried: number[] = [];
  readonly corners: number[] = [];

  constructor(detail: Detail) {
    this.detail = detail;
  }

  get points(): number {
    return this.positions.length / 3;
  }

  point(at: Point, normal: Point, paint: Paint, bone: Bone, other: Bone = bone, share = 0, shade = 1): number {
    const [r, g, b] = paint.tint ?? [1, 1, 1];
    const length = Math.hypot(...normal) || 1;
    this.positions.push(...at);
    this.normals.push(normal[0] / length, normal[1] / length, normal[2] / length);
    this.colours.push(r * shade, g * shade, b * shade);
    this.carried.push(kBones.indexOf(bone), kBones.indexOf(other), share * 255, kRoles.indexOf(paint.role));
    return this.points - 1;
  }

  /** A body around upright rings, from below to above, closed at both ends. */
  loft(rings: readonly Ring[], paint: Paint, around = this.detail.around): void {
    const kept = needed(rings.filter((ring, i) => this.detail.fine || ring.fine !== true || i === 0 || i === rings.length - 1), this.detail.within_m);
    const first = this.points;
    kept.forEach((ring, i) => {
      const below = kept[Math.max(0, i - 1)]!;
      const above = kept[Math.min(kept.length - 1, i + 1)]!;
      for (let k = 0; k < around; k++) {
        const angle = (2 * Math.PI * k) / around;
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        const at: Point = [(ring.x ?? 0) + ring.rx * cos, ring.y, (ring.z ?? 0) + ring.rz * sin];
        // Along the ring and from ring to ring: their cross product looks outwards.
        const up: Point = [
          (above.x ?? 0) - (below.x ?? 0) + (above.rx - below.rx) * cos,
          above.y - below.y,
          (above.z ?? 0) - (below.z ?? 0) + (above.rz - below.rz) * sin,
        ];
        const round: Point = [-Math.max(ring.rx, 1e-4) * sin, 0, Math.max(ring.rz, 1e-4) * cos];
        this.point(at, cross(up, round), paint, ring.bone, ring.other, ring.share, ring.shade);
      }
    });
    this.#join(first, kept.length, around);
    this.#close(first, around, kept[0]!, paint, -1);
    this.#close(first + (kept.length - 1) * around, around, kept.at(-1)!, paint, 1);
  }

  /** A rounded stick between two points. */
  tube(from: Point, to: Point, radius: number, paint: Paint, bone: Bone, wished = this.detail.stick, to_radius = radius): void {
    const around = Math.min(wished, this.detail.stick);
    const axis: Point = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    const length = Math.hypot(...axis) || 1;
    const side = Math.abs(axis[1]) > 0.9 * length ? cross(axis, [0, 0, 1]) : cross(axis, [0, 1, 0]);
    const u = scaled(side, 1 / Math.hypot(...side));
    const v = scaled(cross(u, axis), 1 / length);
    const first = this.points;
    for (const end of [0, 1]) {
      for (let k = 0; k < around; k++) {
        const angle = (2 * Math.PI * k) / around;
        const out = added(scaled(u, Math.cos(angle)), scaled(v, Math.sin(angle)));
        const r = end === 0 ? radius : to_radius;
        this.point(added(added(from, scaled(axis, end)), scaled(out, r)), out, paint, bone);
      }
    }
    this.#join(first, 2, around);
    if (!this.detail.fine) return;
    for (const end of [0, 1]) {
      const out = scaled(axis, end === 0 ? -1 : 1);
      const middle = this.point(added(from, scaled(axis, end)), out, paint, bone);
      for (let k = 0; k < around; k++) {
        const [a, b] = [first + end * around + k, first + end * around + ((k + 1) % around)];
        this.corners.push(middle, ...(end === 0 ? [a, b] : [b, a]));
      }
    }
  }

  /** An egg: half axes to the side, up and back. */
  ball(middle: Point, half: Point, paint: Paint, bone: Bone, rounds_max = 6, around_max = this.detail.ball): void {
    const around = Math.min(around_max, this.detail.ball);
    const rounds = this.detail.fine ? rounds_max : 3;
    const rings: Ring[] = [];
    for (let i = 0; i <= rounds; i++) {
      const angle = -Math.PI / 2 + (Math.PI * i) / rounds;
      const r = Math.max(0.02, Math.cos(angle));
      rings.push({ x: middle[0], y: middle[1] + half[1] * Math.sin(angle), z: middle[2], rx: half[0] * r, rz: half[2] * r, bone });
    }
    this.loft(rings, paint, around);
  }

  /** A wheel or hoop that stands upright and rolls forwards. */
  hoop(middle: Point, radius: number, thick: number, paint: Paint, bone: Bone, around_max = this.detail.around + 4): void {
    const around = Math.min(around_max, this.detail.around + 4);
    const inner = this.detail.fine ? 6 : 3;
    const first = this.points;
    for (let i = 0; i < around; i++) {
      const angle = (2 * Math.PI * i) / around;
      for (let k = 0; k < inner; k++) {
        const turn = (2 * Math.PI * k) / inner;
        const out = radius + thick * Math.cos(turn);
        const normal: Point = [Math.sin(turn), Math.cos(turn) * Math.sin(angle), Math.cos(turn) * Math.cos(angle)];
        this.point([middle[0] + thick * Math.sin(turn), middle[1] + out * Math.sin(angle), middle[2] + out * Math.cos(angle)], normal, paint, bone);
      }
    }
    for (let i = 0; i < around; i++) {
      for (let k = 0; k < inner; k++) {
        const [a, b] = [first + i * inner + k, first + i * inner + ((k + 1) % inner)];
        const [c, d] = [first + ((i + 1) % around) * inner + k, first + ((i + 1) % around) * inner + ((k + 1) % inner)];
        this.corners.push(a, b, c, b, d, c);
      }
    }
  }

  /** A board with hard edges. */
  board(middle: Point, half: Point, paint: Paint, bone: Bone): void {
    for (const axis of [0, 1, 2]) {
      for (const side of [-1, 1]) {
        const normal = [0, 0, 0];
        normal[axis] = side;
        const first = this.points;
        for (const [p, q] of [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const) {
          const at = [0, 0, 0];
          at[axis] = side * half[axis]!;
          at[(axis + 1) % 3] = p * half[(axis + 1) % 3]!;
          at[(axis + 2) % 3] = q * half[(axis + 2) % 3]!;
          this.point([middle[0] + at[0]!, middle[1] + at[1]!, middle[2] + at[2]!], normal as unknown as Point, paint, bone);
        }
        const order = side > 0 ? [0, 1, 2, 0, 2, 3] : [0, 2, 1, 0, 3, 2];
        this.corners.push(...order.map((i) => first + i));
      }
    }
  }

  geometry(): InstancedBufferGeometry {
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(Float32Array.from(this.positions), 3));
    geometry.setAttribute('normal', new BufferAttribute(Float32Array.from(this.normals), 3));
    geometry.setAttribute('color', new BufferAttribute(Float32Array.from(this.colours), 3));
    geometry.setAttribute('carried', new BufferAttribute(Uint8Array.from(this.carried), 4));
    geometry.setIndex(new BufferAttribute(Uint16Array.from(this.corners), 1));
    return geometry;
  }

  #join(first: number, rows: number, around: number): void {
    for (let row = 0; row + 1 < rows; row++) {
      for (let k = 0; k < around; k++) {
        const [a, b] = [first + row * around + k, first + row * around + ((k + 1) % around)];
        this.corners.push(a, a + around, b, b, a + around, b + around);
      }
    }
  }

  #close(first: number, around: number, ring: Ring, paint: Paint, side: -1 | 1): void {
    const middle = this.point([ring.x ?? 0, ring.y, ring.z ?? 0], [0, side, 0], paint, ring.bone, ring.other, ring.share, ring.shade);
    for (let k = 0; k < around; k++) {
      const [a, b] = [first + k, first + ((k + 1) % around)];
      this.corners.push(middle, ...(side > 0 ? [b, a] : [a, b]));
    }
  }
}

/** The rings without which the shape, or the way it bends, would be another by more than `within_m`. */
function needed(rings: readonly Ring[], within_m: number): readonly Ring[] {
  if (within_m === 0) return rings;
  const kept: Ring[] = [];
  for (let at = 0; at < rings.length; ) {
    kept.push(rings[at]!);
    let next = at + 1;
    while (next + 1 < rings.length && is_straight(rings, at, next + 1, within_m)) next += 1;
    at = next;
  }
  return kept;
}

const carrier = ({ bone, other, share = 0 }: Ring): Bone => (share > 0.5 ? (other ?? bone) : bone);

/** Whether all rings between two lie where a straight wall between them would, carried by the same bone. */
function is_straight(rings: readonly Ring[], first: number, last: number, within_m: number): boolean {
  const [a, b] = [rings[first]!, rings[last]!];
  return rings.slice(first + 1, last).every((ring) => {
    if (carrier(ring) !== carrier(a) || carrier(ring) !== carrier(b) || b.y === a.y) return false;
    const share = (ring.y - a.y) / (b.y - a.y);
    const off = (from = 0, to = 0, found = 0): number => Math.abs(from + (to - from) * share - found);
    const off_m = Math.max(off(a.x, b.x, ring.x), off(a.z, b.z, ring.z), off(a.rx, b.rx, ring.rx), off(a.rz, b.rz, ring.rz));
    return off_m <= within_m && off(a.shade ?? 1, b.shade ?? 1, ring.shade ?? 1) <= kShade;
  });
}

function cross(a: Point, b: Point): Point {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
const scaled = (a: Point, by: number): Point => [a[0] * by, a[1] * by, a[2] * by];
const added = (a: Point, b: Point): Point => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
