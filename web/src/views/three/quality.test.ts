// The picture gets cheaper on a slow machine, and does not swing between two costs.
import { describe, expect, it } from 'vitest';
import { kTiers, Quality } from './quality';

const frames = (quality: Quality, count: number, step_s: number) => {
  let changes = 0;
  for (let i = 0; i < count; i++) if (quality.frame(step_s)) changes++;
  return changes;
};

describe('quality', () => {
  it('falls to the lowest tier on a machine that is always slow, and stays there', () => {
    const quality = new Quality(3);
    expect(frames(quality, 200, 0.1)).toBe(3);
    expect(quality.tier).toBe(0);
  });

  it('does not fall for one slow frame among fast ones', () => {
    const quality = new Quality(2);
    for (let i = 0; i < 100; i++) frames(quality, 1, i % 10 === 0 ? 0.08 : 0.02);
    expect(quality.tier).toBe(2);
  });

  it('climbs back at most twice where a tier proves too much again and again', () => {
    const quality = new Quality(1);
    for (let i = 0; i < 20; i++) {
      frames(quality, 300, 0.01);
      frames(quality, 40, 0.1);
    }
    expect(quality.tier).toBe(0);
    expect(frames(quality, 2000, 0.01)).toBe(0);
  });

  it('is what the visitor chose, whatever frames take', () => {
    const quality = new Quality(1);
    quality.choose('full');
    frames(quality, 100, 0.2);
    expect(quality.now).toBe(kTiers[kTiers.length - 1]);
    quality.choose('light');
    frames(quality, 1000, 0.005);
    expect(quality.tier).toBe(0);
  });
});
