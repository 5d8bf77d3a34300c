// Being among people: joins the socket to the list of people and to one's own steps, asks for names, and hands on what is told.
import type { Api, Me } from '../lib/api';
import type { AppState } from '../lib/app_state';
import type { Situation } from '../lib/situation';
import { gesture_of, kGestureNames, length_s_of, number_of, type Gesture } from './gestures';
import { Link, type End, type OpenSocket } from './link';
import { OwnSteps, stand_of } from './own_steps';
import { CityPlane } from './city_plane';
import { unknown_person, type People, type Person, type PersonId, type Pose } from './people';
import { Slots, type Row } from './slots';
import { Turns } from './turns';
import * as wire from './wire';

/** What a view needs of the people around: how often, how many, how far. */
interface Wish {
  device: wire.Device;
  rate_hz: number;
  slots: number;
  radius_m: number;
}
const kInWords: Wish = { device: 'text', rate_hz: 2, slots: 64, radius_m: 300 };
const kInPictures: Partial<Record<Situation['view'], Wish>> = {
  map: { device: 'map', rate_hz: 5, slots: 128, radius_m: 500 },
  '3d': { device: '3d', rate_hz: 10, slots: 128, radius_m: 250 },
};
const wish_of = (view: Situation['view']): Wish => kInPictures[view] ?? kInWords;
/** Names of those who came are asked for together. */
const kAsk_ms = 150;
const kAskMax = 64;
const kKnownMax = 2000;
/** The node puts who arrives beside those who stand there already: a view with a body takes over a step of this length. */
const kPutAside_m = 0.4;

export type TellOf = wire.Tell['tell'];
export type Told = (tell: TellOf) => void;
export interface MeetingParts {
  readonly api: Api;
  readonly state: AppState;
  /** Height of the ground where the visitor is, as far as the page knows. */
  ground_height_m(): number;
  /** Set in a space beside the city; `state` is then the space's own. */
  readonly hall: Hall | null;
}
/** A space that people have made beside the city. */
export interface Hall {
  readonly id: string;
  readonly name: string;
  /** West, south, east, north in its frame. */
  readonly bounds_m: readonly number[];
  /** What it is for, in its host's words; may be empty. */
  readonly about: string;
}

export const pose_of = ({ x_cm, y_cm, z_cm, heading }: wire.Stand): Pose => ({
  x_m: x_cm / 100,
  y_m: y_cm / 100,
  z_m: z_cm / 100,
  heading_deg: wire.degrees_of(heading),
});

export class Meeting {
  readonly people: People;
  /** Set when the node or the visitor ended it. */
  ended: End | null = null;
  /** Set by whoever keeps what people put down. */
  on_objects_moved: (moved: readonly wire.MovedObject[]) => void = () => {};
  /** Asked to be nobody's neighbour; kept over a lost connection. */
  is_hidden = false;
  readonly #parts: MeetingParts;
  readonly #link: Link;
  readonly #turns = new Turns();
  readonly #steps: OwnSteps;
  readonly #slots = new Slots();
  readonly #told = new Map<string, Set<Told>>();
  readonly #known = new Map<PersonId, Person>();
  readonly #unnamed = new Set<PersonId>();
  #asking: ReturnType<typeof setTimeout> | undefined;
  #gesture_end: ReturnType<typeof setTimeout> | undefined;
  #token: Uint8Array | null = null;
  #has_stood = false;
  /** The visitor asked to be taken somewhere: the page goes with the body. */
  #takes_page = false;
  #stops: (() => void)[] = [];

