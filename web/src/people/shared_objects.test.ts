import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Meeting, Told } from './meeting';
import { People } from './people';
import { kObjectText_max, shape_of, shared_nearby, SharedObjects } from './shared_objects';

/** A meeting that keeps what it is to say, and tells what the test tells. */
function met() {
  const people = new People({ lat: 43.74, lon: 7.43 });
  people.presence = 'here';
  people.me = { ...people.me, person: 7, pose: { x_m: 100, y_m: 50, z_m: 3, heading_deg: 90 } };
  const said: Record<string, unknown>[] = [];
  const moved: DataView[] = [];
  const told = new Map<string, Told>();
  const meeting = {
    people,
    on_objects_moved: () => {},
    hear: (t: string, listener: Told) => (told.set(t, listener), () => {}),
    say: (message: Record<string, unknown>) => said.push(message) > 0,
    move_object: (bytes: Uint8Array) => moved.push(new DataView(bytes.buffer)) > 0,
  } as unknown as Meeting;
  const shared = new SharedObjects(meeting);
  told.get('welcome')!({ t: 'welcome' });
  return { people, shared, said, moved, meeting, tell: (message: { t: string; [member: string]: unknown }) => told.get(message.t)!(message) };
}
const ball = (more: Record<string, unknown> = {}) => ({ object: 5, shape: 'ball', at: [101, 50, 3], owner: 9, locked: false, ...more });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('on arrival one asks what is there, and what one makes stands before one’s feet and not in one’s hands', () => {
  const { shared, said, tell } = met();
  expect(said).toEqual([{ t: 'object', do: 'list' }]);
  shared.make('table', 'Chess?');
  expect(said[1]).toEqual({ t: 'object', do: 'make', shape: 'table', at: [100.9, 50, 3], text: 'Chess?' });
  tell({ t: 'objects', objects: [ball({ object: 6, owner: 7, holder: 7 })] });
  expect(said[2]).toEqual({ t: 'object', do: 'release', object: 6 });
  tell({ t: 'objects', objects: [ball({ object: 6, owner: 7, holder: 7 })] });
  expect(said.length).toBe(3);
});

test('what is put back stands where it stood, as far as one reaches', () => {
  const { shared, said } = met();
  shared.make('ball', '', { stood: { x_m: 104, y_m: 50, z_m: 4 } });
  expect(said[1]).toMatchObject({ at: [104, 50, 4] });
  shared.make('ball', '', { stood: { x_m: 140, y_m: 50, z_m: 4 } });
  expect(said[2]).toMatchObject({ at: [100.9, 50, 3] });
});

test('what is to stay is asked for as such, and is known by its id once the node keeps it', () => {
  const { people, shared, said, tell } = met();
  shared.make('sign', 'Chess?', { stays: true });
  expect(said[1]).toMatchObject({ do: 'make', stays: true });
  tell({ t: 'objects', objects: [ball({ object: 6, owner: 7, holder: 7, by: 'Ana' })] });
  expect(people.shared.get(6)).toMatchObject({ by: 'Ana', thing: '', stays_until: '' });
  tell({ t: 'objects', objects: [ball({ object: 6, owner: 7, by: 'Ana', thing: 'abc', stays_until: '2027-01-15T08:00:00Z' })] });
  expect(people.shared.get(6)).toMatchObject({ thing: 'abc', stays_until: '2027-01-15T08:00:00Z' });
  // Whoever left something is no neighbour: it has no owner, and a name.
  const left: Record<string, unknown> = ball({ object: 8, by: 'Ben', thing: 'def' });
  delete left['owner'];
  tell({ t: 'objects', objects: [left] });
  expect(people.shared.get(8)).toMatchObject({ owner: 0, by: 'Ben' });
});

test('what one holds goes where one goes, and is put down at one’s feet', () => {
  const { people, shared, said, moved, tell } = met();
  tell({ t: 'objects', objects: [ball({ holder: 7 })] });
  vi.advanceTimersByTime(200);
  const place = (bytes: DataView) => [1, 5, 9, 13].map((at) => bytes.getInt32(at, true));
  expect(place(moved.at(-1)!)).toEqual([5, 10090, 5000, 390]);
  const count = moved.length;
  vi.advanceTimersByTime(1000);
  expect(moved.length).toBe(count);
  people.me.pose = { x_m: 110, y_m: 50, z_m: 3, heading_deg: 0 };
  vi.advanceTimersByTime(200);
  expect(place(moved.at(-1)!)).toEqual([5, 11000, 5090, 390]);
  shared.put_down(5);
  expect(place(moved.at(-1)!)).toEqual([5, 11000, 5090, 300]);
  expect(said.at(-1)).toEqual({ t: 'object', do: 'release', object: 5 });
});

test('others’ things move, go, and are replaced by a whole list; what is unknown is asked for', () => {
  const { people, meeting, said, tell } = met();
  tell({ t: 'objects', objects: [ball(), ball({ object: 6, at: [90, 50, 3] })] });
  meeting.on_objects_moved([{ object: 5, x_cm: 12000, y_cm: 5000, z_cm: 300, turn: [0, 0, 0, 32767] }]);
  expect(shared_nearby(people).map(({ one, distance_m, bearing_deg }) => [one.object, distance_m, bearing_deg])).toEqual([[6, 10, 270], [5, 20, 90]]);
  vi.advanceTimersByTime(3000);
  meeting.on_objects_moved([{ object: 99, x_cm: 0, y_cm: 0, z_cm: 0, turn: [0, 0, 0, 32767] }]);
  expect(said.at(-1)).toEqual({ t: 'object', do: 'list' });
  tell({ t: 'objects', objects: [], gone: [6] });
  expect([...people.shared.keys()]).toEqual([5]);
  tell({ t: 'objects', all: true, objects: [ball({ object: 8 }), { object: 'x' }, { object: 9, at: [1] }] });
  expect([...people.shared.keys()]).toEqual([8]);
});

test('words that are newer than this client are drawn as a box, and each text fits in the node’s bytes', () => {
  expect(['ball', 'sign', 'harp'].map(shape_of)).toEqual(['ball', 'sign', 'box']);
  expect(new TextEncoder().encode('字'.repeat(kObjectText_max)).length).toBeLessThanOrEqual(200);
});
