import { describe, expect, test } from 'vitest';
import { accent_on, contrast, hex_of, hue_for, rgb_from, rgb_from_oklch } from './colour';

describe('contrast', () => {
  // From WCAG's own tables and definition: black on white is 21; #767676 is the lightest grey that has 4.5 on white.
  test('is as WCAG says', () => {
    const white = rgb_from('#ffffff');
    expect(contrast(rgb_from('#000000'), white)).toBeCloseTo(21, 6);
    expect(contrast(rgb_from('#767676'), white)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(rgb_from('#777777'), white)).toBeLessThan(4.5);
  });
});

describe('OKLCH', () => {
  // The primaries as CSS Color 4 gives them in OKLCH.
  test.each([
    [0.62796, 0.25768, 29.234, '#ff0000'],
    [0.86644, 0.29483, 142.495, '#00ff00'],
    [0.45201, 0.31321, 264.052, '#0000ff'],
    [1, 0, 0, '#ffffff'],
  ])('(%f %f %f) is %s', (lightness, chroma, hue, hex) => {
    expect(hex_of(rgb_from_oklch(lightness, chroma, hue))).toBe(hex);
  });
});

describe('the accent of a city', () => {
  const light = ['#f6f3ec', '#fffdf9', '#ece7dc', '#dfeaeb'].map(rgb_from);
  const dark = ['#17181a', '#202225', '#101113', '#24363b'].map(rgb_from);
  test('can be read on every background, whatever its hue', () => {
    for (let hue = 0; hue < 360; hue += 5) {
      for (const [backgrounds, kind] of [
        [light, 'darker'],
        [dark, 'lighter'],
      ] as const) {
        const colour = rgb_from(hex_of(accent_on(backgrounds, hue, kind)));
        for (const background of backgrounds) expect(contrast(colour, background)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
  test('stays away from the hues that mean something', () => {
    for (const name of ['Monaco', 'Krems', 'Porto Alegre', 'القاهرة', '']) {
      expect(hue_for(name)).toBeGreaterThanOrEqual(165);
      expect(hue_for(name)).toBeLessThan(295);
    }
  });
});
