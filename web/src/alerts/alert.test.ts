import { describe, expect, it } from 'vitest';
import type { LiveItem } from '../live/live_feed';
import { alerts_from, box_of, circle_area, is_met, kAlerts_max, polygon_area, value_for, Watch, type Alert } from './alert';

const kLoud: Alert = { id: 'a', is_local: true, type: 'urn:Noise', attribute: 'urn:level', unit: '2N', is: 'above', than: 65, place: 'here', lat: 47, lon: 8, radius_m: 300 };
const sensor = (level: number | boolean | string, { unit = '2N', lat = 47, lon = 8 } = {}): LiveItem => ({
  id: 'urn:s:1',
  type: 'urn:Noise',
  kind: 'Noise',
  location: { lat, lon },
  values: [{ name: 'level', iri: 'urn:level', value: level, unit }],
});
const around = circle_area({ lat: 47, lon: 8 }, 300);

describe('areas', () => {
  it('around a place hold what is as near, and their box holds all of it', () => {
    expect(around.holds({ lat: 47.0026, lon: 8 })).toBe(true);
    expect(around.holds({ lat: 47.0028, lon: 8 })).toBe(false);
    for (const { lat, lon } of around.rings[0]!) {
      expect(lon >= around.box[0] - 1e-9 && lon <= around.box[2] + 1e-9).toBe(true);
      expect(lat >= around.box[1] - 1e-9 && lat <= around.box[3] + 1e-9).toBe(true);
    }
  });
  it('of the city have holes and parts', () => {
    const square = (west: number, size: number): number[][] => [[west, 0], [west + size, 0], [west + size, size], [west, size], [west, 0]];
    const holed = polygon_area({ type: 'Polygon', coordinates: [square(0, 10), square(4, 2)] })!;
    expect(holed.holds({ lat: 1, lon: 1 })).toBe(true);
    expect(holed.holds({ lat: 1, lon: 5 })).toBe(false);
    const parts = polygon_area({ type: 'MultiPolygon', coordinates: [[square(0, 1)], [square(5, 1)]] })!;
    expect(parts.holds({ lat: 0.5, lon: 5.5 })).toBe(true);
    expect(parts.holds({ lat: 0.5, lon: 3 })).toBe(false);
    expect(parts.box).toEqual([0, 0, 6, 1]);
    expect(polygon_area({ type: 'Point', coordinates: [1, 2] })).toBeNull();
    expect(polygon_area(null)).toBeNull();
  });
  it('are asked for together', () => {
    expect(box_of([[0, 0, 1, 1], [-3, 0.5, -2, 4]])).toEqual([-3, 0, 1, 4]);
  });
});

describe('an alert', () => {
  it('is met above, below, or when a value becomes another', () => {
    const value = (given: number | boolean | string) => sensor(given).values[0]!;
    expect(is_met(kLoud, value(65))).toBe(false);
    expect(is_met(kLoud, value(65.1))).toBe(true);
    expect(is_met({ ...kLoud, is: 'below' }, value(64))).toBe(true);
    expect(is_met({ ...kLoud, is: 'becomes', than: true }, value(true))).toBe(true);
    expect(is_met({ ...kLoud, is: 'becomes', than: 'closed' }, value('open'))).toBe(false);
    expect(is_met(kLoud, value('99'))).toBe(false);
  });
  it('looks at one value of one kind in one unit', () => {
    expect(value_for(kLoud, sensor(70))).not.toBeNull();
    expect(value_for(kLoud, sensor(70, { unit: 'P1' }))).toBeNull();
    expect(value_for({ ...kLoud, type: 'urn:Air' }, sensor(70))).toBeNull();
  });
  it('is told when it begins to be so, once each time, and not of what was so before', () => {
    const watch = new Watch(kLoud, around, false);
    const told = [70, 71, 60, 66, 67].map((level) => watch.take(sensor(level), false));
    expect(told).toEqual([false, false, false, true, false]);
    expect(watch.met_count).toBe(1);
  });
  it('that was just made is told of what is so already', () => {
    expect(new Watch(kLoud, around, true).take(sensor(70), false)).toBe(true);
  });
  it('says nothing of what is old, or elsewhere, or gone', () => {
    const watch = new Watch(kLoud, around, true);
    expect(watch.take(sensor(70), true)).toBe(false);
    expect(watch.take(sensor(70, { lat: 47.1 }), false)).toBe(false);
    expect(watch.take(sensor(70), false)).toBe(true);
    watch.drop('urn:s:1');
    expect(watch.met_count).toBe(0);
    expect(watch.take(sensor(70), false)).toBe(true);
    watch.keep_only(new Set());
    expect(watch.met_count).toBe(0);
  });
});

describe('what the browser kept', () => {
  it('is read back, and anything else is left out', () => {
    expect(alerts_from(JSON.stringify([kLoud]))).toEqual([kLoud]);
    expect(alerts_from(null)).toEqual([]);
    expect(alerts_from('{oops')).toEqual([]);
    expect(alerts_from('{"a":1}')).toEqual([]);
    const wrong = [{ ...kLoud, than: 'x' }, { ...kLoud, lat: undefined }, { ...kLoud, place: '' }, null, 3];
    expect(alerts_from(JSON.stringify(wrong))).toEqual([]);
    expect(alerts_from(JSON.stringify(Array(40).fill(kLoud)))).toHaveLength(kAlerts_max);
  });
});
