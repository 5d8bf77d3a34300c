// The colours of the hour: what the sun, the sky and the ground send onto the model at each height of the sun.
import { Color } from 'three';

/** Linear light; white card in the noon sun comes out near 1. */
export interface Daylight {
  sun: Color;
  /** From above and from below, onto surfaces that look up and down. */
  sky: Color;
  ground: Color;
  zenith: Color;
  horizon: Color;
  /** Around the sun. */
  glow: Color;
  water: Color;
  exposure: number;
  /** 0 by day to 1 at night: how many of the lamps that the hour allows are seen. */
  lamps: number;
}

type Row = [elevation_deg: number, sun: number, sun_strength: number, sky: number, sky_strength: number, ground: number,
  zenith: number, horizon: number, glow: number, glow_strength: number, water: number, exposure: number, lamps: number];

/** Judged by eye on screenshots of white card models; colours are sRGB, strengths linear. */
const kRows: Row[] = [
  [-18, 0x8fa6d8, 0.0, 0x41548c, 0.16, 0x141a2e, 0x070b1a, 0x141d38, 0x1a2444, 0.1, 0x0a1226, 1.35, 1],
  [-9, 0x8fa6d8, 0.0, 0x4a5f9a, 0.24, 0x1a2138, 0x0d1630, 0x2a3961, 0x4a4a78, 0.25, 0x10203c, 1.3, 1],
  [-4, 0xff9060, 0.0, 0x6377b0, 0.44, 0x2b3046, 0x24386e, 0x8d7f9c, 0xe08a66, 0.55, 0x2a4060, 1.2, 0.9],
  [-0.8, 0xff8a50, 0.0, 0x7f90c2, 0.66, 0x4a4a58, 0x3d5c9c, 0xdba98c, 0xffa05c, 0.9, 0x44607c, 1.1, 0.65],
  [2, 0xff9a55, 0.95, 0x8ea2d2, 0.76, 0x6a6060, 0x4a74b4, 0xecc5a0, 0xffb066, 1.0, 0x4a7490, 1.05, 0.3],
  [8, 0xffc58a, 2.0, 0x9fb8e2, 0.86, 0x8a7c70, 0x4f86c8, 0xe3d8c6, 0xffd096, 0.8, 0x48809a, 1.0, 0],
  [20, 0xffe2bf, 2.7, 0xaac4ea, 0.98, 0x9c9084, 0x4a8ad0, 0xd4e0e8, 0xffe8c8, 0.55, 0x44839f, 0.96, 0],
  [45, 0xfff0da, 3.0, 0xb2cbee, 1.05, 0xa89c90, 0x4287d2, 0xcbdfee, 0xfff4e0, 0.45, 0x4087a6, 0.92, 0],
  [90, 0xfff4e4, 3.05, 0xb4cdf0, 1.08, 0xaca096, 0x3d83d2, 0xc6def0, 0xfff6e8, 0.4, 0x3f88aa, 0.9, 0],
];

/** A sky that is brighter than paper would be white, not blue. */
const kBrightest = 0.94;

const mix = (a: number, b: number, t: number) => a + (b - a) * t;

function mixed(a: number, b: number, t: number, from = 1, to = from): Color {
  return new Color(a).multiplyScalar(from).lerp(new Color(b).multiplyScalar(to), t);
}

/** The light that the picture's curve, 1 − exp(−light × exposure), shows as this colour. */
function shown_as(colour: Color, exposure: number): Color {
  const light = (c: number) => -Math.log(1 - Math.min(c, kBrightest)) / exposure;
  return colour.setRGB(light(colour.r), light(colour.g), light(colour.b));
}

/** Units: elevation of the sun in degrees, −90 to 90. Continuous in it. */
export function daylight_at(elevation_deg: number): Daylight {
  const after = kRows.findIndex((row) => row[0] >= elevation_deg);
  const high = kRows[after < 0 ? kRows.length - 1 : after]!;
  const low = kRows[after < 0 ? kRows.length - 1 : Math.max(0, after - 1)]!;
  const span = high[0] - low[0];
  const t = span === 0 ? 0 : (elevation_deg - low[0]) / span;
  const exposure = mix(low[11], high[11], t);
  return {
    sun: mixed(low[1], high[1], t, low[2], high[2]),
    sky: mixed(low[3], high[3], t, low[4], high[4]),
    ground: mixed(low[5], high[5], t, low[4], high[4]),
    zenith: shown_as(mixed(low[6], high[6], t), exposure),
    horizon: shown_as(mixed(low[7], high[7], t), exposure),
    glow: mixed(low[8], high[8], t, low[9], high[9]),
    water: mixed(low[10], high[10], t),
    exposure,
    lamps: mix(low[12], high[12], t),
  };
}

/** Share of windows that are lit at an hour of the city's day, by what the building is for. 0 to 1. */
export function lit_share(use: WindowUse, hour: number): number {
  const day = kLitShare[use];
  const from = Math.floor(hour) % 24;
  return mix(day[from]!, day[(from + 1) % 24]!, hour - Math.floor(hour));
}

export const kWindowUses = ['home', 'work', 'shop', 'open_late'] as const;
export type WindowUse = (typeof kWindowUses)[number];

/** By hour of the day; chosen, not measured: homes are lit in the evening, offices by day. */
const kLitShare: Record<WindowUse, number[]> = {
  home: [0.2, 0.12, 0.08, 0.06, 0.06, 0.1, 0.22, 0.34, 0.3, 0.24, 0.22, 0.22, 0.24, 0.24, 0.24, 0.26, 0.32, 0.42, 0.52, 0.56, 0.56, 0.52, 0.44, 0.32],
  work: [0.04, 0.03, 0.03, 0.03, 0.05, 0.1, 0.2, 0.42, 0.62, 0.66, 0.66, 0.64, 0.6, 0.64, 0.66, 0.64, 0.6, 0.48, 0.32, 0.2, 0.14, 0.1, 0.07, 0.05],
  shop: [0.1, 0.08, 0.06, 0.06, 0.08, 0.14, 0.26, 0.44, 0.66, 0.74, 0.76, 0.76, 0.76, 0.76, 0.76, 0.76, 0.76, 0.76, 0.74, 0.6, 0.4, 0.26, 0.18, 0.12],
  open_late: [0.5, 0.34, 0.22, 0.16, 0.14, 0.18, 0.3, 0.4, 0.4, 0.38, 0.36, 0.36, 0.38, 0.38, 0.38, 0.4, 0.46, 0.56, 0.66, 0.72, 0.72, 0.7, 0.66, 0.6],
};

const kUseOf: Record<string, WindowUse> = {
  commercial: 'work', office: 'work', industrial: 'work', civic: 'work', school: 'work', construction: 'work',
  retail: 'shop', transport: 'open_late', hotel: 'open_late', culture: 'open_late', health: 'open_late',
};

export function window_use(use: string): WindowUse {
  return kUseOf[use] ?? 'home';
}
