// All figures of the picture: a row of bones and colours a person in one texture, and a mesh a piece that draws everybody who wears it.
import {
  Color, DataTexture, DynamicDrawUsage, FloatType, Frustum, Group, InstancedBufferAttribute, Matrix4, Mesh, NearestFilter, RGBAFormat, Sphere,
  Vector3, type InstancedBufferGeometry, type PerspectiveCamera, type ShaderMaterial,
} from 'three';
import { kCloth, kHair, kSkin, value_name, type WholeLook } from '../../../avatars/look';
import { kOrder, type CityMaterials } from '../city_materials';
import { kFadingFragment } from '../city_shader';
import { piece_geometry, pieces_of } from './figure_pieces';
import { FigurePose, stands_tall_m, type Posture } from './figure_pose';
import { kBoneTexels, kFadingFigureVertex, kFigureVertex, kTexels } from './figure_shader';

/** More people than this are never in one picture; the node tells of fewer. */
export const kFiguresMax = 512;
const kRows_start = 64;
/** A piece's mesh begins with room for so many wearers. */
const kWearers_start = 16;
/** Height on the screen, pixels, from which each detail is drawn; below the last nobody is. */
const kDetail_px = [
  [220, 60, 20, 1.5],
  [260, 60, 20, 2],
] as const;
/** On the weakest machines only so many are drawn in full. */
const kFullMax_weak = 4;

export interface Figure {
  readonly posture: Posture;
  readonly look: WholeLook;
  /** Distance of the eye at the last picture, metres; infinite where the figure was not in it. */
  seen_m: number;
  /** Set by whoever changes the posture. */
  changed: boolean;
  /** Left out of the picture for now. */
  hidden: boolean;
  /** How much of the body is shown: 1 all of it, less while it fades. */
  here: number;
}

interface Row extends Figure {
  row: number;
  /** As written for the shader. */
  here_written: number;
  dressed: Map<number, string[]>;
}

interface Piece {
  mesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  wearers: InstancedBufferAttribute;
  count: number;
}

export class Figures {
  readonly group = new Group();
  readonly #solid: ShaderMaterial;
  readonly #fading: ShaderMaterial;
  readonly #rows = new Set<Row>();
  readonly #free: number[] = [];
  readonly #pieces = new Map<string, Piece>();
  readonly #pose = new FigurePose();
  readonly #frustum = new Frustum();
  readonly #matrix = new Matrix4();
  readonly #sphere = new Sphere(new Vector3(), 1.3);
  readonly #u_people = { value: null as DataTexture | null };
  #data = new Float32Array(0);
  #texture_stale = false;