  constructor(people: People, parts: MeetingParts, open: OpenSocket) {
    this.people = people;
    this.#parts = parts;
    this.#link = new Link(open, {
      opened: () => this.#hello(),
      message: (bytes) => this.#message(bytes),
      lost: () => this.#set_presence(this.#has_stood ? 'away' : 'joining'),
      ended: (why) => this.#ended(why),
      may_enter: () => this.#may_enter(),
    });
    this.#steps = new OwnSteps(people, parts.state, {
      place: (bytes) => this.#link.send(bytes, true),
      go: (x_m, y_m) => this.say({ t: 'go', point: [round(x_m), round(y_m)] }),
    }, this.#turns);
  }

  join(): void {
    this.ended = null;
    this.#set_presence('joining');
    const hurry = (): void => {
      if (document.visibilityState === 'visible') this.#link.hurry();
    };
    window.addEventListener('online', hurry);
    document.addEventListener('visibilitychange', hurry);
    const unfollow = this.#parts.state.subscribe((now, before) => now.view !== before.view && this.#view());
    this.#stops = [
      () => window.removeEventListener('online', hurry),
      () => document.removeEventListener('visibilitychange', hurry),
      unfollow,
    ];
    this.#link.start();
  }

  leave(): void {
    this.#link.stop();
    this.#stop();
    this.#token = null;
    this.#has_stood = false;
    this.people.clear();
    this.#set_presence('off');
  }

  /** Sends one of the JSON messages; false when the connection is away or it is too long. */
  say(message: { t: string; [member: string]: unknown }): boolean {
    const bytes = wire.say_bytes(message);
    return bytes !== null && this.people.presence === 'here' && this.#link.send(bytes);
  }

  /** Calls the listener with each JSON message of a kind, until the returned function is called. */
  hear(t: string, listener: Told): () => void {
    const set = this.#told.get(t) ?? new Set();
    this.#told.set(t, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Where one has carried something; false: not sent. */
  move_object(bytes: Uint8Array<ArrayBuffer>): boolean {
    return this.people.presence === 'here' && this.#link.send(bytes, true);
  }

  /** Takes body and page to a person of one's group, to an object, or to a point of the plane. */
  travel(target: { person: PersonId } | { object: string } | { point: [number, number] }): boolean {
    if (!this.say({ t: 'go', ...target })) return false;
    this.#takes_page = true;
    this.#steps.leaving();
    return true;
  }

  /** Does a gesture, for those who see the body and for those who read. */
  gesture(gesture: Gesture): void {
    const { me } = this.people;
    clearTimeout(this.#gesture_end);
    me.gesture = gesture;
    const length_s = length_s_of(gesture);
    if (length_s > 0) this.#gesture_end = setTimeout(() => ((me.gesture = 'none'), this.people.tell('changed')), length_s * 1000);
    if (gesture !== 'none') this.say({ t: 'react', kind: number_of(gesture) });
    this.people.tell('changed');
  }

  about(person: PersonId): Person | undefined {
    return this.#known.get(person);
  }

  hide(on: boolean): void {
    this.is_hidden = on;
    this.people.me.is_hidden = on;
    this.say({ t: 'hide', on });
    this.people.tell('changed');
  }

  #hello(): void {
    const { view } = this.#parts.state.now;
    const { device, rate_hz, slots, radius_m } = wish_of(view);
    this.#link.send(
      wire.hello_bytes({
        device,
        rate_hz,
        slots,
        radius_m,
        is_hidden: this.is_hidden,
        token: this.#token,
        stand: this.#stand(),
        state: { gesture: 0, is_speaking: false, is_seated: this.people.me.is_seated, has_headset: false },
      }),
    );
  }

  /** Where one was; at first where the page is, and in a hall where the node puts those who come in. */
  #stand(): wire.Stand | null {
    if (this.#has_stood) return stand_of(this.people.me.pose);
    return this.#parts.hall ? null : stand_of(this.#page_pose());
  }

  #page_pose(): Pose {
    const { lat, lon, heading_deg } = this.#parts.state.now;
    return { ...this.people.plane.to_plane({ lat, lon }), z_m: this.#parts.ground_height_m(), heading_deg };
  }

  #view(): void {
    const { rate_hz, slots, radius_m } = wish_of(this.#parts.state.now.view);
    this.#link.send(wire.view_bytes({ rate_hz, slots, radius_m, heading: 0, half_opening: 0 }));
  }

  #message(bytes: ArrayBuffer): void {
    const message = wire.read_message(bytes);
    if (message?.type === 'welcome') this.#welcome(message);
    else if (message?.type === 'tick') this.#tick(message, performance.now());
    else if (message?.type === 'tell') this.#tell(message.tell);
  }

  #welcome(welcome: wire.Welcome): void {
    const { people } = this;
    // The table begins empty at every joining; whoever is still there is entered again within a tick or two.
    this.#slots.clear();
    for (const person of [...people.neighbours.keys()]) people.vanish(person);
    if (!welcome.is_resumed) this.#known.clear();
    this.#token = welcome.token;
    this.#has_stood = true;
    people.plane = new CityPlane(welcome.origin);
    people.me = { ...people.me, person: welcome.person, pose: pose_of(welcome.stand), is_hidden: this.is_hidden, is_speaking: false };
    if (this.#parts.hall) this.#parts.state.update({ ...people.plane.to_lat_lon(people.me.pose.x_m, people.me.pose.y_m), heading_deg: people.me.pose.heading_deg });
    this.#set_presence('here');
    this.#turns.begin(welcome.ticks_per_second);
    this.#steps.start();
    this.#tell({ t: 'welcome', resumed: welcome.is_resumed });
    const { x_m, y_m } = this.#page_pose();
    if (people.body && Math.hypot(x_m - people.me.pose.x_m, y_m - people.me.pose.y_m) > kPutAside_m) {
      people.tell('corrected', { pose: { ...people.me.pose }, is_leap: true });
    }
  }

  #tick(tick: wire.Tick, now_ms: number): void {
    const { people } = this;
    if (people.presence !== 'here') return;
    this.#turns.ticked(tick.tick, tick.sequence, now_ms);
    if (tick.correction) this.#corrected(tick.correction);
    const { left, changed } = this.#slots.apply(tick);
    for (const person of left) people.vanish(person);
    for (const { row } of changed) this.#show(row, now_ms);
    for (const { slot, pose } of tick.poses) {
      const neighbour = people.neighbours.get(this.#slots.person_in(slot) ?? -1);
      if (neighbour) neighbour.tracked = pose;
    }
    if (tick.objects.length > 0) this.on_objects_moved(tick.objects);
    if (tick.density) people.crowds = crowds_of(tick.density, [people.me.pose, ...[...people.neighbours.values()].map(({ motion }) => motion.newest(blank_pose()))]);
    if (left.length > 0 || tick.entered.length > 0 || tick.density) people.tell('changed');
    if (changed.length > 0 || tick.poses.length > 0) {
      people.tell('moved');
      people.reckon(now_ms);
    }
  }

  #show({ person, stand, state }: Row, now_ms: number): void {
    const neighbour = this.people.appear(person, now_ms, pose_of(stand));
    const known = this.#known.get(person);
    if (known) neighbour.about = known;
    else this.#ask(person);
    const gesture = gesture_of(state.gesture);
    const is_other =
      neighbour.gesture !== gesture || neighbour.is_speaking !== state.is_speaking || neighbour.is_seated !== state.is_seated;
    neighbour.gesture = gesture;
    neighbour.is_speaking = state.is_speaking;
    neighbour.is_seated = state.is_seated;
    neighbour.has_headset = state.has_headset;
    if (!state.has_headset) neighbour.tracked = null;
    if (is_other) this.people.tell('changed');
  }

  #corrected(correction: wire.Correction): void {
    const { people } = this;
    const pose = pose_of(correction);
    const is_leap = correction.reason === 'teleport';
    people.me.pose = pose;
    if (is_leap && this.#takes_page) {
      const { lat, lon } = people.plane.to_lat_lon(pose.x_m, pose.y_m);
      this.#parts.state.update({ lat, lon }, 'push');
    }
    if (is_leap) this.#takes_page = false;
    this.#steps.arrived();
    people.tell('corrected', { pose, is_leap });
    people.tell('changed');
    people.reckon(performance.now());
  }

  #ask(person: PersonId): void {
    this.#unnamed.add(person);
    this.#asking ??= setTimeout(() => {
      this.#asking = undefined;
      const asked = [...this.#unnamed].slice(0, kAskMax);
      if (!this.say({ t: 'who', people: asked })) return;
      for (const one of asked) this.#unnamed.delete(one);
      const next = this.#unnamed.values().next();
      if (!next.done) this.#ask(next.value);
    }, kAsk_ms);
  }

  #tell(tell: TellOf): void {
    if (tell.t === 'people') this.#named(tell);
    if (tell.t === 'reacted') this.#reacted(tell);
    if (tell.t === 'hidden') this.people.me.is_hidden = this.is_hidden = tell['on'] === true;
    for (const listener of [...(this.#told.get(tell.t) ?? [])]) listener(tell);
  }

  #named(tell: TellOf): void {
    for (const given of objects_in(tell['people'])) {
      const person = number_in(given['person']);
      if (person === null) continue;
      const about = person_of(person, given);
      if (this.#known.size >= kKnownMax) this.#known.delete(this.#known.keys().next().value!);
      this.#known.set(person, about);
      const neighbour = this.people.neighbours.get(person);
      if (!neighbour) continue;
      neighbour.about = about;
      neighbour.is_muted = given['muted'] === true;
    }
    for (const person of Array.isArray(tell['gone']) ? tell['gone'] : []) this.#known.delete(person as PersonId);
    this.people.tell('changed');
  }

  #reacted(tell: TellOf): void {
    const neighbour = this.people.neighbours.get(number_in(tell['from']) ?? -1);
    const gesture = kGestureNames[number_in(tell['kind']) ?? 0];
    if (!neighbour || gesture === undefined || gesture === 'none' || neighbour.is_muted) return;
    neighbour.reaction = { gesture, at_ms: performance.now() };
    this.people.tell('reacted', { neighbour, gesture });
    this.people.tell('changed');
  }

  async #may_enter(): Promise<'yes' | 'signed_out' | 'put_out' | 'unknown'> {
    const { api, hall } = this.#parts;
    const answer = await api.send<Me>('GET', '/api/v1/me');
    if (!answer.ok) return 'unknown';
    if (!answer.value.signed_in) return 'signed_out';
    if (!hall) return 'yes';
    const space = await api.send<{ may_enter: boolean }>('GET', `/api/v1/spaces/${hall.id}`);
    if (space.ok) return space.value.may_enter ? 'yes' : 'put_out';
    return space.problem.status === 404 ? 'put_out' : 'unknown';
  }

  #ended(why: End): void {
    this.#stop();
    this.ended = why;
    this.#token = null;
    this.#has_stood = false;
    this.people.clear();
    this.#set_presence('ended');
  }

  #stop(): void {
    this.#steps.stop();
    clearTimeout(this.#asking);
    clearTimeout(this.#gesture_end);
    this.#asking = undefined;
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#slots.clear();
  }

  #set_presence(presence: People['presence']): void {
    if (presence !== 'here') this.#steps.stop();
    this.people.presence = presence;
    this.people.tell('changed');
  }
}

