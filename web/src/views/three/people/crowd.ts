// People who are known only as a number on a square of the ground: figures of plain card, spread over it, with no name and no face.
import { BufferAttribute, InstancedMesh, Matrix4, type ShaderMaterial, type InstancedBufferGeometry, Vector3 } from 'three';
import type { Crowd } from '../../../people/people';
import { kOrder, type CityMaterials } from '../city_materials';
import { kSolidVertex } from '../city_shader';
import { piece_geometry } from './figure_pieces';

/** More than this are felt as a crowd anyway. */
const kShownMax = 400;
const kShownOfCellMax = 48;
const kCard = [0.8, 0.77, 0.71] as const;

/** The n-th place of a square, spread evenly and the same for everybody. Source: Roberts 2018, the R2 sequence. */
export function place_in(crowd: Crowd, n: number): { x_m: number; y_m: number } {
  const seed = Math.abs(Math.sin(crowd.x_m * 12.9898 + crowd.y_m * 78.233)) * 43758.5453;
  const part = (step: number): number => (seed + (n + 1) * step) % 1;
  return { x_m: crowd.x_m + crowd.size_m * part(0.7548776662), y_m: crowd.y_m + crowd.size_m * part(0.5698402909) };
}

export class CrowdFigures {
  readonly mesh: InstancedMesh<InstancedBufferGeometry, ShaderMaterial>;
  readonly #matrix = new Matrix4();
  #shown: readonly Crowd[] | null = null;

  constructor(materials: CityMaterials) {
    const geometry = piece_geometry('pawn', 3);
    const count = geometry.getAttribute('position').count;
    const colours = new Float32Array(count * 4);
    for (let i = 0; i < count; i++) colours.set([...kCard, 1], i * 4);
    geometry.setAttribute('color', new BufferAttribute(colours, 4));
    this.mesh = new InstancedMesh(geometry, materials.solid_with(kSolidVertex, {}), kShownMax);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = kOrder.solid;
    this.mesh.raycast = () => {};
    this.mesh.count = 0;
  }

  /** Stands them where `stand` puts a place of the plane in the scene; null: nobody can stand there. True: the picture has changed. */
  show(crowds: readonly Crowd[], stand: (x_m: number, y_m: number) => Vector3 | null): boolean {
    if (crowds === this.#shown) return false;
    this.#shown = crowds;
    let shown = 0;
    for (const crowd of crowds) {
      for (let n = 0; n < Math.min(crowd.count, kShownOfCellMax) && shown < kShownMax; n++) {
        const { x_m, y_m } = place_in(crowd, n);
        const at = stand(x_m, y_m);
        if (at === null) continue;
        this.#matrix.makeRotationY(n * 2.4).setPosition(at);
        this.mesh.setMatrixAt(shown++, this.#matrix);
      }
    }
    const changed = shown > 0 || this.mesh.count > 0;
    this.mesh.count = shown;
    this.mesh.visible = shown > 0;
    this.mesh.instanceMatrix.needsUpdate = true;
    return changed;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.dispose();
  }
}
