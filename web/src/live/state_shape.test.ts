// States over time: runs of equal values, a step for each state, and a break where nothing is known.
import { describe, expect, it } from 'vitest';
import { lanes_of, runs_of, samples_of, step_path } from './state_shape';

const kHour_ms = 3_600_000;
const line = (hour: number, value: unknown): string => JSON.stringify({ at: new Date(hour * kHour_ms).toISOString(), value });
const said = (value: boolean | string): string => (typeof value === 'string' ? value : value ? 'yes' : 'no');

describe('a history of states', () => {
  const samples = samples_of([line(0, false), line(1, true), line(2, true), line(3, null), line(5, false), line(6, 17), ''].join('\n'), said);
  const runs = runs_of(samples, 8 * kHour_ms);

  it('is runs of equal values, broken where it was taken away, the last until now', () => {
    expect(runs).toEqual([
      { from_ms: 0, to_ms: kHour_ms, state: 'no' },
      { from_ms: kHour_ms, to_ms: 3 * kHour_ms, state: 'yes' },
      { from_ms: 5 * kHour_ms, to_ms: 8 * kHour_ms, state: 'no' },
    ]);
  });

  it('is drawn in steps, mirrored where reading goes from right to left', () => {
    const range = { from_ms: 0, to_ms: 8 * kHour_ms };
    const lanes = lanes_of(runs, 6);
    expect(lanes).toEqual(['no', 'yes']);
    expect(step_path(runs, lanes, range, { width: 80, height: 20, is_mirrored: false })).toBe('M0 5H10V15H30M50 5H80');
    expect(step_path(runs, lanes, range, { width: 80, height: 20, is_mirrored: true })).toBe('M80 5H70V15H50M30 5H0');
  });

  it('puts rare states on one last step when there are too many', () => {
    const many = ['a', 'b', 'c', 'd'].map((state, i) => ({ from_ms: i * 10, to_ms: i * 10 + 10 - i, state }));
    expect(lanes_of(many, 3)).toEqual(['a', 'b', null]);
    expect(step_path(many, ['a', 'b', null], { from_ms: 0, to_ms: 40 }, { width: 40, height: 30, is_mirrored: false })).toContain('25H');
  });

  it('of nothing is nothing', () => {
    expect(runs_of([], 1)).toEqual([]);
    expect(lanes_of([], 6)).toEqual([]);
  });
});
