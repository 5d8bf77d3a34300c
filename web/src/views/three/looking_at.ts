// Which city objects the picture shows: the one under a finger, and all that stand in view, for the list in the DOM.
import {
  Box3, BufferAttribute, BufferGeometry, Frustum, Matrix4, Mesh, Raycaster, ShaderMaterial, Vector3, type Intersection,
  type Object3D, type PerspectiveCamera, type Vector2, type Vector4,
} from 'three';
import { kOrder, material_name } from './city_materials';
import { kTintFragment, kTintVertex } from './city_shader';
import { feature_column, row_of_triangle, triangles_of, type Feature } from './features';
import type { Model } from './model';
import type { LoadedTile } from './tile_stream';

/** Objects farther than this are seen as the city, not one by one. */
const kSeen_m_max = 1500;

/** What can be selected; bare ground, pavements and the pieces of a building lead to nothing of their own. */
const kSelectable = new Set<Feature['kind']>(['building', 'building_part', 'street', 'rail', 'water', 'green', 'land_use', 'paved', 'bridge', 'place', 'stop', 'tree', 'area', 'barrier']);
/** In the list stand the objects that have a name, and buildings. */
const kListed = new Set<Feature['kind']>(['building', 'bridge', 'place', 'stop']);

export interface Picked {
  feature: Feature;
  point: Vector3;
}

/** An object's box in scene axes, gathered from its triangles. */
interface Placed {
  feature: Feature;
  middle: Vector3;
}

export class LookingAt {
  readonly #tiles: Model;
  readonly #ray = new Raycaster();
  readonly #placed = new WeakMap<LoadedTile, Placed[]>();

  constructor(tiles: Model) {
    this.#tiles = tiles;
  }

  /** The object under a point of the picture (−1 to 1 both ways), or nothing. */
  under(at: Vector2, camera: PerspectiveCamera): Picked | null {
    this.#ray.setFromCamera(at, camera);
    return this.#nearest((feature) => kSelectable.has(feature.kind));
  }

  /** Where a ray meets the city at all. */
  meets(from: Vector3, direction: Vector3): Vector3 | null {
    this.#ray.set(from, direction);
    return this.#hits()[0]?.point ?? null;
  }

  #hits(): Intersection[] {
    const found: Intersection[] = [];
    for (const [mesh] of this.#tiles.visible_meshes()) if (mesh.visible) this.#ray.intersectObject(mesh, false, found);
    return found.sort((a, b) => a.distance - b.distance);
  }

  #nearest(wanted: (feature: Feature) => boolean): Picked | null {
    for (const hit of this.#hits()) {
      const mesh = hit.object as Mesh;
      const tile = [...this.#tiles.visible_meshes()].find(([one]) => one === mesh)?.[1];
      const row = hit.instanceId !== undefined ? instance_row(mesh, hit.instanceId) : row_of_triangle(mesh.geometry, hit.faceIndex ?? 0);
      const feature = row === null ? null : (tile?.features?.at(row) ?? null);
      if (feature === null || !wanted(feature)) return null;
      return { feature, point: hit.point };
    }
    return null;
  }

  /** Objects in the picture, nearest first, each once. */
  seen(camera: PerspectiveCamera, count_max: number): { feature: Feature; middle: Vector3; distance_m: number }[] {
    const frustum = new Frustum().setFromProjectionMatrix(
      new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse));
    const by_id = new Map<string, { feature: Feature; middle: Vector3; distance_m: number }>();
    const tiles = new Set<LoadedTile>();
    for (const [, tile] of this.#tiles.visible_meshes()) tiles.add(tile);
    for (const tile of tiles) {
      for (const { feature, middle } of this.#objects_of(tile)) {
        const distance_m = Math.hypot(middle.x - camera.position.x, middle.z - camera.position.z);
        if (distance_m > kSeen_m_max + camera.position.y || !frustum.containsPoint(middle)) continue;
        const known = by_id.get(feature.id);
        if (known === undefined || known.distance_m > distance_m) by_id.set(feature.id, { feature, middle, distance_m });
      }
    }
    return [...by_id.values()].sort((a, b) => a.distance_m - b.distance_m).slice(0, count_max);
  }

