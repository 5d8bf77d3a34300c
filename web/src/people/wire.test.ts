import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Slots } from './slots';
import { hello_bytes, move_bytes, object_move_bytes, read_message, say_bytes, view_bytes, kDevices, kSayBytes_max, type BodyState, type Device, type Stand, type Tick, type Welcome } from './wire';

interface Golden {
  name: string;
  hex: string;
  value: Record<string, unknown>;
}
const golden = (name: string): Golden[] =>
  (JSON.parse(readFileSync(new URL(`../../../protocol/presence/${name}.json`, import.meta.url), 'utf8')) as { messages: Golden[] }).messages;
const hex_of = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const bytes_of = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const state_of = (byte: number): BodyState => ({ gesture: byte & 31, is_speaking: (byte & 32) > 0, is_seated: (byte & 64) > 0, has_headset: (byte & 128) > 0 });
const stand_of = (place: unknown, heading: unknown): Stand => {
  const [x_cm, y_cm, z_cm] = place as [number, number, number];
  return { x_cm, y_cm, z_cm, heading: heading as number };
};
/** A pose as a tick carries it, read by itself. */
const pose_of = (hex: string) => {
  const message = read_message(bytes_of(`82000000002001${'00'}${hex}`).buffer) as Tick;
  return message.poses[0]!.pose;
};

describe('the golden messages', () => {
  test.each(golden('object_move'))('object move: $name', ({ hex, value }) => {
    const [x_cm, y_cm, z_cm] = value['place'] as [number, number, number];
    const turn = value['orientation'] as [number, number, number, number];
    expect(hex_of(object_move_bytes({ object: value['object'] as number, x_cm, y_cm, z_cm, turn }))).toBe(hex);
  });

  test.each(golden('hello'))('hello: $name', ({ hex, value }) => {
    const found = hello_bytes({
      device: value['device'] as Device,
      rate_hz: value['rate_hz'] as number,
      slots: value['slots'] as number,
      radius_m: value['radius_m'] as number,
      is_hidden: value['is_hidden'] as boolean,
      token: value['token'] === undefined ? null : bytes_of(value['token'] as string),
      stand: value['place'] === undefined ? null : stand_of(value['place'], value['heading']),
      state: state_of((value['state'] as number | undefined) ?? 0),
    });
    expect(kDevices).toContain(value['device']);
    expect(hex_of(found)).toBe(hex);
  });
  test.each(golden('move'))('move: $name', ({ hex, value }) => {
    const pose = value['pose'] === undefined ? null : pose_of(value['pose'] as string);
    const found = move_bytes(value['sequence'] as number, stand_of(value['place'], value['heading']), state_of(value['state'] as number), pose);
    expect(hex_of(found)).toBe(hex);
  });
  test.each(golden('view'))('view: $name', ({ hex, value }) => {
    const { rate_hz, slots, radius_m, heading, half_opening } = value as Record<string, number>;
    expect(hex_of(view_bytes({ rate_hz: rate_hz!, slots: slots!, radius_m: radius_m!, heading: heading!, half_opening: half_opening! }))).toBe(hex);
  });
  test.each(golden('welcome'))('welcome: $name', ({ hex, value }) => {
    const found = read_message(bytes_of(hex).buffer) as Welcome;
    expect(found).toMatchObject({
      type: 'welcome',
      person: value['person'],
      slots: value['slots'],
      rate_hz: value['rate_hz'],
      radius_m: value['radius_m'],
      ticks_per_second: value['ticks_per_second'],
      is_resumed: value['is_resumed'],
      tick: value['tick'],
      stand: stand_of(value['place'], value['heading']),
    });
    expect(hex_of(found.token)).toBe(value['token']);
    expect([found.origin.lat, found.origin.lon]).toEqual(value['origin']);
    expect(Object.values(found.bounds_cm)).toEqual(value['bounds']);
  });
  test('ticks keep the table of slots that the node means, one after the other', () => {
    const slots = new Slots();
    for (const { name, hex, value } of golden('tick')) {
      const tick = read_message(bytes_of(hex).buffer) as Tick;
      expect([name, tick?.type, tick.tick, tick.sequence]).toEqual([name, 'tick', value['tick'], value['acknowledged']]);
      slots.apply(tick);
      const rows = (value['rows'] as Record<string, unknown>[]).map((row) => ({
        slot: row['slot'],
        row: { person: row['person'], stand: stand_of(row['place'], row['heading']), state: state_of(row['state'] as number) },
      }));
      expect([name, slots.entries()]).toEqual([name, rows]);
      const correction = value['correction'] as Record<string, unknown> | undefined;
      expect([name, tick.correction]).toEqual([name, correction ? { ...stand_of(correction['place'], correction['heading']), reason: correction['reason'] } : null]);
      const density = value['density'] as { column: number; row: number; cells: [number, number][] } | undefined;
      expect([name, tick.density]).toEqual([name, density ? { ...density, cells: density.cells.map(([index, people]) => ({ index, people })) } : null]);
      const objects = (value['objects'] ?? []) as { object: number; place: number[]; orientation: number[] }[];
      expect([name, tick.objects.map((moved) => [moved.object, moved.x_cm, moved.y_cm, moved.z_cm, ...moved.turn])]).toEqual([
        name,
        objects.map((moved) => [moved.object, ...moved.place, ...moved.orientation]),
      ]);
      const poses = (value['rows'] as { slot: number; pose?: string }[]).filter((row) => row.pose !== undefined);
      for (const { slot, pose } of poses) expect(tick.poses).toContainEqual({ slot, pose: pose_of(pose!) });
    }
  });
  test.each(golden('refused_by_client'))('refused: $name', ({ hex }) => {
    expect(read_message(bytes_of(hex).buffer)).toBeNull();
  });
});

describe('what a client reads', () => {
  test('is nothing for every message that is cut short or has a tail', () => {
    for (const { hex } of [...golden('welcome'), ...golden('tick')]) {
      const whole = bytes_of(hex);
      for (let length = 0; length < whole.length; ++length) expect(read_message(whole.slice(0, length).buffer)).toBeNull();
      expect(read_message(bytes_of(`${hex}00`).buffer)).toBeNull();
    }
  });
  test('is a JSON object with a t, or nothing', () => {
    const tell = (text: string) => read_message(Uint8Array.of(0x90, ...new TextEncoder().encode(text)).buffer);
    expect(tell('{"t":"said","text":"سلام"}')).toEqual({ type: 'tell', tell: { t: 'said', text: 'سلام' } });
    for (const text of ['', '{', '[]', 'null', '{"t":1}', '{"x":"said"}']) expect(tell(text)).toBeNull();
    expect(read_message(Uint8Array.of(0x90, 0xff, 0xfe).buffer)).toBeNull();
  });
});

test('a message to the node is never larger than the node takes', () => {
  expect(say_bytes({ t: 'say', text: 'x' })![0]).toBe(0x10);
  expect(say_bytes({ t: 'say', text: 'ع'.repeat(kSayBytes_max) })).toBeNull();
});
