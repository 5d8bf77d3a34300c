// Vehicles between two reports: along their line, around its corners, and straight where no line leads.
import { describe, expect, it } from 'vitest';
import { distance_m } from '../lib/ground';
import { course_of, courses_of, Glide, place_on, way_between } from './line_course';

/** 300 m east, then 300 m north, at the equator, where a degree is alike both ways. */
const kDeg = 300 / 111_195;
const corner = course_of([{ lat: 0, lon: 0 }, { lat: 0, lon: kDeg }, { lat: kDeg, lon: kDeg }]);
const west = { lat: 0, lon: kDeg * 0.7 };
const north = { lat: kDeg * 0.3, lon: kDeg };

describe('the way of a vehicle', () => {
  it('goes around the corner of its line, in both directions', () => {
    for (const [from, to] of [[west, north], [north, west]] as const) {
      const way = way_between([corner], from, to);
      expect(way.points).toHaveLength(3);
      expect(distance_m(way.points[1]!, corner.points[1]!)).toBeLessThan(0.1);
      expect(distance_m(place_on(way, 0.5), corner.points[1]!)).toBeLessThan(1);
      expect(way.along_m.at(-1)).toBeCloseTo(180, 0);
    }
    expect(place_on(way_between([corner], west, north), 0.2).heading_deg).toBeCloseTo(90, 3);
    expect(place_on(way_between([corner], west, north), 0.8).heading_deg).toBeCloseTo(0, 3);
  });

  it('is straight where no line is known, off the line, and where the line would be a long detour', () => {
    expect(way_between([], west, north).points).toHaveLength(2);
    expect(way_between([corner], { lat: -kDeg, lon: 0 }, north).points).toHaveLength(2);
    // Out for a kilometre and back beside itself: the other pass is 30 m away, and 2 km along.
    const there = 1000 / 111_195;
    const gap = 40 / 111_195;
    const hairpin = course_of([{ lat: 0, lon: 0 }, { lat: 0, lon: there }, { lat: gap * 2.5, lon: there }, { lat: gap * 2.5, lon: 0 }]);
    expect(way_between([hairpin], { lat: 0, lon: 0 }, { lat: gap * 2.5, lon: 0 }).points).toHaveLength(2);
  });

  it('keeps to the pass of the line that is meant where it passes twice', () => {
    const back_and_forth = course_of([{ lat: 0, lon: 0 }, { lat: 0, lon: kDeg * 4 }, { lat: kDeg / 30, lon: kDeg * 4 }, { lat: kDeg / 30, lon: 0 }]);
    const way = way_between([back_and_forth], { lat: 0, lon: kDeg }, { lat: 0, lon: kDeg * 2 });
    expect(way.along_m.at(-1)).toBeCloseTo(300, 0);
  });

  it('takes as long as the reports are apart, and is where it was reported then', () => {
    const glide = new Glide(west, 0);
    glide.go(north, [corner], 8000);
    expect(distance_m(glide.at(12_000), corner.points[1]!)).toBeLessThan(1);
    expect(distance_m(glide.at(glide.until_ms), north)).toBeLessThan(0.1);
    expect(glide.until_ms).toBe(16_000);
    expect(distance_m(glide.at(60_000), north)).toBeLessThan(0.1);
  });

  it('does not crawl after a long silence, and goes on from where it is when a report comes early', () => {
    const glide = new Glide(west, 0);
    glide.go(north, [corner], 3_600_000);
    expect(glide.until_ms - 3_600_000).toBeLessThanOrEqual(2000);
    const half = glide.at(3_601_000);
    glide.go(west, [corner], 3_601_000);
    expect(distance_m(glide.at(3_601_000), half)).toBeLessThan(0.1);
  });

  it('does not jump when one report comes as two messages, and rests while nothing moves', () => {
    const glide = new Glide(west, 0);
    expect(glide.until_ms).toBeLessThanOrEqual(0);
    glide.stay(4000);
    glide.go(north, [corner], 4010);
    expect(glide.until_ms).toBe(6010);
  });
});

describe('the courses of a geometry', () => {
  it('are its parts of two points and more, and none of what is no line', () => {
    const coordinates = [[[0, 0], [1, 1]], [[2, 2]]];
    expect(courses_of({ type: 'MultiLineString', coordinates }, 100)).toHaveLength(1);
    expect(courses_of({ type: 'LineString', coordinates: coordinates[0] }, 100)).toHaveLength(1);
    expect(courses_of({ type: 'Point', coordinates: [0, 0] }, 100)).toEqual([]);
    expect(courses_of({ type: 'MultiLineString', coordinates }, 1)).toEqual([]);
  });
});
