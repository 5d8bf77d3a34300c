// Who is near, as every part of the page reads it: the panel in words, the dots of the map, the bodies in 3D. It knows no socket:
// the meeting (meeting.ts) feeds it with what the node tells, tests with what they like.
import { createSubscriber } from 'svelte/reactivity';
import { CityPlane } from './city_plane';
import type { Gesture } from './gestures';
import type { LatLon } from '../lib/ground';
import { Motion, type Pose } from './motion';

export type { Pose } from './motion';

/** A person in this space, until they leave: new at each joining, never an account. */
export type PersonId = number;

/** How somebody chose to look: small whole numbers by name, as protocol/presence.md lists them. Unknown names are ignored. */
export type Look = Readonly<Record<string, number>>;

/** What is known of a person beside their place; it comes once, soon after they appear. */
export interface Person {
  readonly person: PersonId;
  /** Empty until it is known. */
  readonly name: string;
  readonly pronouns: string;
  readonly look: Look;
  readonly is_guest: boolean;
  readonly is_verified: boolean;
  /** The city's roles that this person shows, such as "moderator". */
  readonly roles: readonly string[];
  /** Metres that others should keep; bodies fade when they come nearer. */
  readonly personal_m: number;
}

/** A hand or head of somebody with a headset. Turns are right-handed about up, right and forward of the body, degrees. */
export interface Limb {
  right_m: number;
  forward_m: number;
  /** Above the feet. */
  up_m: number;
  yaw_deg: number;
  pitch_deg: number;
  roll_deg: number;
}
export interface Tracked {
  readonly head: Limb;
  /** null: not seen by the headset. */
  readonly left: Limb | null;
  readonly right: Limb | null;
}

/** The last words of somebody, for a bubble over their head. */
export interface Speech {
  readonly text: string;
  readonly lang: string;
  /** 'caption' is what their device heard them say. */
  readonly kind: 'said' | 'caption';
  /** Of the page's clock, performance.now(). */
  readonly at_ms: number;
}

/** Somebody who is seen singly. One object a person for as long as they are seen; read it at any moment. */
export class Neighbour {
  readonly person: PersonId;
  about: Person;
  readonly motion = new Motion();
  gesture: Gesture = 'none';
  is_speaking = false;
  is_seated = false;
  /** In a headset: `tracked` is then fresh while it is not null. */
  has_headset = false;
  tracked: Tracked | null = null;
  speech: Speech | null = null;
  /** The last reaction, a gesture's name, and when (performance.now()). */
  reaction: { readonly gesture: Gesture; readonly at_ms: number } | null = null;
  /** Own choices: not heard (mute), and in one's group. */
  is_muted = false;
  is_in_group = false;
  /** Metres from oneself, by the newest places. */
  distance_m = 0;
  /** From oneself, clockwise from north. */
  bearing_deg = 0;

  constructor(person: PersonId) {
    this.person = person;
    this.about = unknown_person(person);
  }

  /** Where to draw them now; `target` is written and returned, nothing is allocated. */
  pose_at(now_ms: number, target: Pose): Pose {
    return this.motion.at(now_ms, target);
  }
}

export function unknown_person(person: PersonId): Person {
  return { person, name: '', pronouns: '', look: {}, is_guest: true, is_verified: false, roles: [], personal_m: 0 };
}

/** Something that somebody put down here, for others to see, to carry and to put elsewhere. Replaced, never changed. */
export interface SharedObject {
  readonly object: number;
  /** A word of the wire, such as "ball". */
  readonly shape: string;
  readonly text: string;
  /** That its owner wrote the text, for a report, as long as it has no id; empty otherwise. */
  readonly proof: string;
  /** Its foot, in the plane of the space. */
  readonly at: { readonly x_m: number; readonly y_m: number; readonly z_m: number };
  /** It is there as long as they are, unless it stays; of what stays, one is told only of one's own. */
  readonly owner: PersonId;
  readonly holder: PersonId | null;
  readonly is_locked: boolean;
  /** Whose name it stays under; empty of what goes with its owner. */
  readonly by: string;
  /** Its id at the node, once it is kept there, and until when; both empty before. */
  readonly thing: string;
  readonly stays_until: string;
}

/** Those who are not seen singly: how many stand on a square of the ground beside the neighbours there. */
export interface Crowd {
  /** South-west corner, metres in the plane. */
  readonly x_m: number;
  readonly y_m: number;
  readonly size_m: number;
  readonly count: number;
}

/** The personal space that the node gives everybody at first, metres. */
export const kPersonal_m = 1.2;

/** Oneself, as the node has confirmed it. */
export interface Me {
  readonly person: PersonId;
  /** Where the node has the body; replaced, never changed. */
  pose: Readonly<Pose>;
  gesture: Gesture;
  is_speaking: boolean;
  is_seated: boolean;
  /** Nobody sees me. */
  is_hidden: boolean;
  /** Followed person, or null. */
  following: PersonId | null;
  /** One's own personal space: bodies that come nearer fade. */
  personal_m: number;
}

/** Where a view has put one's own body. */
export interface Body {
  readonly pose: Readonly<Pose>;
  readonly tracked: Tracked | null;
}

/**
 * off: not asked for · joining: the first connection · here · away: the connection is lost and is being made again ·
 * ended: the node or the visitor ended it, and it is not tried again by itself.
 */
