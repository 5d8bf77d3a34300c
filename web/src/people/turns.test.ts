import { expect, test } from 'vitest';
import { Turns } from './turns';

const kUnits_per_second = 100;

/** A visitor who steps ten times a second over a network, and a node that takes steps every 100 ms; how old each step was then. */
function walk({ there_and_back_ms, jitter_ms = 0, seconds = 60, learns = true }: { there_and_back_ms: number; jitter_ms?: number; seconds?: number; learns?: boolean }) {
  const turns = new Turns();
  turns.begin(kUnits_per_second);
  let seed = 1;
  const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const one_way_ms = (): number => there_and_back_ms / 2 + random() * jitter_ms;
  const kTurn_ms = 37;
  const under_way: { sequence: number; at_ms: number; sent_ms: number }[] = [];
  const ticks: { tick: number; sequence: number; at_ms: number }[] = [];
  const ages: number[] = [];
  // Just after the node has taken steps, from where a step waits longest.
  let [next_step_ms, sequence, taken] = [kTurn_ms + 1 + there_and_back_ms, 65_500, 65_500];
  for (let now_ms = 0; now_ms < seconds * 1000; now_ms += 1) {
    if (now_ms % 100 === kTurn_ms) {
      for (const step of under_way.filter(({ at_ms }) => at_ms <= now_ms)) {
        if (step.sequence > taken) taken = step.sequence;
        ages.push(now_ms - step.sent_ms);
        under_way.splice(under_way.indexOf(step), 1);
      }
      // The counting of ticks runs over on the way, as it does every 11 minutes.
      ticks.push({ tick: (65_000 + Math.floor(now_ms / 10)) & 0xffff, sequence: taken & 0xffff, at_ms: now_ms + one_way_ms() });
    }
    while (ticks[0] && ticks[0].at_ms <= now_ms) {
      const { tick, sequence: acknowledged } = ticks.shift()!;
      if (learns) turns.ticked(tick, acknowledged, now_ms);
    }
    if (now_ms >= next_step_ms) {
      sequence += 1;
      under_way.push({ sequence, at_ms: now_ms + one_way_ms(), sent_ms: now_ms });
      turns.sent(sequence & 0xffff, now_ms);
      next_step_ms = now_ms + turns.pause_ms(now_ms, 100);
    }
  }
  const settled = ages.slice(Math.floor(ages.length / 2));
  const mean_ms = settled.reduce((sum, age) => sum + age, 0) / settled.length;
  return { mean_ms, steps: ages.length, late: settled.filter((age) => age > there_and_back_ms / 2 + 90).length / settled.length, lead_ms: turns.lead_ms };
}

test('who learns nothing sends at any time: at worst a step waits for nearly a tick', () => {
  expect(walk({ there_and_back_ms: 20, learns: false }).mean_ms).toBeGreaterThan(70);
});

for (const there_and_back_ms of [4, 30, 90, 180]) {
  test(`steps over a network of ${there_and_back_ms} ms come shortly before they are taken, and few come late`, () => {
    const { mean_ms, steps, late } = walk({ there_and_back_ms, jitter_ms: 6 });
    expect(mean_ms).toBeLessThan(there_and_back_ms / 2 + 32);
    expect(late).toBeLessThan(0.05);
    // As many steps as before: ten a second.
    expect(steps).toBeGreaterThan(590);
    expect(steps).toBeLessThan(610);
  });
}

test('a node that says little proves nothing: the lead stays', () => {
  const turns = new Turns();
  turns.begin(kUnits_per_second);
  turns.ticked(10, 0, 100);
  for (let i = 1; i <= 20; ++i) {
    turns.sent(i, i * 1000);
    turns.ticked(10 + i * 100, i, 100 + i * 1000);
  }
  expect(turns.lead_ms).toBe(60);
});

test('the pause is between half a step and one and a half, whatever has been learnt', () => {
  const turns = new Turns();
  expect(turns.pause_ms(5, 100)).toBe(100);
  turns.begin(kUnits_per_second);
  turns.ticked(0, 0, 1000);
  for (let now_ms = 1000; now_ms < 1300; now_ms += 7) {
    expect(turns.pause_ms(now_ms, 50)).toBeGreaterThanOrEqual(25);
    expect(turns.pause_ms(now_ms, 50)).toBeLessThanOrEqual(75);
  }
});
