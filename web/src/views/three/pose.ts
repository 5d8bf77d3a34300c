// Where the eye is and where it looks, and the calm way from one such pose to another.
import { MathUtils, Vector3, type PerspectiveCamera } from 'three';

export interface Pose {
  /** Scene axes: x east, y up, z south, metres. */
  eye: Vector3;
  /** Clockwise from north. */
  heading_deg: number;
  pitch_deg: number;
}

export function copy_pose(from: Pose): Pose {
  return { eye: from.eye.clone(), heading_deg: from.heading_deg, pitch_deg: from.pitch_deg };
}

/** Unit vector of where one looks. */
export function looking(pose: { heading_deg: number; pitch_deg: number }, target = new Vector3()): Vector3 {
  const heading = MathUtils.degToRad(pose.heading_deg);
  const pitch = MathUtils.degToRad(pose.pitch_deg);
  return target.set(Math.sin(heading) * Math.cos(pitch), Math.sin(pitch), -Math.cos(heading) * Math.cos(pitch));
}

export function heading_to(from: Vector3, to: Vector3): { heading_deg: number; pitch_deg: number } {
  const x = to.x - from.x;
  const z = to.z - from.z;
  return {
    heading_deg: (MathUtils.radToDeg(Math.atan2(x, -z)) + 360) % 360,
    pitch_deg: MathUtils.radToDeg(Math.atan2(to.y - from.y, Math.hypot(x, z))),
  };
}

export function place_camera(camera: PerspectiveCamera, pose: Pose): void {
  camera.position.copy(pose.eye);
  camera.rotation.set(MathUtils.degToRad(pose.pitch_deg), -MathUtils.degToRad(pose.heading_deg), 0, 'YXZ');
  camera.updateMatrixWorld();
}

export function turn_between_deg(from: number, to: number): number {
  return MathUtils.euclideanModulo(to - from + 180, 360) - 180;
}

const kShort_s = 0.7;
const kLong_s = 1.6;
const kLongWay_m = 300;

/** A movement that the eye makes by itself. It rises on the way when the way is long, so that one sees where one is taken. */
export class Transition {
  readonly #from: Pose;
  readonly #to: Pose;
  readonly #length_s: number;
  readonly #rise_m: number;
  #at_s = 0;

  constructor(from: Pose, to: Pose) {
    this.#from = copy_pose(from);
    this.#to = copy_pose(to);
    const way_m = from.eye.distanceTo(to.eye);
    this.#length_s = MathUtils.lerp(kShort_s, kLong_s, Math.min(1, way_m / kLongWay_m));
    const flat_m = Math.hypot(from.eye.x - to.eye.x, from.eye.z - to.eye.z);
    const climb_m = Math.abs(from.eye.y - to.eye.y);
    this.#rise_m = flat_m > 2 * climb_m ? Math.min(400, flat_m * 0.25) : 0;
  }

  /** Writes the pose of the next moment. False: arrived. */
  step(step_s: number, pose: Pose): boolean {
    this.#at_s += step_s;
    const share = Math.min(1, this.#at_s / this.#length_s);
    const t = share * share * (3 - 2 * share);
    pose.eye.lerpVectors(this.#from.eye, this.#to.eye, t);
    pose.eye.y += this.#rise_m * 4 * t * (1 - t);
    pose.heading_deg = this.#from.heading_deg + turn_between_deg(this.#from.heading_deg, this.#to.heading_deg) * t;
    pose.pitch_deg = MathUtils.lerp(this.#from.pitch_deg, this.#to.pitch_deg, t);
    return share < 1;
  }
}