export type Presence = 'off' | 'joining' | 'here' | 'away' | 'ended';

export interface PeopleEvents {
  /** A person came into view, left it, or became known; a gesture, a bubble, a reaction or a crowd changed. Redraw. */
  changed: void;
  /** New places are here (every tick with any): ask for a frame. */
  moved: void;
  appeared: Neighbour;
  vanished: Neighbour;
  said: { neighbour: Neighbour; speech: Speech };
  reacted: { neighbour: Neighbour; gesture: Gesture };
  /** The node put me elsewhere: it cut a step off, or a teleport has arrived. The view takes this pose over. */
  corrected: { pose: Pose; is_leap: boolean };
}

/** Distances in lists follow at most so often. */
const kReckon_ms = 500;

export class People {
  /** Between degrees and the plane of the poses; made anew when the space names another origin. */
  plane: CityPlane;
  readonly neighbours = new Map<PersonId, Neighbour>();
  /** Replaced, never changed. */
  crowds: readonly Crowd[] = [];
  /** What was put down within 200 m, by its number. */
  readonly shared = new Map<number, SharedObject>();
  me: Me = nobody();
  presence: Presence = 'off';
  /**
   * Set by a view that walks a body itself (3D), and set back to null by it: asked up to 20 times a second where the body is now;
   * null while it has none (in flight). Without it, the body follows the place of the page's address.
   */
  body: (() => Body | null) | null = null;
  readonly #listeners = new Map<keyof PeopleEvents, Set<(event: never) => void>>();
  readonly #follow = createSubscriber((update) => this.on('changed', update));
  #reckoned_ms = -Infinity;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(origin: LatLon) {
    this.plane = new CityPlane(origin);
  }

  /** Calls the listener until the returned function is called. */
  on<Name extends keyof PeopleEvents>(name: Name, listener: (event: PeopleEvents[Name]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener as (event: never) => void);
    return () => set.delete(listener as (event: never) => void);
  }

  tell<Name extends keyof PeopleEvents>(name: Name, ...event: PeopleEvents[Name] extends void ? [] : [PeopleEvents[Name]]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) (listener as (given: unknown) => void)(event[0]);
  }

  /** Nearest first. Read in a component or an effect it follows every change. */
  get nearest(): readonly Neighbour[] {
    this.#follow();
    return [...this.neighbours.values()].sort((a, b) => a.distance_m - b.distance_m || a.person - b.person);
  }

  /** For components: makes the reading of anything here follow `changed`. */
  follow(): this {
    this.#follow();
    return this;
  }

  /** All that are around, seen singly or in a crowd. */
  get count(): number {
    this.#follow();
    return this.crowds.reduce((sum, crowd) => sum + crowd.count, this.neighbours.size);
  }

  place_of(neighbour: Neighbour): LatLon {
    const { x_m, y_m } = neighbour.motion.newest(kScratch);
    return this.plane.to_lat_lon(x_m, y_m);
  }

  appear(person: PersonId, at_ms: number, pose: Readonly<Pose>): Neighbour {
    const neighbour = this.neighbours.get(person) ?? new Neighbour(person);
    neighbour.motion.add(at_ms, pose);
    const is_new = !this.neighbours.has(person);
    this.neighbours.set(person, neighbour);
    this.#reckon_one(neighbour);
    if (is_new) this.tell('appeared', neighbour);
    return neighbour;
  }

  vanish(person: PersonId): void {
    const neighbour = this.neighbours.get(person);
    if (!neighbour) return;
    this.neighbours.delete(person);
    this.tell('vanished', neighbour);
  }

  /** Everybody is out of sight, oneself is nobody. */
  clear(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    for (const person of [...this.neighbours.keys()]) this.vanish(person);
    this.crowds = [];
    this.shared.clear();
    this.tell('changed');
  }

  /** Distances and directions from oneself; lists follow at most every kReckon_ms, since they are read by people. */
  reckon(now_ms: number): void {
    const wait_ms = this.#reckoned_ms + kReckon_ms - now_ms;
    if (wait_ms > 0) {
      // The last of many changes counts: nothing may come after it.
      this.#later ??= setTimeout(() => this.#reckon_all(performance.now()), wait_ms);
      return;
    }
    this.#reckon_all(now_ms);
  }

  #reckon_all(now_ms: number): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#reckoned_ms = now_ms;
    for (const neighbour of this.neighbours.values()) this.#reckon_one(neighbour);
    this.tell('changed');
  }

  #reckon_one(neighbour: Neighbour): void {
    const { x_m, y_m } = neighbour.motion.newest(kScratch);
    const east_m = x_m - this.me.pose.x_m;
    const north_m = y_m - this.me.pose.y_m;
    neighbour.distance_m = Math.hypot(east_m, north_m);
    neighbour.bearing_deg = ((Math.atan2(east_m, north_m) * 180) / Math.PI + 360) % 360;
  }
}

const kScratch: Pose = { x_m: 0, y_m: 0, z_m: 0, heading_deg: 0 };

function nobody(): Me {
  return {
    person: 0,
    pose: { x_m: 0, y_m: 0, z_m: 0, heading_deg: 0 },
    gesture: 'none',
    is_speaking: false,
    is_seated: false,
    is_hidden: false,
    following: null,
    personal_m: kPersonal_m,
  };
}
