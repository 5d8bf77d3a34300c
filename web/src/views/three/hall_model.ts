// A hall, as the city's model would have it: a floor of pale slabs within walls of white card under the same sun, and the door back.
import { BoxGeometry, BufferAttribute, BufferGeometry, CircleGeometry, Color, Group, Mesh, MeshBasicMaterial, PerspectiveCamera, type Camera } from 'three';
import type { Room, ViewContext } from '../../lib/view';
import type { CityMaterials } from './city_materials';
import { kFeatureAttribute, type Feature } from './features';
import { hall_slabs } from './hall_slabs';
import type { Features, Model, ModelEvents } from './model';
import { Label, style_of_page } from './people/labels';
import type { LoadedTile } from './tile_stream';

/** What is selected when somebody takes the door in the picture. */
export const kHallDoor = 'hall-door';

const kWall_m = 3;
const kThick_m = 0.4;
/** The ground around lies this much lower: the walls have a foot. */
const kFoot_m = 0.15;
const kAround_m = 3000;
/** A coping on the walls, and pilasters along them: something for the eye to measure by. */
const kCoping_m = 0.14;
const kBay_m = 5;
const kPilaster_m = 0.4;
const kProud_m = 0.07;
const kDoorWide_m = 1.4;
const kDoorHigh_m = 2.2;
const kFrame_m = 0.12;
const kOverDoor_m = 0.2;
/** sRGB: card, slabs and the ground of the city's model, and timber. */
const kCard = 0xf2ece2;
const kRoof = 0xd8cfc2;
const kGround = 0xd9d4cb;
const kTimber = 0x9a7248;
const kLeaf = 0xb58a5c;
/** Light that is left where a wall meets the floor. */
const kCorner = 0.72;

/** The door is the one object: it has no name in the list, where the way back stands by itself. */
const kDoorFeature: Feature = { id: kHallDoor, kind: 'barrier', name: '', use: '' };
const kFeatures: Features = {
  count: 1,
  rows_of: (id) => (id === kHallDoor ? [0] : []),
  at: (row) => (row === 0 ? kDoorFeature : null),
};

export class HallModel implements Model {
  readonly group = new Group();
  readonly visible_tiles = 1;
  error_target_px = 0;
  coarsest_only = false;
  readonly #tile: LoadedTile;
  readonly #sign: Label;
  readonly #door_at: readonly [number, number, number];
  readonly #stops: (() => void)[];

