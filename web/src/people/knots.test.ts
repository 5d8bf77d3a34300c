import { expect, test } from 'vitest';
import { knots_of } from './knots';
import { People } from './people';

const people_at = (...places: [number, number][]): People => {
  const people = new People({ lat: 43.7, lon: 7.4 });
  places.forEach(([x_m, y_m], index) => people.appear(index + 1, 0, { x_m, y_m, z_m: 0, heading_deg: 0 }));
  return people;
};
const all = (people: People) => [...people.neighbours.values()];

test('people who stand together are one knot, seen from where one is', () => {
  const people = people_at([0, 40], [3, 44], [-3, 36], [200, 0]);
  const knots = knots_of(all(people), [], people.me.pose);
  expect(knots.map(({ count, distance_m, bearing_deg }) => [count, Math.round(distance_m), Math.round(bearing_deg)])).toEqual([
    [3, 40, 0],
    [1, 200, 90],
  ]);
  expect(knots.flatMap((knot) => knot.people.map(({ person }) => person)).sort()).toEqual([1, 2, 3, 4]);
});

test('a crowd joins those who stand in it, or stands for itself', () => {
  const people = people_at([10, 10]);
  const crowds = [
    { x_m: 0, y_m: 0, size_m: 32, count: 30 },
    { x_m: 320, y_m: 0, size_m: 32, count: 9 },
  ];
  expect(knots_of(all(people), crowds, people.me.pose).map(({ count }) => count)).toEqual([31, 9]);
});

test('nobody is no knot', () => {
  expect(knots_of([], [], people_at().me.pose)).toEqual([]);
});

test('all who are around are counted once', () => {
  const people = people_at([10, 10], [11, 10]);
  people.crowds = [{ x_m: 0, y_m: 0, size_m: 32, count: 30 }];
  expect(people.count).toBe(32);
});
