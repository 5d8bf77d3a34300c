import { describe, expect, test } from 'vitest';
import { bearing_deg, compass_point, distance_m, moved, turn_deg } from './ground';

describe('distances on the ground', () => {
  // Lengths of a degree on WGS 84 at 45° north, as geodesy's tables give them: 111,132 m of latitude, 78,847 m of longitude.
  test('of a hundredth of a degree agree with the ellipsoid within 0.6 %', () => {
    expect(distance_m({ lat: 44.995, lon: 7 }, { lat: 45.005, lon: 7 }) / 1111.32).toBeCloseTo(1, 2);
    const east_m = distance_m({ lat: 45, lon: 7 }, { lat: 45, lon: 7.01 });
    expect(Math.abs(east_m / 788.47 - 1)).toBeLessThan(0.006);
  });
  test('cross the date line the short way', () => {
    expect(distance_m({ lat: 0, lon: 179.999 }, { lat: 0, lon: -179.999 })).toBeLessThan(250);
  });
});

describe('directions', () => {
  test.each([
    [{ lat: 1, lon: 0 }, 0],
    [{ lat: 0, lon: 1 }, 90],
    [{ lat: -1, lon: 0 }, 180],
    [{ lat: 0, lon: -1 }, 270],
  ])('to %o are clockwise from north', (to, expected) => {
    expect(bearing_deg({ lat: 0, lon: 0 }, to)).toBeCloseTo(expected, 6);
  });
  test('have the name of the nearest of eight winds, also around north', () => {
    expect([337.4, 337.6, 359, 0, 22.4, 22.6, 180, -90].map(compass_point)).toEqual(['nw', 'n', 'n', 'n', 'n', 'ne', 's', 'w']);
  });
  test('differ by the smaller turn', () => {
    expect(turn_deg(350, 10)).toBe(20);
    expect(turn_deg(10, 350)).toBe(-20);
    expect(turn_deg(0, 180)).toBe(180);
  });
  test('and a distance lead to the place that lies there', () => {
    for (let direction = 0; direction < 360; direction += 15) {
      const from = { lat: 43.7384, lon: 7.4246 };
      const to = moved(from, direction, 250);
      expect(distance_m(from, to)).toBeCloseTo(250, 2);
      expect(Math.abs(turn_deg(bearing_deg(from, to), direction))).toBeLessThan(0.01);
    }
  });
});
