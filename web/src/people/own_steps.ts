// Where one's own body is sent: walked step by step where a view walks a body, or put where the page's place has come to rest.
import type { AppState } from '../lib/app_state';
import type { Situation } from '../lib/situation';
import type { Body, People, Pose } from './people';
import { number_of } from './gestures';
import type { Turns } from './turns';
import { move_bytes, turn_of, type BodyState, type Stand } from './wire';

const kStep_ms = 100;
const kStepInHeadset_ms = 50;
/** A place in the text or on the map is one's own once the page has rested there. */
const kRest_ms = 500;
/** The node takes one teleport in 2 s. */
const kBetweenLeaps_ms = 2100;
/** A body that is farther from its last place than this was not walked there. */
const kLeap_m = 10;
/** Nearer than this is the same place: lists in words are no finer. */
const kSame_m = 2;
/** From higher up one looks at the city, and one's body stays where it was. */
const kOnFoot_m: Partial<Record<Situation['view'], number>> = { text: Infinity, map: 400, '3d': 4 };
/** After this a teleport that was not answered is believed to be lost. */
const kAnswer_ms_max = 3000;

export interface Sender {
  /** Sends bytes that may be left out; false: not sent. */
  place(bytes: Uint8Array<ArrayBuffer>): boolean;
  go(x_m: number, y_m: number): boolean;
}

export const stand_of = ({ x_m, y_m, z_m, heading_deg }: Readonly<Pose>): Stand => ({
  x_cm: Math.round(x_m * 100),
  y_cm: Math.round(y_m * 100),
  z_cm: Math.round(z_m * 100),
  heading: turn_of(heading_deg),
});

export class OwnSteps {
  readonly #people: People;
  readonly #state: AppState;
  readonly #sender: Sender;
  readonly #turns: Turns;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sequence = 0;
  #sent = '';
  #left_at_ms = -Infinity;
  #is_waiting = false;
  #rested: { lat: number; lon: number } | null = null;
  #moved_at_ms = 0;

  constructor(people: People, state: AppState, sender: Sender, turns: Turns) {
    this.#people = people;
    this.#state = state;
    this.#sender = sender;
    this.#turns = turns;
  }

  start(): void {
    this.stop();
    this.#sent = '';
    this.#is_waiting = false;
    const { lat, lon } = this.#state.now;
    this.#rested = { lat, lon };
    this.#next();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** The node has put the body somewhere: what was waited for is there. */
  arrived(): void {
    this.#is_waiting = false;
    this.#sent = '';
    const { lat, lon } = this.#state.now;
    this.#rested = { lat, lon };
  }

  /** A teleport that somebody else asked for is on its way: no steps until it is answered. */
  leaving(): void {
    this.#is_waiting = true;
    this.#left_at_ms = performance.now();
  }

  #next(): void {
    const step_ms = this.#people.body?.()?.tracked ? kStepInHeadset_ms : kStep_ms;
    this.#timer = setTimeout(() => {
      this.#step(performance.now());
      this.#next();
    }, this.#turns.pause_ms(performance.now(), step_ms));
  }

  #step(now_ms: number): void {
    if (this.#is_waiting && now_ms - this.#left_at_ms < kAnswer_ms_max) return;
    this.#is_waiting = false;
    if (this.#people.body) this.#walk(this.#people.body(), now_ms);
    else this.#rest(now_ms);
  }

  #walk(body: Body | null, now_ms: number): void {
    if (!body) return;
    const { x_m, y_m } = this.#people.me.pose;
    if (Math.hypot(body.pose.x_m - x_m, body.pose.y_m - y_m) > kLeap_m) this.#leap(body.pose.x_m, body.pose.y_m, now_ms);
    else this.#send(body.pose, body);
  }

  #rest(now_ms: number): void {
    const { lat, lon, height_m, heading_deg, view } = this.#state.now;
    const { me, plane } = this.#people;
    if (!this.#rested || this.#rested.lat !== lat || this.#rested.lon !== lon) {
      this.#rested = { lat, lon };
      this.#moved_at_ms = now_ms;
      return;
    }
    const { x_m, y_m } = plane.to_plane({ lat, lon });
    const is_elsewhere = this.#moved_at_ms > 0 && Math.hypot(x_m - me.pose.x_m, y_m - me.pose.y_m) > kSame_m;
    if (is_elsewhere && height_m <= (kOnFoot_m[view] ?? -1) && now_ms - this.#moved_at_ms >= kRest_ms) {
      if (this.#leap(x_m, y_m, now_ms)) this.#moved_at_ms = 0;
      return;
    }
    this.#send({ ...me.pose, heading_deg }, null);
  }

  #leap(x_m: number, y_m: number, now_ms: number): boolean {
    if (now_ms - this.#left_at_ms < kBetweenLeaps_ms || !this.#sender.go(x_m, y_m)) return false;
    this.leaving();
    return true;
  }

  /** Sends what differs from the last step that was sent. */
  #send(pose: Readonly<Pose>, body: Body | null): void {
    const { me } = this.#people;
    const stand = stand_of(pose);
    const state: BodyState = {
      gesture: number_of(me.gesture),
      is_speaking: me.is_speaking,
      is_seated: me.is_seated,
      has_headset: body?.tracked !== null && body !== null,
    };
    const key = JSON.stringify([stand, state, body?.tracked]);
    if (key === this.#sent) return;
    const sequence = (this.#sequence + 1) & 0xffff;
    if (!this.#sender.place(move_bytes(sequence, stand, state, body?.tracked ?? null))) return;
    this.#turns.sent(sequence, performance.now());
    this.#sequence = sequence;
    this.#sent = key;
    me.pose = { ...pose };
  }
}
