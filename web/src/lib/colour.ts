// The city's accent colour: a hue of its own, with a lightness that is calculated so that text in it can be read (WCAG 2.2, 1.4.3).

/** Red, green, blue, 0 to 1, sRGB. */
export type Rgb = readonly [number, number, number];

export function rgb_from(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
export function hex_of(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part * 255).toString(16).padStart(2, '0')).join('')}`;
}

/** Relative luminance, WCAG 2.2. */
export function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
/** Contrast ratio, WCAG 2.2: 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** OKLCH to sRGB (B. Ottosson, 2020); parts outside the gamut are clipped. Lightness 0 to 1, hue in degrees. */
export function rgb_from_oklch(lightness: number, chroma: number, hue_deg: number): Rgb {
  const a = chroma * Math.cos((hue_deg * Math.PI) / 180);
  const b = chroma * Math.sin((hue_deg * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const part = (x: number): number => Math.min(1, Math.max(0, x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
  return linear.map(part) as unknown as Rgb;
}

/** A little above AA's 4.5, so that rounding to 8 bits stays above it. */
export const kTextContrast = 4.6;

/**
 * Hues from green over blue to violet: red, amber and yellow mean closed, changed and estimated.
 * The same name always gives the same hue.
 */
export function hue_for(city_name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(city_name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return 165 + (hash % 130);
}

/** The most lively lightness of a hue that can be read on every one of the backgrounds. */
export function accent_on(backgrounds: readonly Rgb[], hue_deg: number, kind: 'darker' | 'lighter'): Rgb {
  for (let step = 0; step <= 100; ++step) {
    const lightness = kind === 'darker' ? 0.62 - step * 0.006 : 0.7 + step * 0.003;
    const colour = rgb_from(hex_of(rgb_from_oklch(lightness, kind === 'darker' ? 0.1 : 0.085, hue_deg)));
    if (backgrounds.every((background) => contrast(colour, background) >= kTextContrast)) return colour;
  }
  return kind === 'darker' ? [0, 0, 0] : [1, 1, 1];
}
