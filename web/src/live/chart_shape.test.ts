import { describe, expect, test } from 'vitest';
import { lines_of, range_of, scale_of, steps_of } from './chart_shape';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const history = (values: Record<number, number>, minutes: number): Parameters<typeof steps_of>[0] => ({
  entity: 'urn:s:1',
  attribute: 'https://x/level',
  from: at(0),
  to: at(minutes),
  step_s: 60,
  points: Object.entries(values).map(([minute, value]) => ({ at: at(Number(minute)), min: value - 1, avg: value, max: value + 1, count: 2 })),
  gaps: [],
});
const box = { width: 100, height: 50, is_mirrored: false };

describe('a chart', () => {
  test('shows whole steps up to the moment, so that it is asked the same again', () => {
    const { from_ms, to_ms, step_s } = range_of('day', Date.UTC(2026, 0, 2, 0, 7));
    expect(new Date(to_ms).toISOString()).toBe('2026-01-02T00:15:00.000Z');
    expect(to_ms - from_ms).toBe(86_400_000);
    expect(range_of('day', Date.UTC(2026, 0, 2, 0, 8)).to_ms).toBe(to_ms);
    expect(86_400 / step_s).toBe(96);
  });

  test('has every step, also those without a value', () => {
    const steps = steps_of(history({ 0: 5, 2: 7 }, 4));
    expect(steps.map((step) => step.avg)).toEqual([5, null, 7, null]);
  });

  test('draws no line across a gap, and a step alone as a dot', () => {
    const steps = steps_of(history({ 0: 5, 1: 6, 3: 7 }, 4));
    const lines = lines_of(steps, { low: 0, high: 10 }, box);
    expect(lines.line).toBe('M12.5 25L37.5 20');
    expect(lines.dots).toBe('M87.5 15h0');
    expect(lines.band).toBe('M12.5 20L37.5 15L37.5 25L12.5 30Z');
  });

  test('runs from right to left where the page does', () => {
    const steps = steps_of(history({ 0: 5, 1: 6 }, 2));
    expect(lines_of(steps, { low: 0, high: 10 }, { ...box, is_mirrored: true }).line).toBe('M75 25L25 20');
  });

  test('stands on round numbers, and a flat line in the middle', () => {
    expect(scale_of(steps_of(history({ 0: 48.2, 1: 61.4 }, 2)))).toEqual({ low: 46, high: 64 });
    const flat = scale_of([{ at_ms: 0, min: 3, avg: 3, max: 3, count: 1 }]);
    expect(flat.low).toBeLessThan(3);
    expect(flat.high).toBeGreaterThan(3);
    expect(scale_of([])).toEqual({ low: 0, high: 1 });
  });
});
