import { expect, test } from 'vitest';
import { share_here } from './personal_space';

test('a body is whole outside of the personal space and fades evenly within it', () => {
  expect(share_here(1.2, 1.2)).toBe(1);
  expect(share_here(40, 1.2)).toBe(1);
  expect(share_here(0.9, 1.2)).toBeCloseTo(0.575, 6);
  for (const [near, far] of [[0.7, 0.8], [0.8, 1], [1, 1.19]] as const) expect(share_here(near, 1.2)).toBeLessThan(share_here(far, 1.2));
});

test('of whoever stands very near something is left, so that one knows of them', () => {
  expect(share_here(0, 1.2)).toBe(0.15);
  expect(share_here(0.6, 1.2)).toBeCloseTo(0.15, 6);
});

test('without a personal space nobody fades', () => {
  expect(share_here(0, 0)).toBe(1);
});
