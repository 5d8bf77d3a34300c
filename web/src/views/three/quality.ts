// How much the picture may cost, found from how long frames really take.

export interface Tier {
  /** Device pixels a CSS pixel, at most. */
  pixel_ratio_max: number;
  pixel_lit: boolean;
  /** Texels a side of each sun map; 0 is no shadows. */
  shadow_px: number;
  /** Screen error up to which a coarser tile is good enough, pixels. */
  error_target_px: number;
  far_m: number;
  /** Trees are drawn up to here. */
  trees_m: number;
}

/** From the weakest machine (no graphics chip at all) to a desktop. */
export const kTiers: readonly Tier[] = [
  { pixel_ratio_max: 1, pixel_lit: false, shadow_px: 0, error_target_px: 56, far_m: 1000, trees_m: 120 },
  { pixel_ratio_max: 1, pixel_lit: true, shadow_px: 0, error_target_px: 24, far_m: 4000, trees_m: 500 },
  { pixel_ratio_max: 1.5, pixel_lit: true, shadow_px: 1024, error_target_px: 16, far_m: 9000, trees_m: 1200 },
  { pixel_ratio_max: 2, pixel_lit: true, shadow_px: 2048, error_target_px: 10, far_m: 20000, trees_m: 4000 },
];

export const kQualityChoices = ['automatic', 'light', 'full'] as const;
export type QualityChoice = (typeof kQualityChoices)[number];

/** Slower than this and a tier goes; faster than the other and one comes back. */
const kSlow_s = 1 / 24;
const kFast_s = 1 / 55;
const kFramesToFall = 16;
const kFramesToRise = 240;
/** A tier that had to be left is tried again this often and no more, so that quality does not swing. */
const kRisesMax = 2;

/** Tier by frame time, with memory of what did not work. */
export class Quality {
  #tier: number;
  #ceiling = kTiers.length - 1;
  #floor = 0;
  #slow = 0;
  #fast = 0;
  #rises = 0;

  constructor(first_tier: number) {
    this.#tier = first_tier;
  }

  get tier(): number {
    return this.#tier;
  }
  get now(): Tier {
    return kTiers[this.#tier]!;
  }

  choose(choice: QualityChoice): void {
    const last = kTiers.length - 1;
    this.#floor = choice === 'full' ? last : 0;
    this.#ceiling = choice === 'light' ? 0 : last;
    this.#tier = Math.min(this.#ceiling, Math.max(this.#floor, this.#tier));
  }

  /** Tells of a frame within a movement. True: the tier has changed. */
  frame(step_s: number): boolean {
    this.#slow = step_s > kSlow_s ? this.#slow + 1 : Math.max(0, this.#slow - 2);
    this.#fast = step_s < kFast_s ? this.#fast + 1 : 0;
    if (this.#slow >= kFramesToFall && this.#tier > this.#floor) return this.#move(-1);
    if (this.#fast >= kFramesToRise && this.#tier < this.#ceiling && this.#rises < kRisesMax) {
      this.#rises++;
      return this.#move(1);
    }
    return false;
  }

  #move(by: number): boolean {
    this.#tier += by;
    this.#slow = 0;
    this.#fast = 0;
    return true;
  }
}
