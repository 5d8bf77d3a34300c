// Where each bone of a figure is: standing, walking with the feet on the ground, rolling, sitting, gesturing, or as a headset tells.
import { MathUtils, Matrix4, Quaternion, Vector3 } from 'three';
import { kGestures, value_name, type WholeLook } from '../../../avatars/look';
import { kAxle, kBeside, kSeat_m, kWheel_m } from './figure_aids';
import { kJoints } from './figure_body';
import { kBones, type Bone } from './figure_mesh';

/** A place of the head or a hand within the figure: metres from the feet, x right, y up, z back, before the figure's height is applied. */
export interface Limb {
  at: Vector3;
  /** Of the head only. */
  turn?: Quaternion;
}

export interface Posture {
  /** Feet in the scene. */
  readonly feet: Vector3;
  heading_deg: number;
  /** Along the ground; below 0 is backwards. */
  speed_m_s: number;
  /** Way gone so far, which is what legs and wheels follow. */
  way_m: number;
  seated: boolean;
  gesture: number;
  gesture_s: number;
  head: Limb | null;
  left: Limb | null;
  right: Limb | null;
}

export const kStand_m = 1.7;
/** Eyes of the figure that is kStand_m tall: what is told from the eyes of a visitor is measured from here. */
export const kEyes_m = 1.553;
const kHeights_m: Record<string, number> = { cm_150: 1.5, cm_160: 1.6, cm_170: 1.7, cm_180: 1.8, cm_190: 1.9 };
/** Swing of the thigh a metre a second, and at most; one cycle of two steps then goes as far as the feet reach. */
const kSwing_rad_s_m = 0.3;
const kSwing_rad_max = 0.78;
const kLeg_m = kJoints.hip.y;
const kUpperArm_m = kJoints.shoulder.y - kJoints.elbow.y;
const kForearm_m = kJoints.elbow.y - 0.83;

type Girth = readonly [x: number, z: number];
/** Factors of chest, belly, hips and limbs. */
const kShapes: Record<string, { chest: Girth; belly: Girth; hips: Girth; limb: number }> = {
  straight: { chest: [1, 1], belly: [1, 1], hips: [1, 1], limb: 1 },
  slender: { chest: [0.9, 0.92], belly: [0.88, 0.9], hips: [0.9, 0.92], limb: 0.88 },
  broad: { chest: [1.18, 1.08], belly: [1.13, 1.06], hips: [1.05, 1.03], limb: 1.12 },
  round: { chest: [1.15, 1.2], belly: [1.36, 1.52], hips: [1.24, 1.28], limb: 1.1 },
  curved: { chest: [0.98, 1.05], belly: [0.94, 0.97], hips: [1.16, 1.13], limb: 1.02 },
};

export function stands_tall_m(look: WholeLook): number {
  return kHeights_m[value_name(look, 'height')] ?? kStand_m;
}
export function sits_in_chair(look: WholeLook): boolean {
  const aid = value_name(look, 'aid');
  return aid === 'wheelchair' || aid === 'power_chair';
}

/** Angles of a moment, radians: pitch forward, out to the side, turn inwards, bend of the elbow. */
interface Arm {
  pitch: number;
  out: number;
  turn: number;
  bend: number;
  target: Vector3 | null;
}
const arm = (): Arm => ({ pitch: 0, out: 0, turn: 0, bend: 0, target: null });

const kX = new Vector3(1, 0, 0);

/** Writes bones; one instance serves all figures, since nothing is kept between calls. */
export class FigurePose {
  readonly #bones: Record<Bone, Matrix4>;
  readonly #left = arm();
  readonly #right = arm();
  readonly #lean = { chest: 0, twist: 0, head: 0, head_turn: 0, lift: 0, sway: 0 };
  readonly #thigh = [0, 0];
  readonly #knee = [0, 0];
  readonly #m = new Matrix4();
  readonly #q = new Quaternion();
  readonly #q2 = new Quaternion();
  readonly #p = new Vector3();
  readonly #a = new Vector3();
  readonly #b = new Vector3();
  readonly #target_l = new Vector3();
  readonly #target_r = new Vector3();

  constructor() {
    this.#bones = Object.fromEntries(kBones.map((bone) => [bone, new Matrix4()])) as Record<Bone, Matrix4>;
  }

