// What lives has a shape that says what it is: a bus, a tram, a bicycle, a post with a sensor; paint in the colour that means
// "live", and glass, wheels and roof in their own.
import { BufferAttribute, BufferGeometry, Color } from 'three';

export type LiveShape = 'bus' | 'tram' | 'bicycle' | 'sensor';
export const kLiveShapes: readonly LiveShape[] = ['bus', 'tram', 'bicycle', 'sensor'];

/** Length, width and height in metres; forward is −z, as a heading of 0 is north. */
export const kShapeSizes_m: Readonly<Record<LiveShape, readonly [number, number, number]>> = {
  bus: [11, 2.5, 3.1],
  tram: [24, 2.4, 3.4],
  bicycle: [1.8, 0.6, 1.1],
  sensor: [0.7, 0.7, 4.4],
};

const kGlass = new Color('#2c3a44');
const kTrim = new Color('#f4efe6');
const kDark = new Color('#35322e');
const kPost = new Color('#8b8f92');
/** Light from above and from the east, so that faces are told apart without a lamp. */
const kAmbient = 0.72;
const kFromAbove = 0.2;
const kFromEast = 0.08;

/** Which shape a thing has: by its kind, and by what a vehicle says it is. */
export function shape_of(kind: string, vehicle_type: string): LiveShape {
  if (kind === 'SharedVehicle') return 'bicycle';
  if (kind !== 'Vehicle') return 'sensor';
  const type = vehicle_type.toLowerCase();
  if (/tram|rail|train|metro|subway|funicular/.test(type)) return 'tram';
  if (/bicycle|bike|scooter|cargo/.test(type)) return 'bicycle';
  return 'bus';
}

interface Box {
  /** From and to, metres: across, up, along. */
  x: readonly [number, number];
  y: readonly [number, number];
  z: readonly [number, number];
  /** By how much the top is shorter than the bottom at the front and at the back. */
  slope?: readonly [number, number];
  /** By how much the top is narrower on each side. */
  lean?: number;
}

/** Triangles with a colour a corner; faces flat. */
class Solid {
  readonly #corners: number[] = [];
  readonly #colours: number[] = [];

  box({ x, y, z, slope = [0, 0], lean = 0 }: Box, colour: Color): this {
    const [front, back] = slope;
    const low = [[x[0], z[0]], [x[1], z[0]], [x[1], z[1]], [x[0], z[1]]] as const;
    const high = [[x[0] + lean, z[0] + front], [x[1] - lean, z[0] + front], [x[1] - lean, z[1] - back], [x[0] + lean, z[1] - back]] as const;
    const bottom = low.map(([across, along]) => [across, y[0], along]);
    const top = high.map(([across, along]) => [across, y[1], along]);
    for (let i = 0; i < 4; i++) this.#quad(bottom[i]!, top[i]!, top[(i + 1) % 4]!, bottom[(i + 1) % 4]!, colour);
    this.#quad(top[0]!, top[3]!, top[2]!, top[1]!, colour);
    return this;
  }

  /** A wheel or a ring: a flat drum across. */
  drum(at: readonly [number, number, number], radius: number, width: number, colour: Color, sides = 8): this {
    const [x, y, z] = at;
    const rim = (i: number, across: number) => {
      const turn = (i / sides) * 2 * Math.PI;
      return [x + across, y + radius * Math.sin(turn), z + radius * Math.cos(turn)];
    };
    for (let i = 0; i < sides; i++) {
      this.#quad(rim(i, width / 2), rim(i, -width / 2), rim(i + 1, -width / 2), rim(i + 1, width / 2), colour);
      this.#triangle([x + width / 2, y, z], rim(i, width / 2), rim(i + 1, width / 2), colour);
      this.#triangle([x - width / 2, y, z], rim(i + 1, -width / 2), rim(i, -width / 2), colour);
    }
    return this;
  }

  done(): BufferGeometry {
    const made = new BufferGeometry();
    made.setAttribute('position', new BufferAttribute(Float32Array.from(this.#corners), 3));
    made.computeVertexNormals();
    const normals = made.getAttribute('normal');
    const colours = Float32Array.from(this.#colours, (value, i) => {
      const corner = Math.floor(i / 3);
      return value * (kAmbient + kFromAbove * normals.getY(corner) + kFromEast * normals.getX(corner));
    });
    made.setAttribute('color', new BufferAttribute(colours, 3));
    return made;
  }

  #quad(a: readonly number[], b: readonly number[], c: readonly number[], d: readonly number[], colour: Color): void {
    this.#triangle(a, b, c, colour);
    this.#triangle(a, c, d, colour);
  }

  #triangle(a: readonly number[], b: readonly number[], c: readonly number[], colour: Color): void {
    this.#corners.push(...a, ...b, ...c);
    for (let i = 0; i < 3; i++) this.#colours.push(colour.r, colour.g, colour.b);
  }
}

