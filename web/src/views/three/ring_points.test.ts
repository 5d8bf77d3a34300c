import { expect, test } from 'vitest';
import { distance_m } from '../../lib/ground';
import { along_ring } from './ring_points';

const square = [
  { lat: 50, lon: 14 },
  { lat: 50, lon: 14.002 },
  { lat: 50.001, lon: 14.002 },
  { lat: 50.001, lon: 14 },
];

test('no two neighbours are further apart than a step, around the ring', () => {
  const points = along_ring(square, 12);
  points.forEach((point, i) => expect(distance_m(point, points[(i + 1) % points.length]!)).toBeLessThanOrEqual(12.001));
});

test('all corners are among them, once, also where the ring says its first point twice', () => {
  for (const ring of [square, [...square, square[0]!]]) {
    const points = along_ring(ring, 50);
    for (const corner of square) expect(points.filter(({ lat, lon }) => lat === corner.lat && lon === corner.lon)).toHaveLength(1);
  }
});

test('a long step leaves the corners alone', () => {
  expect(along_ring(square, 1e6)).toEqual(square);
});
