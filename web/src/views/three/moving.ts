// The three ways of moving: on foot, through the air, and around the city as around a model on a table.
import { MathUtils, Vector3 } from 'three';
import { kEyeHeight_m } from '../../lib/situation';
import { is_still, type Intent } from './intent';
import { looking, type Pose } from './pose';

export const kModes = ['walk', 'fly', 'orbit'] as const;
export type Mode = (typeof kModes)[number];

/** What a way of moving asks of the world. */
export interface World {
  /** A step of the feet, walls and edges respected; null where one cannot stand. */
  walk(feet: Vector3, step_x: number, step_z: number): Vector3 | null;
  /** Height of the ground; null where it is not known yet. */
  ground_at(x: number, y: number, z: number): number | null;
  /** Height of the element, CSS pixels, and the camera's upright angle of view. */
  readonly height_px: number;
  readonly view_deg: number;
}

/** Brisk, since a city is large; running is for crossing it. */
export const kWalk_m_s = 2.2;
export const kRun_m_s = 7;
const kTurn_deg_s = 75;
const kTilt_deg_s = 45;
const kPitch_deg_max = 85;
/** Time in which a movement that was let go halves, seconds. */
const kSettle_s = 0.09;
/** Slower than this is standing still. */
const kStill = 0.004;
/** Lowest flight above the ground. */
const kFloor_m = 2;
const kCeiling_m = 12_000;

/** A way of moving changes the pose and answers whether it goes on by itself. */
export interface Mover {
  step(step_s: number, intent: Intent, pose: Pose, world: World): boolean;
  rest(): void;
}

function look_around(step_s: number, intent: Intent, pose: Pose, world: World): void {
  const degrees_per_px = world.view_deg / world.height_px;
  pose.heading_deg += intent.turn * kTurn_deg_s * step_s - (intent.drag_x + intent.turn_drag_x) * degrees_per_px;
  pose.pitch_deg += intent.tilt * kTilt_deg_s * step_s + (intent.drag_y + intent.turn_drag_y) * degrees_per_px;
  pose.heading_deg = MathUtils.euclideanModulo(pose.heading_deg, 360);
  pose.pitch_deg = MathUtils.clamp(pose.pitch_deg, -kPitch_deg_max, kPitch_deg_max);
}

export class Walker implements Mover {
  #forward = 0;
  #right = 0;
  /** The eye follows stairs and kerbs softly, so that it does not jolt. */
  #eye_lag_m = 0;
  readonly #feet = new Vector3();

  rest(): void {
    this.#forward = this.#right = this.#eye_lag_m = 0;
  }

