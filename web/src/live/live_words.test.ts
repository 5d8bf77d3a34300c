import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Words, type Messages } from '../lib/words';
import type { LiveItem, LiveValue } from './live_feed';
import { age_text, is_source_unsaid, is_stale, observed_ms, quality_of, shown_values, status_key, title_of, value_text } from './live_words';

const read = (file: string): Messages => JSON.parse(readFileSync(new URL(`../messages/${file}`, import.meta.url), 'utf8')) as Messages;
const words = new Words();
words.use('en', { ...read('en.json'), ...read('live/en.json') });

const value = (name: string, given: unknown, more: Partial<LiveValue> = {}): LiveValue => ({ name, iri: `https://x/${name}`, value: given, ...more }) as LiveValue;
const bus: LiveItem = {
  id: 'urn:1',
  type: 'https://x/Vehicle',
  kind: 'Vehicle',
  values: [
    value('speed', 23.456, { unit: 'KMH', observed_at: '2026-06-17T12:00:00Z', status: 'simulated' }),
    value('lineName', '2'),
    value('vehicleType', 'bus'),
    value('delay', 130, { unit: 'SEC', observed_at: '2026-06-17T12:00:05Z' }),
    value('shape', { type: 'x' }),
  ],
};

describe('live values in words', () => {
  test('have the unit of their code, and a code that is unknown as it came', () => {
    expect(value_text(value('no2', 31.25, { unit: 'GQ' }), words)).toBe('31.25 µg/m³');
    expect(value_text(value('peopleCount', 1200, { unit: 'C62' }), words)).toBe('1,200');
    expect(value_text(value('x', 2, { unit: 'ZZZ' }), words)).toBe('2 ZZZ');
    expect(value_text(value('relativeHumidity', 0.46, { unit: 'C62' }), words)).toBe('46 %');
  });
  test('say lateness in minutes', () => {
    expect(value_text(value('delay', 20, { unit: 'SEC' }), words)).toBe('on time');
    expect(value_text(value('delay', 130, { unit: 'SEC' }), words)).toBe('2 minutes late');
  });
  test('name a vehicle by its line, and leave out what no line of text can show', () => {
    expect(title_of(bus, words)).toBe('Bus 2');
    expect(shown_values(bus).map(({ name }) => name)).toEqual(['delay', 'speed']);
  });
  test('are stale when they are old for their kind', () => {
    const at = Date.parse('2026-06-17T12:00:05Z');
    expect(observed_ms(bus)).toBe(at);
    expect([is_stale(bus, at + 59_000), is_stale(bus, at + 61_000)]).toEqual([false, true]);
    expect(age_text(bus, at + 12_000, words)).toBe('12 seconds ago');
    expect(age_text({ ...bus, values: [] }, at, words)).toBe('time not known');
  });
  test('say when they do not say where they are from, and of what quality what was measured is', () => {
    expect(is_source_unsaid(bus)).toBe(true);
    const said = { ...bus, values: bus.values.map((one) => ({ ...one, source: 'City buses' })) };
    expect(is_source_unsaid(said)).toBe(false);
    // A name or a line is no measurement.
    expect(is_source_unsaid({ ...bus, values: [value('lineName', '2')] })).toBe(false);
    const graded = [value('no2', 1, { quality: 'good' }), value('o3', 1, { quality: 'good' }), value('no2Hour', 1, { quality: '2 values', rule: 'mean' })];
    expect(quality_of({ ...bus, values: graded })).toBe('good');
  });
  test('always say when they are simulated', () => {
    expect(status_key(bus)).toBe('live.status.simulated');
    expect(status_key({ ...bus, values: [] })).toBe(null);
  });
});
