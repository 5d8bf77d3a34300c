import { describe, expect, test } from 'vitest';
import { distance_m, moved, type LatLon } from '../../lib/ground';
import { corner_of, length_m, nearest_on, paths_of, walked } from './path';

const kHome: LatLon = { lat: 43.7384, lon: 7.4246 };
const at = (east: number, north: number): LatLon => moved(moved(kHome, 90, east), 0, north);
/** An L: 100 m east, then 50 m north. */
const kCornered = [at(0, 0), at(100, 0), at(100, 50)];

describe('walking along a street', () => {
  test('starts at the nearest point of its line', () => {
    const on = nearest_on([kCornered], at(40, 7))!;
    expect(on.along_m).toBeCloseTo(40, 1);
    expect(on.away_m).toBeCloseTo(7, 1);
  });
  test('goes around the corner and looks where it goes', () => {
    const step = walked(nearest_on([kCornered], at(80, 0))!, 40);
    expect(distance_m(step.place, at(100, 20))).toBeLessThan(0.1);
    expect(step.heading_deg).toBeCloseTo(0, 0);
    expect(step.left_m).toBe(0);
  });
  test('backwards looks back', () => {
    const step = walked(nearest_on([kCornered], at(80, 0))!, -30);
    expect(distance_m(step.place, at(50, 0))).toBeLessThan(0.1);
    expect(step.heading_deg).toBeCloseTo(270, 0);
  });
  test('stops at the end and says what is left', () => {
    const step = walked(nearest_on([kCornered], at(100, 40))!, 50);
    expect(distance_m(step.place, at(100, 50))).toBeLessThan(0.1);
    expect(step.left_m).toBeCloseTo(40, 1);
  });
  test('there and back leads home', () => {
    const there = walked(nearest_on([kCornered], at(10, 0))!, 120);
    const back = walked(nearest_on([kCornered], there.place)!, -120);
    expect(distance_m(back.place, at(10, 0))).toBeLessThan(0.2);
    expect(length_m(kCornered)).toBeCloseTo(150, 1);
  });
  test('survives a line whose points are one', () => {
    expect(nearest_on([[kHome, kHome]], at(3, 4))!.away_m).toBeCloseTo(5, 1);
    expect(nearest_on([], kHome)).toBeNull();
  });
});

describe('a corner', () => {
  test('is where two streets share a vertex, the nearest of several', () => {
    const other = [at(0, 30), at(0, 0), at(50, -40), at(100, 0), at(140, 0)];
    expect(corner_of([kCornered], [other], at(90, 10))).toEqual(at(100, 0));
    expect(corner_of([kCornered], [other], at(5, 5))).toEqual(at(0, 0));
  });
  test('is nowhere where they do not meet', () => {
    expect(corner_of([kCornered], [[at(0, 30), at(50, 30)]], kHome)).toBeNull();
  });
});

describe('a street’s geometry', () => {
  test('is read from GeoJSON with longitude first, and only from lines', () => {
    expect(paths_of({ type: 'MultiLineString', coordinates: [[[7, 43], [8, 44]], [[1, 2]]] })).toEqual([[{ lat: 43, lon: 7 }, { lat: 44, lon: 8 }]]);
    expect(paths_of({ type: 'Point', coordinates: [7, 43] })).toEqual([]);
    expect(paths_of(undefined)).toEqual([]);
  });
});