const kWhite = new Color(1, 1, 1);

/** The parts of a shape that are painted, white here, and those that keep their colour; both stand on the ground at the origin. */
export function shape_parts(shape: LiveShape): { paint: BufferGeometry; trim: BufferGeometry } {
  const paint = new Solid();
  const trim = new Solid();
  const [length, width, height] = kShapeSizes_m[shape];
  const across = [-width / 2, width / 2] as const;
  if (shape === 'bus') {
    const along = [-length / 2, length / 2] as const;
    paint.box({ x: across, y: [0.35, 1.35], z: along }, kWhite);
    trim.box({ x: [across[0] + 0.03, across[1] - 0.03], y: [1.35, 2.65], z: [along[0] + 0.03, along[1] - 0.03], slope: [0.25, 0.05] }, kGlass);
    paint.box({ x: across, y: [2.65, 2.85], z: [along[0] + 0.2, along[1]] }, kWhite);
    trim.box({ x: across, y: [2.85, height], z: [along[0] + 0.2, along[1]], slope: [0.3, 0.1], lean: 0.15 }, kTrim);
    for (const z of [-3.4, 3.2]) for (const x of across) trim.drum([x, 0.5, z], 0.5, 0.3, kDark);
  } else if (shape === 'tram') {
    // Three cars with bellows between them; both ends are alike.
    const car = (length - 1) / 3;
    for (let i = 0; i < 3; i++) {
      const z = [-length / 2 + i * (car + 0.5), -length / 2 + i * (car + 0.5) + car] as const;
      const nose = [i === 0 ? 0.5 : 0, i === 2 ? 0.5 : 0] as const;
      paint.box({ x: across, y: [0.3, 1.2], z, slope: [nose[0] / 3, nose[1] / 3] }, kWhite);
      trim.box({ x: [across[0] + 0.03, across[1] - 0.03], y: [1.2, 2.55], z: [z[0] + nose[0] / 3, z[1] - nose[1] / 3], slope: [nose[0], nose[1]] }, kGlass);
      paint.box({ x: across, y: [2.55, 2.8], z: [z[0] + nose[0], z[1] - nose[1]] }, kWhite);
      trim.box({ x: across, y: [2.8, height], z: [z[0] + nose[0], z[1] - nose[1]], slope: [nose[0] + 0.2, nose[1] + 0.2], lean: 0.25 }, kTrim);
      trim.box({ x: [across[0] + 0.2, across[1] - 0.2], y: [0.02, 0.3], z: [z[0] + car / 2 - 1.3, z[0] + car / 2 + 1.3] }, kDark);
      if (i < 2) trim.box({ x: [across[0] + 0.15, across[1] - 0.15], y: [0.4, 2.9], z: [z[1], z[1] + 0.5] }, kDark);
    }
  } else if (shape === 'bicycle') {
    for (const z of [-0.55, 0.55]) trim.drum([0, 0.35, z], 0.35, 0.06, kDark, 10);
    paint.box({ x: [-0.04, 0.04], y: [0.3, 0.38], z: [-0.55, 0.55] }, kWhite);
    paint.box({ x: [-0.04, 0.04], y: [0.38, 0.85], z: [0.1, 0.25], slope: [0.05, -0.05] }, kWhite);
    paint.box({ x: [-0.04, 0.04], y: [0.38, 0.95], z: [-0.5, -0.4], slope: [0.1, -0.1] }, kWhite);
    trim.box({ x: across, y: [0.95, height], z: [-0.42, -0.34] }, kDark);
    trim.box({ x: [-0.1, 0.1], y: [0.85, 0.95], z: [0.05, 0.35] }, kDark);
  } else {
    trim.box({ x: [-0.06, 0.06], y: [0, 3.7], z: [-0.06, 0.06] }, kPost);
    paint.box({ x: across, y: [3.7, height], z: [-length / 2, length / 2], slope: [0.12, 0.12], lean: 0.12 }, kWhite);
    trim.box({ x: [-0.22, 0.22], y: [3.62, 3.7], z: [-0.22, 0.22] }, kDark);
  }
  return { paint: paint.done(), trim: trim.done() };
}
