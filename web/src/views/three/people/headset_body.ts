// What a headset knows of its visitor's body: two mittens in the picture, and head and hands as they are told to others.
import { BufferAttribute, Color, Euler, MathUtils, Matrix4, Mesh, Quaternion, Vector3, type BufferGeometry, type Object3D, type ShaderMaterial } from 'three';
import type { Limb, Tracked } from '../../../people/people';
import type { CityMaterials } from '../city_materials';
import { kSolidVertex } from '../city_shader';
import { FigureMesh, kDetails } from './figure_mesh';

/** A head turns this far before the body follows. */
const kNeck_deg = 40;
/** Farther from the head than an arm, a controller lies somewhere. */
const kReach_m = 1.2;

/** A hand held forwards as a controller is: palm, and a thumb on top. */
function mitten(side: -1 | 1, colour: Color): BufferGeometry {
  const mesh = new FigureMesh(kDetails[0]!);
  mesh.ball([0, 0, 0.01], [0.034, 0.026, 0.058], { role: 'own' }, 'ground');
  mesh.ball([side * -0.024, 0.014, -0.012], [0.013, 0.014, 0.032], { role: 'own' }, 'ground', 5, 8);
  const geometry = mesh.geometry();
  const count = geometry.getAttribute('position').count;
  const colours = new Float32Array(count * 4);
  for (let i = 0; i < count; i++) colours.set([colour.r, colour.g, colour.b, 1], i * 4);
  geometry.setAttribute('color', new BufferAttribute(colours, 4));
  return geometry;
}

export class HeadsetBody {
  /** Hang each into the space of its grip: left, right. */
  readonly mittens: readonly [Mesh<BufferGeometry, ShaderMaterial>, Mesh<BufferGeometry, ShaderMaterial>];
  #heading_deg: number;
  readonly #body = new Matrix4();
  readonly #local = new Matrix4();
  readonly #at = new Vector3();
  readonly #size = new Vector3();
  readonly #turn = new Quaternion();
  readonly #angles = new Euler();

  constructor(materials: CityMaterials, skin: Color, heading_deg: number) {
    const material = materials.solid_with(kSolidVertex, {});
    this.#heading_deg = heading_deg;
    const one = (side: -1 | 1) => {
      const mesh = new Mesh(mitten(side, skin), material);
      mesh.name = side < 0 ? 'left hand' : 'right hand';
      mesh.frustumCulled = false;
      mesh.raycast = () => {};
      mesh.visible = false;
      return mesh;
    };
    this.mittens = [one(-1), one(1)];
  }

  /** Which way the body stands, clockwise from north. */
  get heading_deg(): number {
    return this.#heading_deg;
  }

  /**
   * Reads head and hands of this frame. `floor_m` is the ground under the head. A hand that is null, or farther away than an arm, is
   * not tracked.
   */
  read(head: Matrix4, floor_m: number, left: Object3D | null, right: Object3D | null): Tracked {
    const ahead = this.#at.set(0, 0, -1).transformDirection(head);
    // Who looks straight up or down has no direction on the ground: the body stays as it was.
    if (Math.hypot(ahead.x, ahead.z) > 0.2) this.#follow(MathUtils.radToDeg(Math.atan2(ahead.x, -ahead.z)));
    this.#at.setFromMatrixPosition(head).y = floor_m;
    this.#body.makeRotationY(-MathUtils.degToRad(this.#heading_deg)).setPosition(this.#at).invert();
    const seen = this.#limb(head);
    const hand = (from: Object3D | null): Limb | null => {
      if (from === null) return null;
      const limb = this.#limb(from.matrixWorld);
      return Math.hypot(limb.right_m, limb.forward_m, limb.up_m - seen.up_m) > kReach_m ? null : limb;
    };
    return { head: seen, left: hand(left), right: hand(right) };
  }

  dispose(): void {
    for (const mesh of this.mittens) {
      mesh.removeFromParent();
      mesh.geometry.dispose();
    }
    this.mittens[0].material.dispose();
  }

  #follow(head_deg: number): void {
    const off = MathUtils.euclideanModulo(head_deg - this.#heading_deg + 180, 360) - 180;
    const over = Math.sign(off) * Math.max(0, Math.abs(off) - kNeck_deg);
    this.#heading_deg = MathUtils.euclideanModulo(this.#heading_deg + over, 360);
  }

  /** Body axes: x right, y up, z back. */
  #limb(world: Matrix4): Limb {
    this.#local.multiplyMatrices(this.#body, world).decompose(this.#at, this.#turn, this.#size);
    this.#angles.setFromQuaternion(this.#turn, 'YXZ');
    const { radToDeg } = MathUtils;
    return {
      right_m: this.#at.x, forward_m: -this.#at.z, up_m: this.#at.y,
      yaw_deg: radToDeg(this.#angles.y), pitch_deg: radToDeg(this.#angles.x), roll_deg: -radToDeg(this.#angles.z),
    };
  }
}

