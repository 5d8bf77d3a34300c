import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Words, type Messages } from '../lib/words';
import { quality_text, rule_text, span_text, type LiveRule } from './rules';

const read = (part: string): Messages => JSON.parse(readFileSync(new URL(`../messages/${part}/en.json`, import.meta.url), 'utf8')) as Messages;
const words = new Words();
words.use('en', { ...read('live'), ...read('rules') });
const rule = (given: Partial<LiveRule>): LiveRule => ({ rule: 'r', kind: 'count', of: 'Vehicle', becomes: 'b', becomes_iri: 'urn:b', inputs: [], ...given });
const of = (attribute: string): LiveRule['inputs'] => [{ part: 'value', attribute }];

describe('how a value is computed', () => {
  it('is told for every kind of rule, with nothing left open', () => {
    const rules = [
      rule({ kind: 'threshold', inputs: of('LAeq'), above: 65, clears: 62 }),
      rule({ kind: 'threshold', inputs: of('LAeq'), below: 3, clears: 4 }),
      rule({ kind: 'rolling_mean', inputs: of('pm25'), over_s: 3600, decibels: false }),
      rule({ kind: 'rolling_mean', inputs: of('LAeq'), over_s: 900, decibels: true }),
      rule({ kind: 'count' }),
      rule({ kind: 'count', where: { attribute: 'vehicleType', is: 'bus' } }),
      rule({ kind: 'heat_index', inputs: [...of('temperature'), ...of('relativeHumidity')] }),
      rule({ kind: 'air_quality_index', inputs: [...of('pm25'), ...of('no2')] }),
    ];
    const texts = rules.map((each) => rule_text(each, words));
    expect(new Set(texts).size).toBe(rules.length);
    for (const text of texts) expect(text).not.toMatch(/[{}]|^rules\./);
    expect(texts[0]).toContain('65');
    expect(texts[2]).toContain('1 hour');
    expect(texts[3]).toContain('15 minutes');
    expect(texts[7]).toContain('Fine dust (PM2.5) and Nitrogen dioxide');
  });
  it('says how good a value is in the language of the page, and leaves what it does not know to the node', () => {
    expect(quality_text('of pm25, no2; worst no2', words)).toBe('computed from Fine dust (PM2.5) and Nitrogen dioxide; the worst is Nitrogen dioxide');
    expect(quality_text('1 values', words)).toBe('the mean of 1 value');
    expect(quality_text('4096 values, the newest of more', words)).toBe('the mean of the newest 4,096 values; there were more');
    expect(quality_text('as good as it gets', words)).toBe(null);
  });
  it('names spans by their largest whole unit', () => {
    expect([45, 120, 7200, 172_800].map((span) => span_text(span, words))).toEqual(['45 seconds', '2 minutes', '2 hours', '2 days']);
  });
});
