// What people put down, in the picture: five simple shapes of card, a mesh a shape, with the words that stand on them.
import { BufferAttribute, Group, InstancedMesh, Matrix4, Ray, Sphere, Vector3, type InstancedBufferGeometry, type PerspectiveCamera, type ShaderMaterial } from 'three';
import type { SharedObject } from '../../../people/people';
import { shape_of, type Shape } from '../../../people/shared_objects';
import { kOrder, type CityMaterials } from '../city_materials';
import { kSolidVertex } from '../city_shader';
import { FigureMesh, kDetails, type Paint } from './figure_mesh';
import { Label, type Sign, type SignStyle } from './labels';

/** The node lists no more. */
const kShownMax = 100;
/** Words are read from as near as this. */
const kWords_m = 20;
const kWordsMax = 12;

type Tint = readonly [number, number, number];
const kWood: Tint = [0.52, 0.36, 0.2];
const kLeg: Tint = [0.3, 0.24, 0.18];
const paint = (tint: Tint): Paint => ({ role: 'own', tint });

function legs(mesh: FigureMesh, half_x: number, half_z: number, up: number): void {
  for (const x of [-half_x, half_x]) for (const z of [-half_z, half_z]) mesh.tube([x, 0, z], [x, up, z], 0.025, paint(kLeg), 'ground', 6);
}

/** How tall each is, metres; each stands on its foot. */
const kTall_m: Record<Shape, number> = { ball: 0.3, box: 0.45, chair: 0.9, table: 0.75, sign: 1.35 };
const kBuild: Record<Shape, (mesh: FigureMesh) => void> = {
  ball: (mesh) => mesh.ball([0, 0.15, 0], [0.15, 0.15, 0.15], paint([0.75, 0.16, 0.1]), 'ground', 8),
  box: (mesh) => mesh.board([0, 0.225, 0], [0.25, 0.225, 0.25], paint([0.62, 0.47, 0.28]), 'ground'),
  chair: (mesh) => {
    legs(mesh, 0.19, 0.19, 0.44);
    mesh.board([0, 0.45, 0], [0.22, 0.02, 0.22], paint(kWood), 'ground');
    mesh.board([0, 0.7, 0.2], [0.22, 0.2, 0.02], paint(kWood), 'ground');
  },
  table: (mesh) => {
    legs(mesh, 0.5, 0.3, 0.72);
    mesh.board([0, 0.735, 0], [0.6, 0.02, 0.4], paint(kWood), 'ground');
  },
  sign: (mesh) => {
    mesh.tube([0, 0, 0], [0, 1, 0], 0.03, paint(kLeg), 'ground', 6);
    // Two boards across each other: from no side is it a mere edge.
    mesh.board([0, 1.1, 0], [0.4, 0.25, 0.02], paint([0.85, 0.82, 0.75]), 'ground');
    mesh.board([0, 1.1, 0], [0.02, 0.25, 0.4], paint([0.85, 0.82, 0.75]), 'ground');
  },
};

function geometry_of(shape: Shape): InstancedBufferGeometry {
  const mesh = new FigureMesh(kDetails[1]!);
  kBuild[shape](mesh);
  const geometry = mesh.geometry();
  const colours = new Float32Array(mesh.points * 4);
  for (let i = 0; i < mesh.points; i++) colours.set([...mesh.colours.slice(i * 3, i * 3 + 3), 1], i * 4);
  geometry.setAttribute('color', new BufferAttribute(colours, 4));
  return geometry;
}

interface Shown {
  one: SharedObject;
  foot: Vector3;
  label: Label | null;
}

export class SharedFigures {
  readonly group = new Group();
  readonly #material: ShaderMaterial;
  readonly #meshes = new Map<Shape, InstancedMesh<InstancedBufferGeometry, ShaderMaterial>>();
  readonly #matrix = new Matrix4();
  readonly #ray = new Ray();
  readonly #ball = new Sphere();
  #shown: Shown[] = [];

  constructor(materials: CityMaterials) {
    this.#material = materials.solid_with(kSolidVertex, {});
  }

  /** Stands them where `stand` puts a place of the plane in the scene. */
  show(objects: Iterable<SharedObject>, stand: (at: SharedObject['at']) => Vector3): void {
    const before = new Map(this.#shown.map((shown) => [shown.one.object, shown]));
    this.#shown = [];
    for (const mesh of this.#meshes.values()) mesh.count = 0;
    for (const one of objects) {
      if (this.#shown.length >= kShownMax) break;
      const kept = before.get(one.object);
      before.delete(one.object);
      const shown: Shown = { one, foot: (kept?.foot ?? new Vector3()).copy(stand(one.at)), label: kept?.label ?? null };
      this.#shown.push(shown);
      const mesh = this.#mesh(shape_of(one.shape));
      mesh.setMatrixAt(mesh.count++, this.#matrix.makeRotationY(one.object * 2.4).setPosition(shown.foot));
    }
    for (const mesh of this.#meshes.values()) {
      mesh.visible = mesh.count > 0;
      mesh.instanceMatrix.needsUpdate = true;
    }
    for (const { label } of before.values()) label?.dispose();
  }

  /** Just before a picture is drawn: what stands on those that are near. */
  compose(camera: PerspectiveCamera, height_px: number, style: SignStyle): void {
    let words = 0;
    for (const shown of this.#shown) {
      const { one, foot } = shown;
      if (one.text === '' || foot.distanceTo(camera.position) > kWords_m || ++words > kWordsMax) {
        shown.label?.hide();
        continue;
      }
      shown.label ??= new Label(this.group);
      shown.label.say({ ...kWords, text: one.text }, style);
      shown.label.stand(foot.x, foot.y + kTall_m[shape_of(one.shape)] + 0.08, foot.z, 0, camera, height_px);
    }
  }

  /** Which of them a ray meets first, and how far away. */
  meets(from: Vector3, direction: Vector3): { object: number; distance_m: number } | null {
    let best: { object: number; distance_m: number } | null = null;
    this.#ray.set(from, direction);
    for (const { one, foot } of this.#shown) {
      const half_m = kTall_m[shape_of(one.shape)] / 2;
      this.#ball.center.copy(foot).y += half_m;
      this.#ball.radius = Math.max(0.3, half_m);
      const distance_m = this.#ball.center.distanceTo(from);
      if (this.#ray.intersectsSphere(this.#ball) && distance_m < (best?.distance_m ?? Infinity)) best = { object: one.object, distance_m };
    }
    return best;
  }

  dispose(): void {
    for (const { label } of this.#shown) label?.dispose();
    for (const mesh of this.#meshes.values()) {
      mesh.geometry.dispose();
      mesh.dispose();
    }
  }

  #mesh(shape: Shape): InstancedMesh<InstancedBufferGeometry, ShaderMaterial> {
    let mesh = this.#meshes.get(shape);
    if (mesh === undefined) {
      mesh = new InstancedMesh(geometry_of(shape), this.#material, kShownMax);
      mesh.frustumCulled = false;
      mesh.renderOrder = kOrder.solid;
      mesh.raycast = () => {};
      mesh.count = 0;
      this.#meshes.set(shape, mesh);
      this.group.add(mesh);
    }
    return mesh;
  }
}

const kWords: Sign = { kind: 'name', text: '', more: '', is_verified: false, is_friend: false, is_speaking: false, lang: '' };
