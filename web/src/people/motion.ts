// How a person moves between two messages: a tick or more behind the node, so that there is always a next place to walk to.

/** Where somebody stands, in the plane of the space: metres, x east, y north, z up; heading clockwise from north. */
export interface Pose {
  x_m: number;
  y_m: number;
  /** Of the feet, in the heights of the city's data. */
  z_m: number;
  heading_deg: number;
}

/** Samples that are kept: at the highest rate they reach back over kBehind_ms_max. */
const kKept = 8;
const kBehind_ms_min = 60;
const kBehind_ms_max = 700;
/** Nobody walks this in one message: who is seen to has been taken there, and is not drawn on the way. */
export const kLeap_m = 12;

/**
 * The last places of one person, and where they are drawn at a moment. People far away are told rarely: each is drawn as late as
 * their own messages need, which is measured here. Cost: no allocation after the first kKept samples.
 */
export class Motion {
  readonly #at_ms = new Float64Array(kKept);
  readonly #x_m = new Float64Array(kKept);
  readonly #y_m = new Float64Array(kKept);
  readonly #z_m = new Float64Array(kKept);
  readonly #heading_deg = new Float64Array(kKept);
  #count = 0;
  #last = -1;
  /** Smoothed time between messages while moving. */
  #pause_ms = 100;

  /** A new place, told at `at_ms` of the page's own clock. */
  add(at_ms: number, pose: Readonly<Pose>): void {
    if (this.#count > 0) {
      const before = this.#last;
      const leap_m = Math.hypot(pose.x_m - this.#x_m[before]!, pose.y_m - this.#y_m[before]!, pose.z_m - this.#z_m[before]!);
      const pause_ms = at_ms - this.#at_ms[before]!;
      if (leap_m > kLeap_m) this.#count = 0;
      else if (pause_ms > kBehind_ms_max) this.#write(at_ms - this.#pause_ms, this.#x_m[before]!, this.#y_m[before]!, this.#z_m[before]!, this.#heading_deg[before]!);
      else if (pause_ms > 0) this.#pause_ms += (pause_ms - this.#pause_ms) * 0.2;
    }
    this.#write(at_ms, pose.x_m, pose.y_m, pose.z_m, pose.heading_deg);
  }

  /** The newest place that was told. */
  newest(target: Pose): Pose {
    return this.#read(this.#last, target);
  }

  /** Where to draw at a moment of the page's clock; never before the first `add`. */
  at(now_ms: number, target: Pose): Pose {
    const behind_ms = Math.min(kBehind_ms_max, Math.max(kBehind_ms_min, this.#pause_ms * 1.5));
    const wanted_ms = now_ms - behind_ms;
    let after = this.#last;
    for (let step = 0; step < this.#count; ++step) {
      const index = (this.#last - step + kKept) % kKept;
      if (this.#at_ms[index]! <= wanted_ms) return this.#between(index, after, wanted_ms, target);
      after = index;
    }
    return this.#read(after, target);
  }

  /** Metres a second over the last two messages; 0 for who stands. */
  speed_m_s(now_ms: number): number {
    if (this.#count < 2 || now_ms - this.#at_ms[this.#last]! > kBehind_ms_max) return 0;
    const before = (this.#last - 1 + kKept) % kKept;
    const step_s = (this.#at_ms[this.#last]! - this.#at_ms[before]!) / 1000;
    return step_s <= 0 ? 0 : Math.hypot(this.#x_m[this.#last]! - this.#x_m[before]!, this.#y_m[this.#last]! - this.#y_m[before]!) / step_s;
  }

  #write(at_ms: number, x_m: number, y_m: number, z_m: number, heading_deg: number): void {
    this.#last = (this.#last + 1) % kKept;
    this.#count = Math.min(kKept, this.#count + 1);
    this.#at_ms[this.#last] = at_ms;
    this.#x_m[this.#last] = x_m;
    this.#y_m[this.#last] = y_m;
    this.#z_m[this.#last] = z_m;
    this.#heading_deg[this.#last] = heading_deg;
  }

  #read(index: number, target: Pose): Pose {
    target.x_m = this.#x_m[index]!;
    target.y_m = this.#y_m[index]!;
    target.z_m = this.#z_m[index]!;
    target.heading_deg = this.#heading_deg[index]!;
    return target;
  }

  #between(from: number, to: number, at_ms: number, target: Pose): Pose {
    // Nothing newer is known: whoever stops sends nothing more, so standing is the better guess.
    if (from === to) return this.#read(from, target);
    const share = (at_ms - this.#at_ms[from]!) / (this.#at_ms[to]! - this.#at_ms[from]!);
    return this.#mixed(from, to, share, target);
  }

  #mixed(from: number, to: number, share: number, target: Pose): Pose {
    target.x_m = this.#x_m[from]! + (this.#x_m[to]! - this.#x_m[from]!) * share;
    target.y_m = this.#y_m[from]! + (this.#y_m[to]! - this.#y_m[from]!) * share;
    target.z_m = this.#z_m[from]! + (this.#z_m[to]! - this.#z_m[from]!) * share;
    const turn_deg = ((((this.#heading_deg[to]! - this.#heading_deg[from]! + 180) % 360) + 360) % 360) - 180;
    target.heading_deg = (this.#heading_deg[from]! + turn_deg * share + 360) % 360;
    return target;
  }
}