  step(step_s: number, intent: Intent, pose: Pose, world: World): boolean {
    look_around(step_s, intent, pose, world);
    const speed = intent.run ? kRun_m_s : kWalk_m_s;
    const length = Math.max(1, Math.hypot(intent.forward, intent.right));
    const ease = 1 - Math.pow(0.5, step_s / kSettle_s);
    const wheel_m = intent.zoom_by === 1 ? 0 : -Math.log(intent.zoom_by) * 6;
    this.#forward += ((intent.forward / length) * speed - this.#forward) * ease;
    this.#right += ((intent.right / length) * speed - this.#right) * ease;
    if (Math.abs(this.#forward) < kStill && Math.abs(this.#right) < kStill) this.#forward = this.#right = 0;
    const feet_y = pose.eye.y - kEyeHeight_m - this.#eye_lag_m;
    this.#feet.set(pose.eye.x, feet_y, pose.eye.z);
    this.#walk(this.#forward * step_s + wheel_m, this.#right * step_s, pose.heading_deg, world);
    this.#eye_lag_m += feet_y - this.#feet.y;
    this.#eye_lag_m *= Math.pow(0.5, step_s / 0.06);
    if (Math.abs(this.#eye_lag_m) < kStill || Math.abs(this.#eye_lag_m) > 1.5) this.#eye_lag_m = 0;
    pose.eye.set(this.#feet.x, this.#feet.y + kEyeHeight_m + this.#eye_lag_m, this.#feet.z);
    return !is_still(intent) || this.#forward !== 0 || this.#right !== 0 || this.#eye_lag_m !== 0;
  }

  /** In pieces shorter than a body, so that even a running step cannot pass through a wall. */
  #walk(forward_m: number, right_m: number, heading_deg: number, world: World): void {
    const way_m = Math.hypot(forward_m, right_m);
    const heading = MathUtils.degToRad(heading_deg);
    const pieces = Math.ceil(way_m / 0.25);
    for (let i = 0; i < pieces; i++) {
      const x = (Math.sin(heading) * forward_m + Math.cos(heading) * right_m) / pieces;
      const z = (-Math.cos(heading) * forward_m + Math.sin(heading) * right_m) / pieces;
      const next = world.walk(this.#feet, x, z) ?? world.walk(this.#feet, x, 0) ?? world.walk(this.#feet, 0, z);
      if (next === null) {
        this.#forward = this.#right = 0;
        return;
      }
      this.#feet.copy(next);
    }
  }
}

export class Flyer implements Mover {
  readonly #speed = new Vector3();
  readonly #ahead = new Vector3();

  rest(): void {
    this.#speed.set(0, 0, 0);
  }

  step(step_s: number, intent: Intent, pose: Pose, world: World): boolean {
    look_around(step_s, intent, pose, world);
    const ground = world.ground_at(pose.eye.x, pose.eye.y, pose.eye.z);
    const above_m = Math.max(kFloor_m, pose.eye.y - (ground ?? 0));
    const top_m_s = (8 + above_m * 0.6) * (intent.run ? 3 : 1);
    looking(pose, this.#ahead);
    const wish = this.#ahead.clone().multiplyScalar(intent.forward);
    const heading = MathUtils.degToRad(pose.heading_deg);
    wish.x += Math.cos(heading) * intent.right;
    wish.z += Math.sin(heading) * intent.right;
    wish.y += intent.up;
    wish.multiplyScalar(top_m_s);
    this.#speed.lerp(wish, 1 - Math.pow(0.5, step_s / (2 * kSettle_s)));
    if (this.#speed.length() < kStill * 10 && is_still(intent)) this.#speed.set(0, 0, 0);
    pose.eye.addScaledVector(this.#speed, step_s);
    const glide_m = intent.zoom * above_m * step_s - Math.log(intent.zoom_by) * above_m;
    pose.eye.addScaledVector(this.#ahead, glide_m);
    const floor = (world.ground_at(pose.eye.x, pose.eye.y, pose.eye.z) ?? -Infinity) + kFloor_m;
    pose.eye.y = MathUtils.clamp(pose.eye.y, Math.min(floor, kCeiling_m), kCeiling_m);
    return !is_still(intent) || this.#speed.lengthSq() > 0;
  }
}

const kNearest_m = 15;
const kFarthest_m = 20_000;
const kSteepest_deg = -12;

/** Dragging moves the ground under the hand; the other button, Control or two fingers turn the model; wheel and pinch come nearer. */
export class Orbiter implements Mover {
  /** The point of the ground around which all turns. */
  readonly pivot = new Vector3();
  #distance_m = 500;
  #pan_x = 0;
  #pan_y = 0;
  #turn = 0;
  #tilt = 0;
  #zoom = 0;

  rest(): void {
    this.#pan_x = this.#pan_y = this.#turn = this.#tilt = this.#zoom = 0;
  }

  /** Takes over from another way of moving: the pivot is where one looks. */
  take_over(pose: Pose, ground_m: number): void {
    this.rest();
    pose.pitch_deg = Math.min(pose.pitch_deg, kSteepest_deg);
    const ahead = looking(pose);
    const distance_m = Math.min(kFarthest_m, Math.max(kNearest_m, (pose.eye.y - ground_m) / -ahead.y));
    this.pivot.copy(pose.eye).addScaledVector(ahead, distance_m);
    this.#distance_m = distance_m;
  }

  step(step_s: number, intent: Intent, pose: Pose, world: World): boolean {
    const metres_per_px = (2 * this.#distance_m * Math.tan(MathUtils.degToRad(world.view_deg / 2))) / world.height_px;
    const keys = this.#distance_m * 0.8 * (intent.run ? 2.5 : 1);
    const decay = Math.pow(0.5, step_s / kSettle_s);
    const give = 1 - decay;
    this.#pan_x += -intent.drag_x * metres_per_px + intent.right * keys * step_s;
    this.#pan_y += intent.drag_y * metres_per_px + intent.forward * keys * step_s;
    this.#turn += intent.turn_drag_x * 0.25 + intent.turn * kTurn_deg_s * step_s;
    this.#tilt += -intent.turn_drag_y * 0.2 + intent.tilt * kTilt_deg_s * step_s;
    this.#zoom += Math.log(intent.zoom_by) - intent.zoom * step_s;
    const heading = MathUtils.degToRad(pose.heading_deg);
    const east = this.#pan_x * give;
    const ahead_m = this.#pan_y * give;
    this.pivot.x += Math.cos(heading) * east + Math.sin(heading) * ahead_m;
    this.pivot.z += Math.sin(heading) * east - Math.cos(heading) * ahead_m;
    pose.heading_deg = MathUtils.euclideanModulo(pose.heading_deg + this.#turn * give, 360);
    pose.pitch_deg = MathUtils.clamp(pose.pitch_deg + this.#tilt * give, -89, kSteepest_deg);
    this.#distance_m = MathUtils.clamp(this.#distance_m * Math.exp(this.#zoom * give), kNearest_m, kFarthest_m);
    this.#decay(decay, metres_per_px);
    this.#stand(pose, world, give);
    return !is_still(intent) || this.#pan_x !== 0 || this.#pan_y !== 0 || this.#turn !== 0 || this.#tilt !== 0 || this.#zoom !== 0;
  }

  #decay(decay: number, metres_per_px: number): void {
    const left = (value: number, still: number) => (Math.abs(value * decay) < still ? 0 : value * decay);
    this.#pan_x = left(this.#pan_x, metres_per_px * 0.2);
    this.#pan_y = left(this.#pan_y, metres_per_px * 0.2);
    this.#turn = left(this.#turn, 0.02);
    this.#tilt = left(this.#tilt, 0.02);
    this.#zoom = left(this.#zoom, 0.0005);
  }

  #stand(pose: Pose, world: World, give: number): void {
    const ground = world.ground_at(this.pivot.x, this.pivot.y + 200, this.pivot.z);
    if (ground !== null) this.pivot.y += (ground - this.pivot.y) * give;
    pose.eye.copy(this.pivot).addScaledVector(looking(pose), -this.#distance_m);
    const below = world.ground_at(pose.eye.x, pose.eye.y + 100, pose.eye.z);
    if (below !== null) pose.eye.y = Math.max(pose.eye.y, below + kFloor_m);
  }
}
