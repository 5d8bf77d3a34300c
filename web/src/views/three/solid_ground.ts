// What carries a walker and what stops one: the ground and walls of the tiles nearby, searched fast.
import { BufferAttribute, BufferGeometry, Line3, Ray, Vector3, type Mesh } from 'three';
import { CENTER, MeshBVH } from 'three-mesh-bvh';
import { material_name } from './city_materials';
import type { Model } from './model';
import type { LoadedTile } from './tile_stream';

/** Shoulders, and the distance of the eye from a wall, metres. */
export const kBodyRadius_m = 0.35;
/** A kerb or a step of a stair is walked up; a wall is not. */
export const kStepUp_m = 0.55;
/** Nobody walks off an edge that is higher than this. */
export const kStepDown_m = 1.2;
/** Knee-deep: further in, water stops a walker. */
const kWade_m = 0.4;
const kHead_m = 1.75;

interface Solid {
  ground: MeshBVH | null;
  water: MeshBVH | null;
  walls: MeshBVH | null;
}

export class SolidGround {
  readonly #tiles: Model;
  readonly #solids = new Map<LoadedTile, Solid>();
  readonly #ray = new Ray(new Vector3(), new Vector3(0, -1, 0));
  readonly #body = new Line3();
  readonly #on_wall = new Vector3();
  readonly #on_body = new Vector3();

  constructor(tiles: Model) {
    this.#tiles = tiles;
  }

  forget(tile: LoadedTile): void {
    this.#solids.delete(tile);
  }

  /** Highest ground under a point, at most `above_m` over it; null where nothing is loaded. */
  height_at(x: number, y: number, z: number, above_m = kStepUp_m): number | null {
    return this.#drop(x, y + above_m, z, 'ground', true);
  }

  /** The same, only from what is already searched fast: it may be asked in every frame of a flight. */
  known_height_at(x: number, y: number, z: number): number | null {
    return this.#drop(x, y, z, 'ground', false);
  }

  /** How far one comes from a point before a wall or the ground stands in the way, at most `most_m`; only known tiles count. */
  free_way_m(from: Vector3, direction: Vector3, most_m: number): number {
    const ray = new Ray(from.clone(), direction.clone());
    let free_m = most_m;
    for (const solid of this.#around(from.x, from.z, false)) {
      for (const tree of [solid.walls, solid.ground]) {
        const hit = tree?.raycastFirst(ray, 2);
        if (hit && hit.distance < free_m) free_m = hit.distance;
      }
    }
    return free_m;
  }

  /**
   * Takes a walker's feet by a step and answers where they come to stand; walls turn the step along themselves.
   * Null: there is nothing to stand on, too deep an edge, or water.
   */
  walk(feet: Vector3, step_x: number, step_z: number): Vector3 | null {
    const to = new Vector3(feet.x + step_x, feet.y, feet.z + step_z);
    this.#push_out(to);
    const ground = this.height_at(to.x, to.y, to.z);
    if (ground === null || feet.y - ground > kStepDown_m) return null;
    const water = this.#drop(to.x, feet.y + kHead_m, to.z, 'water', true);
    if (water !== null && water - ground > kWade_m) return null;
    to.y = ground;
    return to;
  }

  #drop(x: number, y: number, z: number, kind: 'ground' | 'water', build: boolean): number | null {
    this.#ray.origin.set(x, y, z);
    let best: number | null = null;
    for (const solid of this.#around(x, z, build)) {
      const hit = solid[kind]?.raycastFirst(this.#ray, 2);
      if (hit && (best === null || hit.point.y > best)) best = hit.point.y;
    }
    return best;
  }

  /** Moves an upright body out of walls, sideways only; twice, for corners. */
  #push_out(feet: Vector3): void {
    const body = this.#body;
    const solids = [...this.#around(feet.x, feet.z, true)];
    for (let round = 0; round < 3; round++) {
      let touched = false;
      for (const solid of solids) {
        solid.walls?.shapecast({
          intersectsBounds: (box) => {
            return box.max.y > feet.y + kStepUp_m && box.min.y < feet.y + kHead_m
              && box.max.x > feet.x - kBodyRadius_m && box.min.x < feet.x + kBodyRadius_m
              && box.max.z > feet.z - kBodyRadius_m && box.min.z < feet.z + kBodyRadius_m;
          },
          intersectsTriangle: (triangle) => {
            body.start.set(feet.x, feet.y + kStepUp_m + kBodyRadius_m, feet.z);
            body.end.set(feet.x, feet.y + kHead_m - kBodyRadius_m, feet.z);
            const distance = triangle.closestPointToSegment(body, this.#on_wall, this.#on_body);
            if (distance >= kBodyRadius_m - 1e-4) return false;
            const away = this.#on_body.sub(this.#on_wall);
            away.y = 0;
            if (away.lengthSq() < 1e-8) triangle.getNormal(away).setY(0);
            if (away.lengthSq() < 1e-8) return false;
            away.setLength(kBodyRadius_m - distance);
            feet.add(away);
            touched = true;
            return false;
          },
        });
      }
      if (!touched) return;
    }
  }

  /** Tiles on show whose box holds a point's surroundings. */
  *#around(x: number, z: number, build: boolean): Generator<Solid> {
    const seen = new Set<LoadedTile>();
    for (const [mesh, tile] of this.#tiles.visible_meshes()) {
      if (seen.has(tile)) continue;
      const sphere = mesh.geometry.boundingSphere ?? (mesh.geometry.computeBoundingSphere(), mesh.geometry.boundingSphere!);
      const centre = sphere.center.clone().applyMatrix4(mesh.matrixWorld);
      const radius = sphere.radius * mesh.matrixWorld.getMaxScaleOnAxis() + kBodyRadius_m;
      if ((centre.x - x) ** 2 + (centre.z - z) ** 2 > radius * radius) continue;
      seen.add(tile);
      const solid = build ? this.#solid_of(tile) : this.#solids.get(tile);
      if (solid !== undefined) yield solid;
    }
  }

  #solid_of(tile: LoadedTile): Solid {
    let solid = this.#solids.get(tile);
    if (solid === undefined) {
      const of = (name: string) => tree_of(tile.meshes.filter((mesh) => material_name(mesh) === name));
      solid = { ground: of('ground'), water: of('water'), walls: of('wall') };
      this.#solids.set(tile, solid);
    }
    return solid;
  }
}

/** One search tree over meshes, in scene axes. */
function tree_of(meshes: Mesh[]): MeshBVH | null {
  const vertices = meshes.reduce((sum, mesh) => sum + mesh.geometry.getAttribute('position').count, 0);
  if (vertices === 0) return null;
  const positions = new Float32Array(vertices * 3);
  const corners: number[] = [];
  const point = new Vector3();
  let first = 0;
  for (const mesh of meshes) {
    const position = mesh.geometry.getAttribute('position');
    for (let i = 0; i < position.count; i++) {
      point.fromBufferAttribute(position, i).applyMatrix4(mesh.matrixWorld).toArray(positions, (first + i) * 3);
    }
    const index = mesh.geometry.index;
    const count = index === null ? position.count : index.count;
    for (let i = 0; i < count; i++) corners.push(first + (index === null ? i : index.getX(i)));
    first += position.count;
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(Uint32Array.from(corners), 1));
  return new MeshBVH(geometry, { strategy: CENTER });
}