  constructor(room: Room, context: ViewContext, materials: CityMaterials, events: ModelEvents) {
    const [west, south, east] = room.bounds_m;
    this.#door_at = [(west + east) / 2, kDoorHigh_m + kOverDoor_m, -south - 0.3];
    const walls = mesh_of(walls_around(room.bounds_m), 'roof');
    const floor = mesh_of(hall_slabs(room.bounds_m), 'ground');
    const door = mesh_of(door_in((west + east) / 2, -south), 'roof');
    const pilasters = mesh_of(pilasters_along(room.bounds_m), 'roof');
    door.geometry.setAttribute(kFeatureAttribute, new BufferAttribute(new Uint8Array(door.geometry.getAttribute('position').count), 1));
    const around = mesh_of([painted(new CircleGeometry(kAround_m, 64).rotateX(-Math.PI / 2).translate(0, -kFoot_m, 0), () => new Color(kGround))], 'ground');
    const meshes = [floor, walls, door, pilasters];
    for (const mesh of [...meshes, around]) materials.dress(mesh, null);
    // Walls that stop walkers, without the windows that the city's walls have at night.
    walls.userData['material'] = 'wall';
    this.group.add(...meshes, around);
    this.group.updateMatrixWorld(true);
    this.#tile = { scene: this.group, features: kFeatures, meshes };
    this.#sign = new Label(this.group);
    const write = (): void => {
      const plain = { more: '', is_verified: false, is_friend: false, is_speaking: false, lang: context.words.language };
      this.#sign.say({ ...plain, kind: 'name', text: context.words.say('people.to_city') }, style_of_page(context.words.direction));
      events.changed();
    };
    this.#stops = [context.words.subscribe(write), context.theme.subscribe(() => requestAnimationFrame(write))];
    write();
    // Whoever opened this has it in hand by then.
    queueMicrotask(() => {
      events.known();
      events.loaded(this.#tile);
    });
  }

  stand_at(): void {}

  update([camera, , height_px]: [camera: Camera, width_px: number, height_px: number]): void {
    const [x, y, z] = this.#door_at;
    if (camera instanceof PerspectiveCamera) this.#sign.stand(x, y, z, 0, camera, height_px / Math.min(2, devicePixelRatio));
  }

  *visible_meshes(): Generator<[Mesh, LoadedTile]> {
    for (const mesh of this.#tile.meshes) yield [mesh, this.#tile];
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.#sign.dispose();
    this.group.traverse((one) => one instanceof Mesh && one.geometry.dispose());
  }
}

/** Scene axes: x east, y up, z south. Inner faces stand on the bounds. */
function walls_around([west, south, east, north]: Room['bounds_m']): BufferGeometry[] {
  const [wide, deep] = [east - west, north - south];
  const [x, z] = [(west + east) / 2, -(south + north) / 2];
  const half = kThick_m / 2;
  const along_x = [-north - half, -south + half].flatMap((at) => wall(wide + 2 * kThick_m, kThick_m, x, at));
  const along_z = [west - half, east + half].flatMap((at) => wall(kThick_m, deep, at, z));
  return [...along_x, ...along_z];
}

function wall(wide: number, deep: number, x: number, z: number): BufferGeometry[] {
  const pieces = [Math.max(1, Math.round(wide / 4)), 3, Math.max(1, Math.round(deep / 4))] as const;
  const box = new BoxGeometry(wide, kWall_m + kFoot_m, deep, ...pieces).translate(x, (kWall_m - kFoot_m) / 2, z);
  const coping = new BoxGeometry(wide + 2 * kProud_m, kCoping_m, deep + 2 * kProud_m).translate(x, kWall_m + kCoping_m / 2, z);
  return [shaded(box), painted(coping, () => new Color(kRoof))];
}

/** They stand before the walls, where a body never comes; none before the door. */
function pilasters_along([west, south, east, north]: Room['bounds_m']): BufferGeometry[] {
  const [x, z] = [(west + east) / 2, -(south + north) / 2];
  const at = (to_x: number, to_z: number, wide: number, deep: number): BufferGeometry =>
    shaded(new BoxGeometry(wide, kWall_m, deep, 1, 3, 1).translate(to_x, kWall_m / 2, to_z));
  const in_bays = (half_m: number): number[] => {
    const bays = Math.max(1, Math.round((2 * half_m) / kBay_m));
    return Array.from({ length: bays - 1 }, (_, i) => -half_m + ((i + 1) * 2 * half_m) / bays);
  };
  const aside = in_bays((east - west) / 2);
  return [
    ...aside.map((to) => at(x + to, -north, kPilaster_m, 2 * kProud_m)),
    ...aside.filter((to) => Math.abs(to) > kDoorWide_m).map((to) => at(x + to, -south, kPilaster_m, 2 * kProud_m)),
    ...in_bays((north - south) / 2).flatMap((to) => [west, east].map((side) => at(side, z + to, 2 * kProud_m, kPilaster_m))),
  ];
}

/** Card, darker at its foot. */
const shaded = (geometry: BufferGeometry): BufferGeometry =>
  painted(geometry, (_x, y) => new Color(kCard).multiplyScalar(kCorner + (1 - kCorner) * Math.min(1, Math.max(0, y))));

/** A leaf in a frame of timber, before the wall. */
function door_in(x: number, z: number): BufferGeometry[] {
  const piece = (wide: number, high: number, deep: number, to_x: number, to_y: number, colour: number): BufferGeometry =>
    painted(new BoxGeometry(wide, high, deep).translate(x + to_x, to_y, z - deep / 2), () => new Color(colour));
  const post = (side: number): BufferGeometry =>
    piece(kFrame_m, kDoorHigh_m, kFrame_m, side * (kDoorWide_m + kFrame_m) / 2, kDoorHigh_m / 2, kTimber);
  return [
    piece(kDoorWide_m, kDoorHigh_m, 0.04, 0, kDoorHigh_m / 2, kLeaf),
    post(-1),
    post(1),
    piece(kDoorWide_m + 2 * kFrame_m, kFrame_m, kFrame_m, 0, kDoorHigh_m + kFrame_m / 2, kTimber),
    piece(0.04, 0.3, 0.1, kDoorWide_m / 2 - 0.15, 1.05, kTimber),
  ];
}

type Painter = (x: number, y: number, z: number) => Color;

/** Linear light a vertex, as the tiles have it. */
function painted(geometry: BufferGeometry, colour_at: Painter): BufferGeometry {
  const position = geometry.getAttribute('position');
  const bytes = new Uint8Array(position.count * 4).fill(255);
  for (let i = 0; i < position.count; i++) {
    const { r, g, b } = colour_at(position.getX(i), position.getY(i), position.getZ(i));
    bytes.set([r * 255, g * 255, b * 255], i * 4);
  }
  geometry.setAttribute('color', new BufferAttribute(bytes, 4, true));
  return geometry;
}

/** One mesh of pieces, in the material of the tiles that has this name. */
function mesh_of(pieces: readonly BufferGeometry[], material: string): Mesh {
  const count = pieces.reduce((sum, piece) => sum + piece.getAttribute('position').count, 0);
  const geometry = new BufferGeometry();
  const positions = new Float32Array(count * 3);
  const normals = new Float32Array(count * 3);
  const colours = new Uint8Array(count * 4);
  const corners: number[] = [];
  let first = 0;
  for (const piece of pieces) {
    positions.set(piece.getAttribute('position').array, first * 3);
    normals.set(piece.getAttribute('normal').array, first * 3);
    colours.set(piece.getAttribute('color').array, first * 4);
    for (const corner of piece.index!.array) corners.push(first + corner);
    first += piece.getAttribute('position').count;
    piece.dispose();
  }
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(normals, 3));
  geometry.setAttribute('color', new BufferAttribute(colours, 4, true));
  geometry.setIndex(corners);
  return new Mesh(geometry, new MeshBasicMaterial({ name: material }));
}
