// One person in the scene: place and steps from what is told of them, gestures by their own clock, headset limbs where there are some.
import { MathUtils, Quaternion, Euler, Vector3 } from 'three';
import { kGestures } from '../../../avatars/look';
import type { Limb as ToldLimb, Neighbour, Pose, Tracked } from '../../../people/people';
import { kEyeHeight_m } from '../../../lib/situation';
import { kEyes_m, type Posture, type Limb } from './figure_pose';

/** Speed is smoothed over this time, so that late messages do not make anybody stumble. */
const kSmooth_s = 0.14;
const kStill_m_s = 0.06;
/** Nobody walks this in one picture: who is seen to has been put there. */
const kLeap_m = 3;
/** Gestures that stay are still after this. */
const kEaseIn_s = 0.4;
const kSame_m = 0.004;
const kSame_deg = 0.4;

/** Degrees of the wire are right-handed about up, right and forward; figures have x right, y up, z back. */
function turn_of({ yaw_deg, pitch_deg, roll_deg }: ToldLimb, target: Quaternion): Quaternion {
  const rad = MathUtils.degToRad;
  return target.setFromEuler(new Euler(rad(pitch_deg), rad(yaw_deg), -rad(roll_deg), 'YXZ'));
}

function limb_of(told: ToldLimb | null, kept: Limb | null): Limb | null {
  if (told === null) return null;
  const limb = kept ?? { at: new Vector3(), turn: new Quaternion() };
  limb.at.set(told.right_m, told.up_m, -told.forward_m).multiplyScalar(kEyes_m / kEyeHeight_m);
  turn_of(told, limb.turn!);
  return limb;
}

export class Walking {
  readonly neighbour: Neighbour;
  readonly posture: Posture = {
    feet: new Vector3(), heading_deg: 0, speed_m_s: 0, way_m: 0, seated: false, gesture: 0, gesture_s: 0, head: null, left: null, right: null,
  };
  readonly #pose: Pose = { x_m: 0, y_m: 0, z_m: 0, heading_deg: 0 };
  readonly #to = new Vector3();
  #stands = false;
  #gesture_from_ms = 0;
  #told_gesture = 'none';
  #told_reaction_ms = -Infinity;
  #tracked: Tracked | null = null;

  constructor(neighbour: Neighbour) {
    this.neighbour = neighbour;
  }

  /** Brings the posture to a moment. `place` puts a pose of the plane into the scene. Answers what came of it. */
  step(now_ms: number, step_s: number, place: (pose: Readonly<Pose>, target: Vector3) => void): { changed: boolean; goes_on: boolean } {
    const { neighbour, posture } = this;
    neighbour.pose_at(now_ms, this.#pose);
    place(this.#pose, this.#to);
    const x = this.#to.x - posture.feet.x;
    const z = this.#to.z - posture.feet.z;
    const way_m = Math.hypot(x, z);
    const turned = Math.abs(MathUtils.euclideanModulo(this.#pose.heading_deg - posture.heading_deg + 180, 360) - 180) > kSame_deg;
    let changed = !this.#stands || way_m > kSame_m || Math.abs(this.#to.y - posture.feet.y) > kSame_m || turned;
    posture.heading_deg = this.#pose.heading_deg;
    if (this.#stands && way_m < kLeap_m && step_s > 0) {
      const heading = MathUtils.degToRad(posture.heading_deg);
      const ahead = x * Math.sin(heading) - z * Math.cos(heading) >= -0.2 * way_m ? 1 : -1;
      posture.speed_m_s += ((ahead * way_m) / step_s - posture.speed_m_s) * (1 - Math.exp(-step_s / kSmooth_s));
      posture.way_m += ahead * way_m;
    }
    if (changed) posture.feet.copy(this.#to);
    this.#stands = true;
    const moved = Math.abs(posture.speed_m_s) > kStill_m_s;
    if (!moved && posture.speed_m_s !== 0) {
      posture.speed_m_s = 0;
      changed = true;
    }
    if (posture.seated !== neighbour.is_seated) {
      posture.seated = neighbour.is_seated;
      changed = true;
    }
    const gestures = this.#gesture(now_ms);
    if (this.#tracked !== neighbour.tracked) {
      this.#tracked = neighbour.tracked;
      posture.head = limb_of(neighbour.tracked?.head ?? null, posture.head);
      posture.left = limb_of(neighbour.tracked?.left ?? null, posture.left);
      posture.right = limb_of(neighbour.tracked?.right ?? null, posture.right);
      changed = true;
    }
    return { changed: changed || moved || gestures !== 'none', goes_on: changed || moved || gestures === 'plays' };
  }

  /** A gesture of the body counts before a reaction; either begins when it is first told. */
  #gesture(now_ms: number): 'none' | 'plays' | 'ends' {
    const { neighbour, posture } = this;
    const reaction = neighbour.reaction;
    if (neighbour.gesture !== this.#told_gesture) {
      this.#told_gesture = neighbour.gesture;
      this.#begin(neighbour.gesture, now_ms);
    } else if (reaction !== null && reaction.at_ms > this.#told_reaction_ms) {
      this.#told_reaction_ms = reaction.at_ms;
      // The body of who reacts does the gesture anyway; this is for those who are seen from the text view.
      if (this.#told_gesture === 'none') this.#begin(reaction.gesture, reaction.at_ms);
    }
    if (posture.gesture === 0) return 'none';
    posture.gesture_s = (now_ms - this.#gesture_from_ms) / 1000;
    const { length_s } = kGestures[posture.gesture]!;
    if (length_s === 0) return posture.gesture_s < kEaseIn_s ? 'plays' : 'none';
    if (posture.gesture_s < length_s) return 'plays';
    posture.gesture = 0;
    return 'ends';
  }

  #begin(gesture: string, now_ms: number): void {
    const before = this.posture.gesture;
    this.posture.gesture = Math.max(0, kGestures.findIndex(({ name }) => name === gesture));
    // What stays ends with a last picture of its own.
    if (before !== 0 && this.posture.gesture === 0) this.#stands = false;
    this.#gesture_from_ms = now_ms;
  }
}
