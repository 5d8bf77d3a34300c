import { describe, expect, test } from 'vitest';
import { height_of, kStreetZoom, kZoomMax, kZoomMin, zoom_of } from './zoom';

describe('the zoom of the map', () => {
  test('and the height of the eye are two names of one thing', () => {
    for (const height_m of [100, 300, 1500, 20_000]) {
      for (const lat of [0, 43.7, -64]) expect(height_of(zoom_of(height_m, lat, 720), lat, 720) / height_m).toBeCloseTo(1, 9);
    }
  });
  test('one level nearer is half the height', () => {
    expect(height_of(15, 43.7, 720) / height_of(16, 43.7, 720)).toBeCloseTo(2, 9);
  });
  test('of somebody on foot shows the streets around', () => {
    expect(zoom_of(1.7, 43.7, 720)).toBe(kStreetZoom);
  });
  test('stays within what the tiles can show', () => {
    expect(zoom_of(1e7, 0, 720)).toBe(kZoomMin);
    expect(zoom_of(61, 89, 720)).toBeLessThanOrEqual(kZoomMax);
  });
});