  constructor(materials: CityMaterials) {
    const uniforms = { u_people: this.#u_people };
    this.#solid = materials.solid_with(kFigureVertex, uniforms);
    this.#fading = materials.solid_with(kFadingFigureVertex, uniforms, kFadingFragment);
    this.#grow(kRows_start);
  }

  get count(): number {
    return this.#rows.size;
  }
  /** Triangles of the last picture. */
  get triangles(): number {
    let sum = 0;
    for (const { mesh, count } of this.#pieces.values()) sum += (mesh.geometry.index!.count / 3) * count;
    return sum;
  }

  /** Null when there is no room. */
  add(posture: Posture, look: WholeLook): Figure | null {
    if (this.#free.length === 0) {
      if (this.#data.length / 4 / kTexels >= kFiguresMax) return null;
      this.#grow((this.#data.length / 4 / kTexels) * 2);
    }
    const row: Row = { posture, look, seen_m: Infinity, changed: true, hidden: false, here: 1, row: this.#free.pop()!, here_written: 1, dressed: new Map() };
    this.#rows.add(row);
    this.#write_colours(row);
    return row;
  }

  remove(figure: Figure): void {
    const row = figure as Row;
    if (this.#rows.delete(row)) this.#free.push(row.row);
  }

  /** Chooses who is drawn and how finely, and brings the bones of those up to date. `height_px`: of the drawing. */
  update(camera: PerspectiveCamera, height_px: number, weak: boolean): void {
    this.#frustum.setFromProjectionMatrix(this.#matrix.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse));
    const eye = this.#sphere.center.setFromMatrixPosition(camera.matrixWorld).clone();
    const px_m = height_px / (2 * Math.tan((camera.fov * Math.PI) / 360));
    for (const piece of this.#pieces.values()) piece.count = 0;
    let full = 0;
    const rows = [...this.#rows];
    for (const row of rows) row.seen_m = this.#is_in_view(row) ? Math.max(0.3, eye.distanceTo(row.posture.feet)) : Infinity;
    // The nearest first: they are the ones that may be drawn in full.
    rows.sort((a, b) => a.seen_m - b.seen_m);
    for (const row of rows) {
      if (row.seen_m === Infinity) break;
      const tall_px = (stands_tall_m(row.look) * px_m) / row.seen_m;
      let detail = kDetail_px[weak ? 0 : 1].findIndex((least) => tall_px >= least);
      if (detail < 0) {
        row.seen_m = Infinity;
        continue;
      }
      if (detail === 0 && weak && ++full > kFullMax_weak) detail = 1;
      if (row.changed) this.#write_bones(row);
      if (row.here !== row.here_written) this.#write_here(row);
      for (const name of this.#dressed(row, detail)) this.#wear(name, detail, row);
    }
    for (const piece of this.#pieces.values()) {
      piece.mesh.visible = piece.count > 0;
      piece.mesh.geometry.instanceCount = piece.count;
      if (piece.count > 0) piece.wearers.needsUpdate = true;
    }
    if (this.#texture_stale) this.#u_people.value!.needsUpdate = true;
    this.#texture_stale = false;
  }

  dispose(): void {
    for (const { mesh } of this.#pieces.values()) mesh.geometry.dispose();
    this.#u_people.value?.dispose();
    this.#pieces.clear();
    this.#rows.clear();
  }

  #is_in_view(row: Row): boolean {
    if (row.hidden) return false;
    this.#sphere.center.copy(row.posture.feet).y += 0.9;
    return this.#frustum.intersectsSphere(this.#sphere);
  }

  #dressed(row: Row, detail: number): string[] {
    const key = detail * 2 + (row.posture.seated ? 1 : 0);
    let pieces = row.dressed.get(key);
    if (pieces === undefined) row.dressed.set(key, (pieces = pieces_of(row.look, row.posture.seated, detail)));
    return pieces;
  }

  #wear(name: string, detail: number, { row, here }: Row): void {
    const fades = here < 1;
    const key = `${fades ? 'fading ' : ''}${detail}.${name}`;
    let piece = this.#pieces.get(key);
    if (piece === undefined) {
      const geometry = piece_geometry(name, detail);
      const mesh = new Mesh(geometry, fades ? this.#fading : this.#solid);
      mesh.frustumCulled = false;
      mesh.renderOrder = kOrder.solid;
      mesh.raycast = () => {};
      mesh.matrixAutoUpdate = false;
      piece = { mesh, wearers: room_for(kWearers_start, geometry), count: 0 };
      this.#pieces.set(key, piece);
      this.group.add(mesh);
    }
    if (piece.count === piece.wearers.count) {
      const more = room_for(piece.count * 2, piece.mesh.geometry);
      more.array.set(piece.wearers.array);
      piece.wearers = more;
    }
    piece.wearers.array[piece.count++] = row;
  }

  #write_bones(row: Row): void {
    row.changed = false;
    this.#pose.write(row.posture, row.look, this.#data, row.row * kTexels * 4);
    this.#texture_stale = true;
  }

  #write_here(row: Row): void {
    row.here_written = row.here;
    this.#data[(row.row * kTexels + kBoneTexels) * 4 + 3] = row.here;
    this.#texture_stale = true;
  }

  #write_colours({ look, row }: Row): void {
    const dog = value_name(look, 'companion') === 'cat' ? 0x4a4744 : value_name(look, 'companion') === 'guide_dog' ? 0xc9a877 : 0x8a6243;
    const skin = new Color(kSkin[look.skin]);
    const deep = skin.g < 0.08;
    // On deep skin eyes and smile would vanish in the shade: a light rim and a warmer mouth keep the face friendly.
    const lips = deep ? skin.clone().lerp(new Color(0xb5705f), 0.45) : skin.clone().multiply(new Color(0.46, 0.3, 0.28));
    const rim = deep ? new Color(0xa89a8c) : skin;
    const chosen = [kHair[look.hair_colour], kCloth[look.top], kCloth[look.bottom], kCloth[look.accent], 0x3b3a3c, dog];
    const colours = [skin, ...chosen.map((one) => new Color(one)), lips, rim];
    colours.forEach((colour, i) => colour.toArray(this.#data, (row * kTexels + kBoneTexels + i) * 4));
    this.#texture_stale = true;
  }

  #grow(rows: number): void {
    const before = this.#data;
    this.#data = new Float32Array(rows * kTexels * 4);
    this.#data.set(before);
    for (let row = rows - 1; row >= before.length / 4 / kTexels; row--) this.#free.push(row);
    this.#u_people.value?.dispose();
    const texture = new DataTexture(this.#data, kTexels, rows, RGBAFormat, FloatType);
    texture.minFilter = texture.magFilter = NearestFilter;
    this.#u_people.value = texture;
    this.#texture_stale = true;
  }
}

function room_for(wearers: number, geometry: InstancedBufferGeometry): InstancedBufferAttribute {
  const attribute = new InstancedBufferAttribute(new Float32Array(wearers), 1);
  attribute.setUsage(DynamicDrawUsage);
  geometry.setAttribute('person', attribute);
  return attribute;
}

