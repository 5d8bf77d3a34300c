// Things that people put down, carry, lock and take away again: what the node tells of them, what one asks of it, and carrying one along.
import type { Meeting, TellOf } from './meeting';
import { number_in, objects_in, text_in } from './meeting';
import type { People, PersonId, Pose, SharedObject } from './people';
import { object_move_bytes, type MovedObject } from './wire';

/** Words of the wire that this client can draw, as offered; whatever else others put down is drawn as a box. */
export const kShapes = ['ball', 'box', 'chair', 'table', 'sign'] as const;
export type Shape = (typeof kShapes)[number];
export const shape_of = (word: string): Shape => kShapes.find((shape) => shape === word) ?? 'box';
/** Bytes of UTF-8 that the node keeps of what stands on a thing; a text of so many letters always fits. */
export const kObjectText_max = 50;

/** Before the body, at the height of the hands. */
const kAhead_m = 0.9;
const kHands_m = 0.9;
/** The node takes things nearer than 10 m. */
const kReach_m = 9;
/** Carried things are told of at most so often, and only when they moved. */
const kCarry_ms = 150;
const kCarried_m = 0.05;
/** The node tells of things within 200 m of where one asked: after a walk of this length one asks again. */
const kAskAgain_m = 80;
const kAsk_ms = 2000;

export class SharedObjects {
  readonly #meeting: Meeting;
  readonly #people: People;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Made, and to be put down as soon as the node names them: it gives them into one's hands. */
  #put_down = 0;
  #asked: { readonly x_m: number; readonly y_m: number; readonly at_ms: number } | null = null;