const round = (value_m: number): number => Math.round(value_m * 100) / 100;

/** Cells as the page counts them: without those who are seen singly, and oneself. */
function crowds_of({ column, row, cells }: wire.Density, seen: readonly Readonly<Pose>[]): People['crowds'] {
  const size_m = wire.kCell_cm / 100;
  const is_in = (pose: Readonly<Pose>, x_m: number, y_m: number): boolean =>
    pose.x_m >= x_m && pose.x_m < x_m + size_m && pose.y_m >= y_m && pose.y_m < y_m + size_m;
  const crowds = cells.map(({ index, people }) => {
    const x_m = (column + (index % wire.kCellsAcross)) * size_m;
    const y_m = (row + Math.floor(index / wire.kCellsAcross)) * size_m;
    return { x_m, y_m, size_m, count: people - seen.filter((pose) => is_in(pose, x_m, y_m)).length };
  });
  return crowds.filter(({ count }) => count > 0);
}

const blank_pose = (): Pose => ({ x_m: 0, y_m: 0, z_m: 0, heading_deg: 0 });

/** What the node tells is not believed to have the right shape: members that have not are as if they were missing. */
export const number_in = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
export const text_in = (value: unknown): string => (typeof value === 'string' ? value : '');
export const objects_in = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null) : [];

function person_of(person: PersonId, given: Record<string, unknown>): Person {
  const look = typeof given['look'] === 'object' && given['look'] !== null ? (given['look'] as Person['look']) : {};
  return {
    ...unknown_person(person),
    name: text_in(given['name']),
    pronouns: text_in(given['pronouns']),
    look,
    is_guest: given['guest'] === true,
    is_verified: given['verified'] === true,
    roles: Array.isArray(given['roles']) ? given['roles'].map(text_in).filter((role) => role !== '') : [],
    personal_m: number_in(given['personal_m']) ?? 0,
  };
}
