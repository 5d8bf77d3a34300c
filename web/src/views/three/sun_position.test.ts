// The sun's place against published examples of the NREL algorithm and of the almanac.
import { describe, expect, it } from 'vitest';
import { kSunPositionError_deg, sun_position, sun_vector } from './sun_position';

describe('the sun', () => {
  it('stands where the NREL report puts it on 2003-10-17 12:30:30 at UTC−7', () => {
    // Reda & Andreas 2004, NREL/TP-560-34302, table A5.1: zenith 50.11162°, azimuth 194.34024°.
    const sun = sun_position(Date.UTC(2003, 9, 17, 19, 30, 30), 39.742476, -105.1786, 820, 11);
    expect(Math.abs(90 - sun.elevation_deg - 50.11162)).toBeLessThan(kSunPositionError_deg);
    expect(Math.abs(sun.azimuth_deg - 194.34024)).toBeLessThan(kSunPositionError_deg);
  });

  it('stands in the zenith of Meeus example 25.a on 1992-10-13 0h TD', () => {
    // Apparent right ascension 13h13m31.4s, declination −7°47′06″ (by the full theory: −7.78507°, 198.38083°).
    const time_ms = Date.UTC(1992, 9, 13) - 59_000;
    const days = time_ms / 86_400_000 + 2440587.5 - 2451545;
    const sidereal_deg = 280.46061837 + 360.98564736629 * days;
    const lon_deg = ((((198.38083 - sidereal_deg) % 360) + 540) % 360) - 180;
    const sun = sun_position(time_ms, -7.78507, lon_deg, 0);
    expect(90 - sun.elevation_deg).toBeLessThan(2 * kSunPositionError_deg);
  });

  it('is due south and high at noon of the June solstice north of the tropic', () => {
    const sun = sun_position(Date.UTC(2026, 5, 21, 11, 32), 43.7385, 7.4246);
    expect(Math.abs(sun.azimuth_deg - 180)).toBeLessThan(1);
    expect(Math.abs(sun.elevation_deg - (90 - 43.7385 + 23.44))).toBeLessThan(0.1);
  });

  it('gives a unit vector with x east, y up and z south', () => {
    const [x, y, z] = sun_vector({ azimuth_deg: 90, elevation_deg: 30 });
    expect(x).toBeCloseTo(Math.sqrt(3) / 2);
    expect(y).toBeCloseTo(0.5);
    expect(z).toBeCloseTo(0);
  });
});
