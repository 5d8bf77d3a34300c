import { describe, expect, test } from 'vitest';
import { loudest_part } from './loudness';

describe('loudness', () => {
  test('of silence is nothing', () => {
    expect(loudest_part(new Float32Array(8192))).toBe(0);
    expect(loudest_part(new Float32Array(0))).toBe(0);
  });
  test('of a short sound is that of the sound, wherever it is in the wave', () => {
    for (const from of [0, 3000, 7232]) {
      const wave = new Float32Array(8192);
      for (let i = from; i < from + 960; i++) wave[i] = 0.5 * Math.sin(i / 5);
      expect(loudest_part(wave)).toBeGreaterThan(0.2);
      expect(loudest_part(wave)).toBeLessThanOrEqual(0.5);
    }
  });
});
