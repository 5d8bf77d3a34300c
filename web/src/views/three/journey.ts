// Where the visitor is on the way through the city: the pose, the way of moving, and the ground underneath.
import { Vector3 } from 'three';
import { kEyeHeight_m } from '../../lib/situation';
import { is_still, type Intent } from './intent';
import { Flyer, kModes, Orbiter, Walker, type Mode, type World } from './moving';
import { copy_pose, looking, Transition, type Pose } from './pose';
import type { SolidGround } from './solid_ground';

/** Lower than this one is on foot. */
export const kOnFoot_m = 3;
/** A landing farther ahead than this is chosen straight below instead. */
const kLanding_m_max = 3000;
/** Heights from which one starts to fly, and to see the whole around one, after a walk. */
const kTakeOff_m = 25;
const kOverview_m = 70;

/** What a journey asks of the picture. */
export interface Sight {
  /** Height of the view, CSS pixels, and its upright angle. */
  height_px(): number;
  view_deg(): number;
  /** Where a ray meets the city. */
  meets(from: Vector3, direction: Vector3): Vector3 | null;
  /** Motion is not wanted: cut instead. */
  still(): boolean;
  /** The eye has come to where it was taken. */
  arrived(): void;
}

export class Journey implements World {
  readonly pose: Pose = { eye: new Vector3(), heading_deg: 0, pitch_deg: 0 };
  /** Height of the ground below the eye, as far as it is known. */
  ground_m = 0;
  /** Null until the code for walls and ground has come. */
  solid: SolidGround | null = null;
  readonly #sight: Sight;
  readonly #movers = { walk: new Walker(), fly: new Flyer(), orbit: new Orbiter() };
  #mode: Mode = 'orbit';
  #transition: Transition | null = null;
  #moving = false;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  get mode(): Mode {
    return this.#mode;
  }
  get moving(): boolean {
    return this.#moving || this.#transition !== null;
  }
  /** On foot, and not on the way from somewhere else. */
  get on_foot(): boolean {
    return this.#mode === 'walk' && this.#transition === null;
  }
  get above_m(): number {
    return Math.max(kEyeHeight_m, this.pose.eye.y - this.ground_m);
  }

  get height_px(): number {
    return this.#sight.height_px();
  }
  get view_deg(): number {
    return this.#sight.view_deg();
  }
  walk(feet: Vector3, step_x: number, step_z: number): Vector3 | null {
    return this.solid?.walk(feet, step_x, step_z) ?? null;
  }
  ground_at(x: number, y: number, z: number): number | null {
    return this.solid?.known_height_at(x, y, z) ?? this.ground_m;
  }

  /** Moves by a step. True: the movement goes on by itself. */
  step(step_s: number, intent: Intent | null): boolean {
    if (this.#transition !== null) {
      this.#moving = this.#transition.step(step_s, this.pose);
      if (!this.#moving) this.#arrive();
    } else if (intent !== null && (this.#moving || !is_still(intent))) {
      this.#moving = this.#movers[this.#mode].step(step_s, intent, this.pose, this);
    }
    return this.#moving;
  }

  /** Moves the eye there: smoothly, or at once where motion is not wanted. */
  go(pose: Pose): void {
    for (const mode of kModes) this.#movers[mode].rest();
    if (this.#sight.still()) {
      this.pose.eye.copy(pose.eye);
      this.pose.heading_deg = pose.heading_deg;
      this.pose.pitch_deg = pose.pitch_deg;
      this.#arrive();
    } else {
      this.#transition = new Transition(this.pose, pose);
    }
  }

  #arrive(): void {
    this.#transition = null;
    this.#moving = false;
    if (this.#mode === 'orbit') this.#movers.orbit.take_over(this.pose, this.ground_m);
    this.settle();
    this.#sight.arrived();
  }

  /** Changes the way of moving where one is. */
  use_mode(mode: Mode): void {
    this.#mode = mode;
    if (mode === 'orbit') this.#movers.orbit.take_over(this.pose, this.ground_m);
  }

  /** Changes the way of moving, and goes to where that way makes sense; answers where. */
  change_mode(mode: Mode): Pose {
    const before = this.#mode;
    if (mode === before) return this.pose;
    this.#mode = mode;
    const pose = copy_pose(this.pose);
    if (mode === 'walk') {
      const landing = this.#landing();
      this.ground_m = landing.y;
      pose.eye.copy(landing).y += kEyeHeight_m;
      pose.pitch_deg = 0;
    } else if (before === 'walk') {
      const back = looking({ heading_deg: pose.heading_deg, pitch_deg: 0 });
      if (mode === 'orbit') pose.eye.addScaledVector(back, -kOverview_m);
      pose.eye.y = this.ground_m + (mode === 'orbit' ? kOverview_m : kTakeOff_m);
      pose.pitch_deg = mode === 'orbit' ? -35 : -12;
    }
    this.go(pose);
    return pose;
  }

  /** Where one comes down to walk: what the middle of the picture shows if one can stand there, else straight below. */
  #landing(): Vector3 {
    const { eye } = this.pose;
    const ahead = this.#sight.meets(eye, looking(this.pose));
    for (const at of [ahead, eye]) {
      if (at === null || at.distanceTo(eye) > kLanding_m_max) continue;
      const ground = this.solid?.height_at(at.x, eye.y, at.z, 0) ?? null;
      if (ground === null) continue;
      const stands = this.walk(new Vector3(at.x, ground, at.z), 0, 0);
      if (stands !== null) return stands;
    }
    return new Vector3(eye.x, this.ground_m, eye.z);
  }

  /** One step nearer to, or farther from, what one looks at. */
  nudge(nearer: boolean): void {
    const pose = copy_pose(this.pose);
    if (this.#mode === 'walk') {
      const feet = new Vector3(pose.eye.x, pose.eye.y - kEyeHeight_m, pose.eye.z);
      const ahead = looking({ heading_deg: pose.heading_deg, pitch_deg: 0 }).multiplyScalar(nearer ? 0.3 : -0.3);
      for (let i = 0; i < 10; i++) feet.copy(this.walk(feet, ahead.x, ahead.z) ?? feet);
      pose.eye.copy(feet).y += kEyeHeight_m;
    } else {
      pose.eye.addScaledVector(looking(pose), (nearer ? 0.45 : -0.8) * Math.max(8, this.above_m));
      pose.eye.y = Math.max(pose.eye.y, this.ground_m + kOnFoot_m);
    }
    this.go(pose);
  }

  /** Reads the ground below from the feet or from the tiles that are there. */
  find_ground(): void {
    const { x, y, z } = this.pose.eye;
    const known = this.on_foot ? y - kEyeHeight_m : this.solid?.known_height_at(x, y, z);
    if (known !== null && known !== undefined) this.ground_m = known;
  }

  /** Tiles near the feet may have come after the feet: whoever walks is put on them. True: the eye has moved. */
  settle(): boolean {
    if (this.solid === null || this.moving) return false;
    const { x, y, z } = this.pose.eye;
    if (this.#mode !== 'walk') {
      this.ground_m = this.solid.height_at(x, y, z, 0) ?? this.ground_m;
      return false;
    }
    const feet = y - kEyeHeight_m;
    const ground = this.solid.height_at(x, feet, z, kOnFoot_m) ?? this.solid.height_at(x, feet, z, 300);
    if (ground === null || Math.abs(ground - feet) < 0.01) return false;
    this.ground_m = ground;
    this.pose.eye.y = ground + kEyeHeight_m;
    return true;
  }
}
