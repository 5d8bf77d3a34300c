// How much is shown of a body that comes into one's personal space: it fades, and is never quite gone, so that one knows of it.

/** What is left of a body at half of the distance and nearer. */
const kLeast = 0.15;

/**
 * From 1 at the border of the space to kLeast at half of it. `personal_m`: the greater of both wishes (protocol/presence.md, `space`);
 * 0: nobody fades.
 */
export function share_here(away_m: number, personal_m: number): number {
  if (away_m >= personal_m) return 1;
  return Math.max(kLeast, 1 - (1 - kLeast) * 2 * (1 - away_m / personal_m));
}
