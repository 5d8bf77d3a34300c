import { expect, test } from 'vitest';
import { kLeap_m, Motion, type Pose } from './motion';

const pose = (x_m: number, heading_deg = 90): Pose => ({ x_m, y_m: 0, z_m: 2, heading_deg });
const blank = (): Pose => pose(0, 0);

test('who walks evenly is drawn walking evenly, between the places that were told', () => {
  const motion = new Motion();
  for (let i = 0; i <= 10; ++i) motion.add(i * 100, pose(i * 0.15));
  const drawn = [0, 25, 50, 75, 100].map((ms) => motion.at(900 + ms, blank()).x_m);
  for (let i = 1; i < drawn.length; ++i) expect(drawn[i]! - drawn[i - 1]!).toBeCloseTo(0.0375, 6);
  expect(drawn[0]!).toBeGreaterThan(1);
  expect(drawn[0]!).toBeLessThan(1.35);
});

test('who stops is drawn at the last place, and nowhere beyond it', () => {
  const motion = new Motion();
  for (let i = 0; i <= 5; ++i) motion.add(i * 100, pose(i));
  for (const ms of [600, 900, 60_000]) expect(motion.at(ms + 500, blank()).x_m).toBe(5);
});

test('who was taken far away is not drawn on the way', () => {
  const motion = new Motion();
  for (let i = 0; i <= 5; ++i) motion.add(i * 100, pose(i));
  motion.add(600, pose(5 + kLeap_m * 10));
  expect(motion.at(610, blank()).x_m).toBe(5 + kLeap_m * 10);
});

test('who stood long and goes on starts from where they stood, not from long ago', () => {
  const motion = new Motion();
  for (let i = 0; i <= 5; ++i) motion.add(i * 100, pose(0));
  motion.add(60_000, pose(0.2));
  expect(motion.at(60_000, blank()).x_m).toBeLessThan(0.2);
  expect(motion.at(60_200, blank()).x_m).toBe(0.2);
});

test('a turn goes the shorter way around', () => {
  const motion = new Motion();
  for (let i = 0; i <= 7; ++i) motion.add(i * 100, pose(0, i % 2 === 0 ? 350 : 10));
  for (let ms = 200; ms < 800; ms += 7) {
    const { heading_deg } = motion.at(ms, blank());
    expect(heading_deg >= 349.9 || heading_deg <= 10.1).toBe(true);
  }
});

test('speed is told while somebody walks, and is none when nothing more comes', () => {
  const motion = new Motion();
  for (let i = 0; i <= 5; ++i) motion.add(i * 100, pose(i * 0.14));
  expect(motion.speed_m_s(550)).toBeCloseTo(1.4, 6);
  expect(motion.speed_m_s(5000)).toBe(0);
});