  constructor(meeting: Meeting) {
    this.#meeting = meeting;
    this.#people = meeting.people;
    meeting.hear('welcome', () => this.#begin());
    meeting.hear('objects', (tell) => this.#told(tell));
    meeting.on_objects_moved = (moved) => this.#moved(moved);
    meeting.people.on('corrected', ({ is_leap }) => is_leap && this.#ask());
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#people.shared.clear();
    this.#put_down = 0;
  }

  /** Puts something new down: where it stood, as far as one reaches, or before one's feet. With `stays`, it is there when one has gone. */
  make(shape: string, text: string, { stood = null, stays = false }: { stood?: SharedObject['at'] | null; stays?: boolean } = {}): boolean {
    const at = stood && apart_m(stood, this.#people.me.pose) < kReach_m ? stood : this.#before_me(0);
    const said = this.#meeting.say({ t: 'object', do: 'make', shape, at: [at.x_m, at.y_m, at.z_m].map(centimetres), ...(text ? { text } : {}), ...(stays ? { stays } : {}) });
    if (said) this.#put_down += 1;
    return said;
  }

  /** Into one's hands: it goes where one goes, until it is put down. */
  take(object: number): boolean {
    return this.#do('take', object);
  }
  put_down(object: number): boolean {
    this.#carry(object, this.#before_me(0));
    return this.#do('release', object);
  }
  lock(object: number, on: boolean): boolean {
    return this.#do(on ? 'lock' : 'unlock', object);
  }
  remove(object: number): boolean {
    return this.#do('remove', object);
  }

  #do(verb: string, object: number): boolean {
    return this.#meeting.say({ t: 'object', do: verb, object });
  }

  #begin(): void {
    this.stop();
    this.#ask();
    this.#timer = setInterval(() => this.#step(), kCarry_ms);
  }

  #ask(): void {
    const { x_m, y_m } = this.#people.me.pose;
    this.#asked = { x_m, y_m, at_ms: performance.now() };
    this.#meeting.say({ t: 'object', do: 'list' });
  }

  #step(): void {
    if (this.#people.presence !== 'here') return;
    const { person, pose } = this.#people.me;
    for (const { object, holder } of this.#people.shared.values()) if (holder === person) this.#carry(object, this.#before_me(kHands_m));
    if (this.#asked && apart_m(this.#asked, pose) > kAskAgain_m && performance.now() - this.#asked.at_ms > kAsk_ms) this.#ask();
  }

  #before_me(up_m: number): SharedObject['at'] {
    const { x_m, y_m, z_m, heading_deg } = this.#people.me.pose;
    const heading = (heading_deg * Math.PI) / 180;
    return { x_m: x_m + Math.sin(heading) * kAhead_m, y_m: y_m + Math.cos(heading) * kAhead_m, z_m: z_m + up_m };
  }

  #carry(object: number, to: SharedObject['at']): void {
    const known = this.#people.shared.get(object);
    if (!known || known.holder !== this.#people.me.person) return;
    if (apart_m(known.at, to) < kCarried_m && Math.abs(known.at.z_m - to.z_m) < kCarried_m) return;
    if (!this.#meeting.move_object(object_move_bytes({ object, ...in_cm(to), turn: [0, 0, 0, 32767] }))) return;
    this.#people.shared.set(object, { ...known, at: to });
    this.#people.tell('moved');
    this.#people.reckon(performance.now());
  }

  #told(tell: TellOf): void {
    const { shared, me } = this.#people;
    const before = new Set(shared.keys());
    if (tell['all'] === true) shared.clear();
    for (const given of objects_in(tell['objects'])) {
      const one = shared_object_of(given);
      if (!one) continue;
      shared.set(one.object, one);
      if (this.#put_down > 0 && !before.has(one.object) && one.owner === me.person && one.holder === me.person) {
        this.#put_down -= 1;
        this.#do('release', one.object);
      }
    }
    for (const gone of Array.isArray(tell['gone']) ? tell['gone'] : []) shared.delete(gone as number);
    this.#people.tell('changed');
  }

  #moved(moved: readonly MovedObject[]): void {
    const { shared, me } = this.#people;
    for (const { object, x_cm, y_cm, z_cm } of moved) {
      const known = shared.get(object);
      if (!known) {
        if (!this.#asked || performance.now() - this.#asked.at_ms > kAsk_ms) this.#ask();
      } else if (known.holder !== me.person) shared.set(object, { ...known, at: { x_m: x_cm / 100, y_m: y_cm / 100, z_m: z_cm / 100 } });
    }
    this.#people.tell('moved');
    this.#people.reckon(performance.now());
  }
}

/** Nearest first, with how far and where from oneself. */
export function shared_nearby(people: People): { one: SharedObject; distance_m: number; bearing_deg: number }[] {
  const { x_m, y_m }: Readonly<Pose> = people.me.pose;
  return [...people.shared.values()]
    .map((one) => {
      const [east_m, north_m] = [one.at.x_m - x_m, one.at.y_m - y_m];
      return { one, distance_m: Math.hypot(east_m, north_m), bearing_deg: ((Math.atan2(east_m, north_m) * 180) / Math.PI + 360) % 360 };
    })
    .sort((a, b) => a.distance_m - b.distance_m || a.one.object - b.one.object);
}

const centimetres = (value_m: number): number => Math.round(value_m * 100) / 100;
const in_cm = ({ x_m, y_m, z_m }: SharedObject['at']) => ({ x_cm: Math.round(x_m * 100), y_cm: Math.round(y_m * 100), z_cm: Math.round(z_m * 100) });
const apart_m = (a: { x_m: number; y_m: number }, b: { x_m: number; y_m: number }): number => Math.hypot(a.x_m - b.x_m, a.y_m - b.y_m);

function shared_object_of(given: Record<string, unknown>): SharedObject | null {
  const object = number_in(given['object']);
  const [x_m, y_m, z_m] = (Array.isArray(given['at']) ? given['at'] : []).map(number_in);
  if (object === null || x_m == null || y_m == null || z_m == null) return null;
  const holder: PersonId | null = number_in(given['holder']);
  return {
    object,
    shape: text_in(given['shape']),
    text: text_in(given['text']),
    proof: text_in(given['proof']),
    at: { x_m, y_m, z_m },
    owner: number_in(given['owner']) ?? 0,
    holder,
    is_locked: given['locked'] === true,
    by: text_in(given['by']),
    thing: text_in(given['thing']),
    stays_until: text_in(given['stays_until']),
  };
}