  /** Three rows of four numbers a bone, in the order of kBones, from an offset on. */
  write(posture: Posture, look: WholeLook, target: Float32Array, offset: number): void {
    const tall = stands_tall_m(look) / kStand_m;
    const aid = value_name(look, 'aid');
    const chair = sits_in_chair(look);
    const sits = chair || posture.seated;
    const swing = sits ? 0 : Math.min(kSwing_rad_max, Math.abs(posture.speed_m_s) * kSwing_rad_s_m * (aid === 'walking_frame' || aid === 'crutches' ? 0.7 : 1));
    const cycle_m = 4 * kLeg_m * Math.sin(Math.max(swing, 0.12));
    const phase = ((posture.way_m / tall) * 2 * Math.PI) / cycle_m;
    this.#rest();
    if (swing > 0) this.#walk(phase, swing);
    if (sits) this.#sit();
    this.#use_aid(aid, phase, swing, posture);
    if (value_name(look, 'companion') === 'guide_dog' && !chair) this.#reach(this.#left, this.#target_l.set(kBeside.x + 0.2, 0.86, kBeside.z + 0.06));
    this.#gesture(posture);
    this.#follow_headset(posture);
    this.#place(posture, look, tall, sits);
    this.#place_held(aid, phase, swing, posture, tall);
    this.#place_beast(posture, tall);
    kBones.forEach((bone, i) => write_rows(this.#bones[bone], target, offset + i * 12));
  }

  #rest(): void {
    for (const one of [this.#left, this.#right]) Object.assign(one, { pitch: 0.04, out: 0.045, turn: 0, bend: 0.18, target: null });
    Object.assign(this.#lean, { chest: 0, twist: 0, head: 0, head_turn: 0, lift: 0, sway: 0 });
    this.#thigh.fill(0);
    this.#knee.fill(0);
  }

  #walk(phase: number, swing: number): void {
    const step = Math.sin(phase);
    for (const [i, side] of [[0, 1], [1, -1]] as const) {
      this.#thigh[i] = swing * step * side;
      this.#knee[i] = swing * (0.25 + 1.35 * Math.max(0, Math.cos(phase) * side));
    }
    const arms = swing * 0.85;
    this.#left.pitch += -arms * step;
    this.#right.pitch += arms * step;
    this.#left.bend += swing * (0.6 + swing) + 0.25 * arms * Math.max(0, -step);
    this.#right.bend += swing * (0.6 + swing) + 0.25 * arms * Math.max(0, step);
    this.#lean.chest = -0.16 * swing;
    this.#lean.twist = 0.12 * arms * step;
    this.#lean.head = 0.1 * swing;
    this.#lean.lift = -kLeg_m * (1 - Math.cos(swing * step)) * 0.9;
  }

  #sit(): void {
    this.#thigh.fill(1.48);
    this.#knee.fill(1.36);
    this.#lean.lift = kSeat_m + 0.085 - kJoints.hip.y;
    for (const one of [this.#left, this.#right]) Object.assign(one, { pitch: 0.35, out: 0.08, bend: 1.05, turn: 0.25 });
  }

  #use_aid(aid: string, phase: number, swing: number, { way_m, speed_m_s }: Posture): void {
    if (aid === 'wheelchair' && Math.abs(speed_m_s) > 0.05) {
      // Two pushes a turn of the wheel: over the rim from behind to before.
      const push = Math.sin((way_m / kWheel_m) * 0.8);
      for (const [one, target, side] of [[this.#left, this.#target_l, -1], [this.#right, this.#target_r, 1]] as const) {
        this.#reach(one, target.set(side * 0.29, kAxle.y + 0.36, kAxle.z - 0.1 - 0.17 * push));
      }
      this.#lean.chest = -0.14 - 0.06 * push;
    } else if (aid === 'wheelchair') {
      for (const [one, target, side] of [[this.#left, this.#target_l, -1], [this.#right, this.#target_r, 1]] as const) {
        this.#reach(one, target.set(side * 0.2, 0.74, -0.2));
      }
    } else if (aid === 'power_chair') {
      this.#reach(this.#right, this.#target_r.set(0.215, 0.83, -0.15));
      this.#reach(this.#left, this.#target_l.set(-0.21, 0.75, -0.16));
    } else if (aid === 'walking_frame') {
      this.#reach(this.#left, this.#target_l.set(-0.26, 0.9, -0.28));
      this.#reach(this.#right, this.#target_r.set(0.26, 0.9, -0.28));
      this.#lean.chest = -0.12;
      this.#lean.head = 0.1;
    } else if (aid === 'white_cane') {
      Object.assign(this.#right, { pitch: 0.5, out: 0.02, bend: 0.62, turn: 0.2 });
    } else if (aid === 'crutches') {
      for (const one of [this.#left, this.#right]) Object.assign(one, { pitch: 0.08 + swing * 0.7 * Math.sin(phase * 2), out: 0.12, bend: 0.16 });
    }
  }

  #reach(one: Arm, target: Vector3): void {
    one.target = target;
  }

  #gesture({ gesture, gesture_s }: Posture): void {
    const known = kGestures[gesture];
    if (known === undefined || known.name === 'none') return;
    const left_s = known.length_s === 0 ? 1 : known.length_s - gesture_s;
    const share = MathUtils.smoothstep(Math.min(gesture_s, left_s), 0, 0.28);
    if (share > 0) this.#play(known.name, gesture_s, share);
  }

  #play(name: string, t: number, share: number): void {
    const [left, right, lean] = [this.#left, this.#right, this.#lean];
    const move = (one: Arm, pitch: number, out: number, turn: number, bend: number): void => {
      if (share > 0.05) one.target = null;
      one.pitch = MathUtils.lerp(one.pitch, pitch, share);
      one.out = MathUtils.lerp(one.out, out, share);
      one.turn = MathUtils.lerp(one.turn, turn, share);
      one.bend = MathUtils.lerp(one.bend, bend, share);
    };
    switch (name) {
      case 'wave':
        move(right, 0.15, 1.2, -1.35, 1.6 + 0.38 * Math.sin(t * 9));
        lean.head_turn = -0.08 * share;
        break;
      case 'nod':
        lean.head = -0.28 * share * (0.5 - 0.5 * Math.cos(t * 11));
        break;
      case 'clap': {
        const apart = 0.16 + 0.16 * Math.cos(t * 13);
        move(left, 0.62, 0.02, 0.62 - apart, 1.35);
        move(right, 0.62, 0.02, 0.62 - apart, 1.35);
        break;
      }
      case 'raise_hand':
        move(right, 2.85, 0.12, 0, 0.06);
        break;
      case 'point':
        move(right, 1.5, 0.02, 0, 0.03);
        break;
      case 'open_arms':
        move(left, 0.55, 0.95, -0.2, 0.35);
        move(right, 0.55, 0.95, -0.2, 0.35);
        lean.head = 0.1 * share;
        break;
      case 'bow':
        lean.chest -= 0.62 * share;
        lean.head -= 0.25 * share;
        break;
      case 'thumbs_up':
        move(right, 0.75, 0.05, 0.15, 1.3);
        lean.head = -0.1 * share;
        break;
      case 'shrug':
        move(left, 0.3, 0.5, -0.9, 1.35);
        move(right, 0.3, 0.5, -0.9, 1.35);
        lean.head_turn = 0.12 * share;
        break;
      case 'dance': {
        const beat = t * 7.5;
        move(left, 0.6 + 0.5 * Math.sin(beat), 0.5, 0.2, 1.4);
        move(right, 0.6 - 0.5 * Math.sin(beat), 0.5, 0.2, 1.4);
        lean.sway = 0.05 * Math.sin(beat) * share;
        lean.twist = 0.22 * Math.sin(beat) * share;
        break;
      }
      case 'hand_on_heart':
        move(right, 0.62, -0.02, 1.15, 1.75);
        lean.head = -0.16 * share;
        lean.chest -= 0.1 * share;
        break;
    }
  }

  /** Who bends down in the room bends the knees in the city. */
  #follow_headset({ head, left, right, seated }: Posture): void {
    const down_m = head === null || seated ? 0 : MathUtils.clamp(kEyes_m - head.at.y, 0, 0.55);
    if (down_m > 0.03 && this.#lean.lift > -0.1) {
      const bend = Math.acos(1 - down_m / kLeg_m);
      this.#thigh.fill(bend);
      this.#knee.fill(2 * bend);
      this.#lean.lift = -down_m;
    }
    if (left !== null) this.#reach(this.#left, this.#target_l.copy(left.at));
    if (right !== null) this.#reach(this.#right, this.#target_r.copy(right.at));
  }

  #place(posture: Posture, look: WholeLook, tall: number, sits: boolean): void {
    const bones = this.#bones;
    const lean = this.#lean;
    const shape = kShapes[value_name(look, 'body')] ?? kShapes['straight']!;
    bones.ground.makeRotationY(-MathUtils.degToRad(posture.heading_deg)).setPosition(posture.feet);
    bones.ground.scale(this.#a.set(tall, tall, tall));
    bones.pelvis.copy(bones.ground).multiply(this.#m.makeTranslation(lean.sway, lean.lift, sits ? 0.06 : 0));
    this.#q.setFromAxisAngle(kX, lean.chest).multiply(this.#q2.setFromAxisAngle(this.#a.set(0, 1, 0), lean.twist));
    this.#turned(bones.chest, bones.pelvis, 0, kJoints.waist_y, 0, this.#q);
    this.#turn_head(posture);
    this.#turned(bones.head, bones.chest, 0, kJoints.neck_y, 0, this.#q);
    this.#place_arm('l', -1, this.#left, shape);
    this.#place_arm('r', 1, this.#right, shape);
    this.#place_leg('l', -1, 0, shape);
    this.#place_leg('r', 1, 1, shape);
    this.#place_cloth(sits);
    // Girth last: what hangs on these bones must not be scaled with them.
    bones.belly.copy(bones.pelvis).scale(this.#a.set(shape.belly[0], 1, shape.belly[1]));
    for (const bone of ['pelvis', 'skirt', 'hem'] as const) bones[bone].scale(this.#a.set(shape.hips[0], 1, shape.hips[1]));
    bones.chest.scale(this.#a.set(shape.chest[0], 1, shape.chest[1]));
  }

  #turn_head({ head }: Posture): void {
    if (head?.turn) this.#q.copy(head.turn);
    else this.#q.setFromAxisAngle(this.#a.set(0, 1, 0), this.#lean.head_turn).multiply(this.#q2.setFromAxisAngle(kX, this.#lean.head));
  }

  /** A bone that turns about a joint of its parent: T(joint) · R · T(−joint). */
  #turned(bone: Matrix4, parent: Matrix4, x: number, y: number, z: number, turn: Quaternion): void {
    const e = this.#m.makeRotationFromQuaternion(turn).elements;
    this.#m.setPosition(
      x - (e[0]! * x + e[4]! * y + e[8]! * z),
      y - (e[1]! * x + e[5]! * y + e[9]! * z),
      z - (e[2]! * x + e[6]! * y + e[10]! * z),
    );
    bone.multiplyMatrices(parent, this.#m);
  }

  #place_arm(which: 'l' | 'r', side: number, one: Arm, shape: { chest: Girth; limb: number }): void {
    const upper = this.#bones[`arm_${which}`];
    const fore = this.#bones[`fore_${which}`];
    const wider = side * kJoints.shoulder.x * (shape.chest[0] - 1);
    const from = this.#p.set(side * kJoints.shoulder.x, kJoints.shoulder.y, 0);
    if (one.target === null) {
      this.#q.setFromAxisAngle(this.#a.set(0, 0, 1), side * one.out).multiply(this.#q2.setFromAxisAngle(kX, one.pitch));
      this.#q.multiply(this.#q2.setFromAxisAngle(this.#a.set(0, 1, 0), side * one.turn));
      this.#q2.setFromAxisAngle(kX, one.bend);
    } else {
      this.#solve(one.target, side, wider);
    }
    this.#turned(upper, this.#bones.chest, from.x, from.y, 0, this.#q);
    upper.elements[12]! += this.#bones.chest.elements[0]! * wider;
    upper.elements[13]! += this.#bones.chest.elements[1]! * wider;
    upper.elements[14]! += this.#bones.chest.elements[2]! * wider;
    this.#turned(fore, upper, side * kJoints.elbow.x, kJoints.elbow.y, 0, this.#q2);
    for (const bone of [fore, upper]) thicken(bone, side * 0.2, shape.limb);
  }

  /** Two bones to a point: the elbow bends down and outwards. Leaves the upper arm's turn in q and the elbow's in q2. */
  #solve(target: Vector3, side: number, wider: number): void {
    // The target stands in the figure; the arm hangs on the chest.
    const reach = this.#b.copy(target).applyMatrix4(this.#bones.ground).applyMatrix4(this.#m.copy(this.#bones.chest).invert());
    reach.x -= side * kJoints.shoulder.x + wider;
    reach.y -= kJoints.shoulder.y;
    const far = MathUtils.clamp(reach.length(), 0.12, (kUpperArm_m + kForearm_m) * 0.998);
    const cos_elbow = (kUpperArm_m ** 2 + kForearm_m ** 2 - far ** 2) / (2 * kUpperArm_m * kForearm_m);
    const bend = Math.PI - Math.acos(MathUtils.clamp(cos_elbow, -1, 1));
    const lift = Math.acos(MathUtils.clamp((kUpperArm_m ** 2 + far ** 2 - kForearm_m ** 2) / (2 * kUpperArm_m * far), -1, 1));
    reach.normalize();
    // The plane of the arm: across the way to the hand and the direction in which the elbow should point.
    const pole = this.#a.set(side * 0.45, -0.6, 0.65);
    const across = pole.cross(reach).normalize();
    const upper = reach.clone().applyAxisAngle(across, -lift);
    const y = upper.clone().negate();
    const z = new Vector3().crossVectors(across, y);
    this.#q.setFromRotationMatrix(this.#m.makeBasis(across, y, z));
    this.#q2.setFromAxisAngle(kX, bend);
  }

  #place_leg(which: 'l' | 'r', side: number, i: number, shape: { hips: Girth; limb: number }): void {
    const thigh = this.#bones[`thigh_${which}`];
    const shin = this.#bones[`shin_${which}`];
    const wider = side * kJoints.hip.x * (shape.hips[0] - 1) * 0.6;
    this.#turned(thigh, this.#bones.pelvis, side * kJoints.hip.x, kJoints.hip.y, 0, this.#q.setFromAxisAngle(kX, this.#thigh[i]!));
    thigh.elements[12]! += this.#bones.pelvis.elements[0]! * wider;
    thigh.elements[13]! += this.#bones.pelvis.elements[1]! * wider;
    thigh.elements[14]! += this.#bones.pelvis.elements[2]! * wider;
    this.#turned(shin, thigh, side * kJoints.knee.x, kJoints.knee.y, 0, this.#q.setFromAxisAngle(kX, -this.#knee[i]!));
    for (const bone of [shin, thigh]) thicken(bone, side * kJoints.hip.x, shape.limb);
  }

  /** A skirt follows both legs: it opens with the stride and lies over the lap of who sits. */
  #place_cloth(sits: boolean): void {
    const { pelvis, skirt, hem } = this.#bones;
    const open = 1 + 0.55 * Math.abs(this.#thigh[0]! - this.#thigh[1]!);
    this.#turned(skirt, pelvis, 0, 0.86, 0, this.#q.setFromAxisAngle(kX, sits ? 1.5 : 0));
    this.#turned(hem, skirt, 0, kJoints.knee.y, 0, this.#q.setFromAxisAngle(kX, sits ? -1.36 : 0));
    if (sits) {
      skirt.scale(this.#a.set(1, 1, 1.12));
      hem.scale(this.#a.set(1, 1, 1.12));
      return;
    }
    skirt.scale(this.#a.set(1, 1, (1 + open) / 2));
    hem.scale(this.#a.set(1, 1, open));
  }

  /** Wheels turn with the way; a cane sweeps the ground before the feet. */
  #place_held(aid: string, phase: number, swing: number, { way_m }: Posture, tall: number): void {
    const { held, ground, fore_r } = this.#bones;
    held.copy(ground);
    if (aid === 'wheelchair') {
      this.#turned(held, ground, 0, kAxle.y, kAxle.z, this.#q.setFromAxisAngle(kX, -way_m / tall / kWheel_m));
    } else if (aid === 'white_cane') {
      const hand = this.#b.set(0.224, 0.83, 0).applyMatrix4(fore_r).applyMatrix4(this.#m.copy(ground).invert());
      const lean = Math.acos(MathUtils.clamp((hand.y - 0.02) / 1.155, 0, 1));
      const sweep = swing > 0 ? 0.42 * Math.sin(phase) : 0.12;
      this.#q.setFromAxisAngle(this.#a.set(0, 1, 0), sweep).multiply(this.#q2.setFromAxisAngle(kX, lean));
      this.#m.makeRotationFromQuaternion(this.#q).setPosition(hand);
      held.multiplyMatrices(ground, this.#m);
    }
  }

  #place_beast({ way_m, speed_m_s }: Posture, tall: number): void {
    const { beast, beast_a, beast_b, ground } = this.#bones;
    beast.copy(ground).multiply(this.#m.makeTranslation(kBeside.x, 0, kBeside.z)).scale(this.#a.setScalar(1 / tall));
    const trot = Math.min(0.55, Math.abs(speed_m_s) * 0.3) * Math.sin(way_m * 5.2);
    for (const [bone, side] of [[beast_a, 1], [beast_b, -1]] as const) {
      // Each leg turns about its own top; shearing the pair along z comes to the same for small steps.
      this.#m.identity();
      this.#m.elements[6] = side * trot;
      this.#m.elements[14] = -side * trot * 0.3;
      bone.multiplyMatrices(beast, this.#m);
    }
  }
}

/** Girth of a limb about its own axis at x. */
function thicken(bone: Matrix4, x: number, by: number): void {
  const e = bone.elements;
  const shift = x * (1 - by);
  for (const row of [0, 1, 2]) {
    e[12 + row]! += e[row]! * shift;
    e[row]! *= by;
    e[8 + row]! *= by;
  }
}

function write_rows({ elements: e }: Matrix4, target: Float32Array, offset: number): void {
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 4; column++) target[offset + row * 4 + column] = e[column * 4 + row]!;
  }
}

