import { describe, expect, test } from 'vitest';
import { address_of, situation_from, type Situation } from './situation';

const kDefaults = { view: 'door', lat: 43.7384, lon: 7.4246 } as const;
const kSomewhere: Situation = {
  view: '3d',
  lat: 43.739123,
  lon: 7.427456,
  height_m: 120.5,
  heading_deg: 275,
  pitch_deg: -20,
  object: 'building-w4097656',
  query: 'café & thé',
  kind: 'food',
  open_only: true,
  part: '',
  lang: 'ar',
  time_ms: Date.UTC(2026, 5, 21, 12, 30),
};

describe('an address', () => {
  test('leads back to the situation that it was written for', () => {
    expect(situation_from(address_of(kSomewhere), kDefaults)).toEqual(kSomewhere);
  });
  test('of the front door is empty where the door is the first view, and says so where it is not', () => {
    const door: Situation = { ...kSomewhere, view: 'door', lang: null };
    expect(address_of(door)).toBe('');
    expect(situation_from(address_of(door, 'text'), { ...kDefaults, view: 'text' }).view).toBe('door');
  });
  test('of a part of the account leads to it, and leaves it behind in the city', () => {
    const account: Situation = { ...kSomewhere, view: 'account', part: 'sessions' };
    expect(situation_from(address_of(account), kDefaults)).toEqual(account);
    expect(address_of({ ...account, view: 'map' })).not.toContain('sessions');
  });
  test('that is empty gives the defaults, standing and looking north', () => {
    const found = situation_from('', kDefaults);
    expect(found).toMatchObject({ ...kDefaults, height_m: 1.7, heading_deg: 0, object: null, time_ms: null });
  });
  test.each([
    ['lat=91&lon=0', { lat: kDefaults.lat, lon: kDefaults.lon }],
    ['lat=43', { lat: kDefaults.lat, lon: kDefaults.lon }],
    ['lat=1e3&lon=NaN', { lat: kDefaults.lat, lon: kDefaults.lon }],
    ['object=<script>', { object: null }],
    ['object=building-w1%00', { object: null }],
    ['view=4d', { view: 'door' }],
    ['h=-5', { height_m: 1.7 }],
    ['heading=-90', { heading_deg: 270 }],
    ['time=yesterday', { time_ms: null }],
    ['lang=e', { lang: null }],
    ['view=account&part=../etc', { part: '' }],
    [`q=${'a'.repeat(9999)}`, { query: 'a'.repeat(200) }],
  ])('with %s still leads somewhere', (search, expected) => {
    expect(situation_from(`?${search}`, kDefaults)).toMatchObject(expected);
  });
  test('keeps a place to a tenth of a metre', () => {
    const found = situation_from(address_of({ ...kSomewhere, lat: 43.73912345678, lon: 7.42745678912 }), kDefaults);
    expect(Math.abs(found.lat - 43.73912345678) * 111_000).toBeLessThan(0.1);
    expect(Math.abs(found.lon - 7.42745678912) * 111_000).toBeLessThan(0.1);
  });
});