  #objects_of(tile: LoadedTile): Placed[] {
    let placed = this.#placed.get(tile);
    if (placed === undefined) {
      placed = gather(tile);
      this.#placed.set(tile, placed);
    }
    return placed;
  }
}

function gather(tile: LoadedTile): Placed[] {
  const features = tile.features;
  if (features === null) return [];
  const boxes = new Map<number, Box3>();
  const point = new Vector3();
  for (const mesh of tile.meshes) {
    const column = feature_column(mesh.geometry);
    if (column === null || material_name(mesh) === 'tree') continue;
    const position = mesh.geometry.getAttribute('position');
    for (let i = 0; i < position.count; i++) {
      const row = column.getX(i);
      if (row >= features.count) continue;
      let box = boxes.get(row);
      if (box === undefined) boxes.set(row, (box = new Box3()));
      box.expandByPoint(point.fromBufferAttribute(position, i).applyMatrix4(mesh.matrixWorld));
    }
  }
  const placed: Placed[] = [];
  for (const [row, box] of boxes) {
    const feature = features.at(row);
    if (feature === null || !kSelectable.has(feature.kind)) continue;
    if (feature.name === '' && !kListed.has(feature.kind)) continue;
    placed.push({ feature, middle: box.getCenter(new Vector3()) });
  }
  return placed;
}

function instance_row(mesh: Mesh, instance: number): number | null {
  const column = feature_column(mesh.geometry);
  return column === null || instance >= column.count ? null : column.getX(instance);
}

/** Tints the triangles of one object in every tile that shows it. */
export class Tint {
  readonly #group: Object3D;
  readonly #material: ShaderMaterial;
  readonly #meshes: Mesh[] = [];
  #id: string | null = null;

  constructor(group: Object3D, colour: Vector4, order: number) {
    this.#group = group;
    this.#material = new ShaderMaterial({
      uniforms: { u_tint: { value: colour } }, vertexShader: kTintVertex, fragmentShader: kTintFragment,
      transparent: true, depthWrite: false, polygonOffset: true, polygonOffsetFactor: -1, polygonOffsetUnits: -2,
    });
    this.#material.userData['order'] = order;
  }

  get id(): string | null {
    return this.#id;
  }

  /** True: the picture has changed. */
  show(id: string | null, tiles: Model): boolean {
    if (id === this.#id) return false;
    this.#id = id;
    return this.refresh(tiles);
  }

  /** After tiles came or went. */
  refresh(tiles: Model): boolean {
    const had = this.#meshes.length > 0;
    this.#clear();
    if (this.#id === null) return had;
    for (const [mesh, tile] of tiles.visible_meshes()) {
      if (tile.features === null || material_name(mesh) === 'tree') continue;
      for (const row of tile.features.rows_of(this.#id)) this.#add(mesh, row);
    }
    return had || this.#meshes.length > 0;
  }

  #add(mesh: Mesh, row: number): void {
    const corners = triangles_of(mesh.geometry, row);
    if (corners.length === 0) return;
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', mesh.geometry.getAttribute('position'));
    geometry.setIndex(new BufferAttribute(corners, 1));
    const tint = new Mesh(geometry, this.#material);
    tint.matrixAutoUpdate = false;
    tint.matrix.copy(mesh.matrixWorld);
    tint.frustumCulled = false;
    tint.renderOrder = kOrder.tint + (this.#material.userData['order'] as number);
    tint.raycast = () => {};
    this.#group.add(tint);
    this.#meshes.push(tint);
  }

  #clear(): void {
    for (const mesh of this.#meshes) {
      // Only the index is this one's own; the vertices belong to the tile.
      mesh.geometry.deleteAttribute('position');
      mesh.geometry.dispose();
      this.#group.remove(mesh);
    }
    this.#meshes.length = 0;
  }

  dispose(): void {
    this.#clear();
    this.#material.dispose();
  }
}
