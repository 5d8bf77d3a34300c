// One's own body: what others see of oneself, drawn when one looks over one's own shoulder.
import { MathUtils, Vector3, type PerspectiveCamera } from 'three';
import { kSkin, whole_look, type AvatarLook, type WholeLook } from '../../../avatars/look';
import { kEyeHeight_m } from '../../../lib/situation';
import { looking, type Pose } from '../pose';
import type { SolidGround } from '../solid_ground';
import type { Posture } from './figure_pose';
import type { Figure, Figures } from './figures';

/** The eye behind and above the shoulder, metres. */
const kBehind_m = 3.7;
const kAbove_m = 0.75;
const kAside_m = 0.35;
/** The eye keeps off walls by this. */
const kOffWall_m = 0.25;
const kSmooth_s = 0.12;
const kStill_m_s = 0.06;

export class OwnFigure {
  readonly posture: Posture = {
    feet: new Vector3(), heading_deg: 0, speed_m_s: 0, way_m: 0, seated: false, gesture: 0, gesture_s: 0, head: null, left: null, right: null,
  };
  readonly #figures: Figures;
  readonly #back = new Vector3();
  readonly #eye = new Vector3();
  #figure: Figure | null = null;
  #look: WholeLook = whole_look(null, 0);
  #drawn = false;
  #before: { x: number; z: number } | null = null;
  #gesture_from_ms = 0;
  #gesture_length_s = 0;

  constructor(figures: Figures) {
    this.#figures = figures;
  }

  get is_drawn(): boolean {
    return this.#drawn;
  }

  get skin(): string {
    return kSkin[this.#look.skin]!;
  }

  /** What the account has chosen, or the colours of the connection. */
  set look(given: { look: AvatarLook | null; person: number }) {
    this.#look = whole_look(given.look, given.person);
    this.#dress();
  }

  /** Draws the body, or leaves it out. True: the picture changes. */
  show(drawn: boolean): boolean {
    if (drawn === this.#drawn) return false;
    this.#drawn = drawn;
    this.#dress();
    return true;
  }

  /** After the eye has moved. */
  follow(pose: Pose): void {
    const { posture } = this;
    posture.feet.set(pose.eye.x, pose.eye.y - kEyeHeight_m, pose.eye.z);
    posture.heading_deg = pose.heading_deg;
    if (this.#figure !== null) this.#figure.changed = true;
  }

  gesture(number: number, length_s: number, now_ms: number): void {
    this.posture.gesture = number;
    this.#gesture_from_ms = now_ms;
    this.#gesture_length_s = length_s;
  }

  step(now_ms: number, step_s: number): boolean {
    const { posture } = this;
    const { x, z } = posture.feet;
    const before = this.#before;
    this.#before = { x, z };
    if (before !== null && step_s > 0) {
      const heading = MathUtils.degToRad(posture.heading_deg);
      const way_m = Math.hypot(x - before.x, z - before.z);
      const ahead = (x - before.x) * Math.sin(heading) - (z - before.z) * Math.cos(heading) >= -0.2 * way_m ? 1 : -1;
      if (way_m < 3) {
        posture.way_m += ahead * way_m;
        posture.speed_m_s += ((ahead * way_m) / step_s - posture.speed_m_s) * (1 - Math.exp(-step_s / kSmooth_s));
      }
    }
    if (Math.abs(posture.speed_m_s) < kStill_m_s) posture.speed_m_s = 0;
    posture.gesture_s = (now_ms - this.#gesture_from_ms) / 1000;
    if (posture.gesture !== 0 && this.#gesture_length_s > 0 && posture.gesture_s > this.#gesture_length_s) posture.gesture = 0;
    const plays = posture.gesture !== 0 && (this.#gesture_length_s > 0 || posture.gesture_s < 0.4);
    if (this.#figure !== null) this.#figure.changed = true;
    return this.#drawn && (posture.speed_m_s !== 0 || plays);
  }

  /** Puts the eye behind the shoulder, nearer where a wall stands between. */
  look_over(camera: PerspectiveCamera, pose: Pose, solid: SolidGround | null): void {
    const heading = MathUtils.degToRad(pose.heading_deg);
    this.#back.copy(looking(pose)).multiplyScalar(-kBehind_m);
    this.#back.y += kAbove_m;
    this.#back.x += Math.cos(heading) * kAside_m;
    this.#back.z += Math.sin(heading) * kAside_m;
    const far_m = this.#back.length();
    const free_m = solid?.free_way_m(pose.eye, this.#back.normalize(), far_m) ?? far_m;
    this.#eye.copy(pose.eye).addScaledVector(this.#back, Math.max(0.3, free_m === far_m ? far_m : free_m - kOffWall_m));
    camera.position.copy(this.#eye);
    camera.updateMatrixWorld();
  }

  #dress(): void {
    if (this.#figure !== null) this.#figures.remove(this.#figure);
    this.#figure = this.#drawn ? this.#figures.add(this.posture, this.#look) : null;
  }
}
