// A chart as numbers: which steps there are, where a line is drawn and where it is not. Knows no page.
import type { components } from '../lib/api_types';

type History = components['schemas']['LiveHistory'];

export const kSpans = ['day', 'week', 'month'] as const;
export type Span = (typeof kSpans)[number];
/** Length and step, seconds: about as many steps as a phone has room for. */
const kSpan_s: Record<Span, { length: number; step: number }> = {
  day: { length: 86_400, step: 900 },
  week: { length: 7 * 86_400, step: 7200 },
  month: { length: 30 * 86_400, step: 6 * 3600 },
};

/** The time that is shown at a moment: whole steps, so that what was asked once is asked the same again. */
export function range_of(span: Span, moment_ms: number): { from_ms: number; to_ms: number; step_s: number } {
  const { length, step } = kSpan_s[span];
  const to_ms = Math.ceil(moment_ms / (step * 1000)) * step * 1000;
  return { from_ms: to_ms - length * 1000, to_ms, step_s: step };
}

/** One step; without a value all numbers are null and count is 0. */
export interface Step {
  at_ms: number;
  min: number | null;
  avg: number | null;
  max: number | null;
  count: number;
}

/** All steps of a history, those without a value as well. */
export function steps_of({ from, to, step_s, points }: History): Step[] {
  const step_ms = step_s * 1000;
  const from_ms = Date.parse(from);
  const steps: Step[] = [];
  const known = new Map(points.map((point) => [Math.round((Date.parse(point.at) - from_ms) / step_ms), point]));
  for (let i = 0; from_ms + i * step_ms < Date.parse(to); i++) {
    const point = known.get(i);
    const has_value = typeof point?.avg === 'number';
    steps.push({
      at_ms: from_ms + i * step_ms,
      min: has_value ? (point.min ?? point.avg) : null,
      avg: has_value ? point.avg : null,
      max: has_value ? (point.max ?? point.avg) : null,
      count: has_value ? point.count : 0,
    });
  }
  return steps;
}

/** From below the least to above the greatest value, on round numbers; a flat line stands in the middle. */
export function scale_of(steps: readonly Step[]): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const { min, max } of steps) {
    if (min !== null) low = Math.min(low, min);
    if (max !== null) high = Math.max(high, max);
  }
  if (low > high) return { low: 0, high: 1 };
  const spread = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(spread));
  const round = spread / power > 5 ? power : spread / power > 2 ? power / 2 : power / 5;
  if (low === high) return { low: low - round, high: high + round };
  return { low: exact(Math.floor(low / round) * round), high: exact(Math.ceil(high / round) * round) };
}

/** Without the dust of binary fractions, such as 0.30000000000000004. */
const exact = (value: number): number => Number(value.toPrecision(12));

export interface Lines {
  /** Means, as SVG paths: broken where steps have no value. */
  line: string;
  /** From the least to the greatest of each step. */
  band: string;
  /** Steps that stand alone, which a line would not show. */
  dots: string;
  x_of: (index: number) => number;
}

/** Paths within a box; mirrored, time runs from right to left. */
export function lines_of(steps: readonly Step[], { low, high }: { low: number; high: number }, box: { width: number; height: number; is_mirrored: boolean }): Lines {
  const x_of = (index: number): number => {
    const x = ((index + 0.5) / Math.max(1, steps.length)) * box.width;
    return round(box.is_mirrored ? box.width - x : x);
  };
  const y_of = (value: number): number => round(box.height - ((value - low) / (high - low)) * box.height);
  const lines: Lines = { line: '', band: '', dots: '', x_of };
  for (let begin = 0; begin < steps.length; begin++) {
    if (steps[begin]!.avg === null) continue;
    let end = begin;
    while (end + 1 < steps.length && steps[end + 1]!.avg !== null) end++;
    const run = steps.slice(begin, end + 1).map((step, i) => ({ x: x_of(begin + i), step }));
    if (begin === end) {
      lines.dots += `M${run[0]!.x} ${y_of(run[0]!.step.avg!)}h0`;
    } else {
      lines.line += run.map(({ x, step }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y_of(step.avg!)}`).join('');
      const above = run.map(({ x, step }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y_of(step.max!)}`).join('');
      const below = run.toReversed().map(({ x, step }) => `L${x} ${y_of(step.min!)}`).join('');
      lines.band += `${above}${below}Z`;
    }
    begin = end;
  }
  return lines;
}

const round = (value: number): number => Math.round(value * 100) / 100;
