// With whom one stays together: the group, who is followed, the tour, and where one's people are.
import type { Meeting, TellOf } from './meeting';
import { number_in, objects_in, text_in } from './meeting';
import type { People, PersonId } from './people';

export interface Member {
  readonly person: PersonId;
  readonly name: string;
}
export interface Group {
  /** To be told to those who shall join. */
  readonly code: string;
  readonly leader: PersonId;
  readonly members: readonly Member[];
}
export interface Found extends Member {
  readonly distance_m: number;
  readonly bearing_deg: number;
}
/** Somebody of one's group who is in another space. */
export interface Elsewhere {
  readonly name: string;
  readonly space: string;
  readonly space_name: string;
}
export interface Invitation {
  readonly name: string;
  readonly code: string;
}
export interface Tour {
  readonly leader: PersonId;
  readonly joined: readonly PersonId[];
}

/** A follower keeps this far behind, and goes after when the other is farther. */
const kBehind_m = 2;
const kAfter_m = 9;
const kFollow_ms = 2500;

export class Company {
  group: Group | null = $state.raw(null);
  invitation: Invitation | null = $state.raw(null);
  tour: Tour | null = $state.raw(null);
  /** The answer to "where are my people"; null until it was asked. */
  found: readonly Found[] | null = $state.raw(null);
  elsewhere: readonly Elsewhere[] = $state.raw([]);
  following: PersonId | null = $state(null);
  /** Those who follow me now. */
  followers: ReadonlySet<PersonId> = $state.raw(new Set());
  readonly #meeting: Meeting;
  readonly #people: People;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Of the group that one is in, or comes with from another space: a node that has forgotten us brings it together again by this. */
  #code = '';

  constructor(meeting: Meeting) {
    this.#meeting = meeting;
    this.#people = meeting.people;
    meeting.hear('group', (tell) => this.#grouped(tell));
    meeting.hear('invited', (tell) => (this.invitation = { name: text_in(tell['name']), code: text_in(tell['code']) }));
    meeting.hear('where', (tell) => this.#where(tell));
    meeting.hear('tour', (tell) => this.#toured(tell));
    meeting.hear('followed', (tell) => this.#followed(tell));
    meeting.hear('welcome', (tell) => tell['resumed'] !== true && this.#anew());
    meeting.people.on('appeared', (neighbour) => (neighbour.is_in_group = this.#is_member(neighbour.person)));
  }

  get is_leader(): boolean {
    return this.group !== null && this.group.leader === this.#people.me.person;
  }
  get leads_tour(): boolean {
    return this.tour !== null && this.tour.leader === this.#people.me.person;
  }
  get is_on_tour(): boolean {
    return this.tour !== null && this.tour.joined.includes(this.#people.me.person);
  }

  make(): boolean {
    return this.#meeting.say({ t: 'group', make: true });
  }
  join(code: string): boolean {
    this.invitation = null;
    return this.#meeting.say({ t: 'group', join: code.trim() });
  }
  /** Makes a group first where there is none. */
  invite(person: PersonId): boolean {
    if (this.group) return this.#meeting.say({ t: 'group', invite: person });
    const stop = this.#meeting.hear('group', () => {
      stop();
      this.#meeting.say({ t: 'group', invite: person });
    });
    return this.make();
  }
  /** The code of one's group, to be taken along into another space; empty without one. */
  get code(): string {
    return this.#code;
  }
  /** Joins that group as soon as one is here. */
  comes_with(code: string): void {
    this.#code = code;
  }
  leave(): boolean {
    return this.#meeting.say({ t: 'group', leave: true });
  }
  remove(person: PersonId): boolean {
    return this.#meeting.say({ t: 'group', remove: person });
  }
  meet(): boolean {
    return this.#meeting.say({ t: 'meet' });
  }
  lead_tour(on: boolean): boolean {
    return this.#meeting.say({ t: 'tour', lead: on });
  }
  join_tour(on: boolean): boolean {
    if (!this.#meeting.say({ t: 'tour', join: on })) return false;
    this.follow(on ? (this.tour?.leader ?? null) : null);
    return true;
  }

  follow(person: PersonId | null): void {
    if (!this.#meeting.say({ t: 'follow', person })) return;
    this.following = this.#people.me.following = person;
    clearInterval(this.#timer);
    if (person !== null) this.#timer = setInterval(() => this.#go_after(), kFollow_ms);
    this.#people.tell('changed');
  }

  stop(): void {
    clearInterval(this.#timer);
    this.following = this.#people.me.following = null;
    this.group = this.tour = this.found = this.invitation = null;
    this.elsewhere = [];
    this.followers = new Set();
    this.#code = '';
  }

  /** Walks after whoever is followed. Out of sight they are sought as a member of the group, and else lost. */
  #go_after(): void {
    const person = this.following;
    if (person === null || this.#people.presence !== 'here') return;
    const neighbour = this.#people.neighbours.get(person);
    if (!neighbour) {
      if (this.#is_member(person)) this.#meeting.travel({ person });
      else this.follow(null);
      return;
    }
    if (neighbour.distance_m < kAfter_m) return;
    const { x_m, y_m, heading_deg } = neighbour.motion.newest({ x_m: 0, y_m: 0, z_m: 0, heading_deg: 0 });
    const heading = (heading_deg * Math.PI) / 180;
    this.#meeting.travel({ point: [x_m - Math.sin(heading) * kBehind_m, y_m - Math.cos(heading) * kBehind_m] });
  }

  #is_member(person: PersonId): boolean {
    return this.group?.members.some((member) => member.person === person) ?? false;
  }

  #grouped(tell: TellOf): void {
    const members = members_in(tell['members']);
    this.group = members.length === 0 ? null : { code: text_in(tell['code']), leader: number_in(tell['leader']) ?? 0, members };
    this.#code = this.group?.code ?? '';
    if (!this.group) {
      this.tour = this.found = null;
      this.elsewhere = [];
    }
    for (const neighbour of this.#people.neighbours.values()) neighbour.is_in_group = this.#is_member(neighbour.person);
    this.#people.tell('changed');
  }

  #where(tell: TellOf): void {
    this.found = objects_in(tell['people']).flatMap((given) => {
      const [person, distance_m, bearing_deg] = [given['person'], given['distance_m'], given['bearing_deg']].map(number_in);
      return person == null || distance_m == null || bearing_deg == null ? [] : [{ person, distance_m, bearing_deg, name: text_in(given['name']) }];
    });
    this.elsewhere = objects_in(tell['elsewhere']).flatMap((given) => {
      const [name, space, space_name] = [given['name'], given['space'], given['space_name']].map(text_in);
      return name && space ? [{ name, space, space_name: space_name || space }] : [];
    });
  }

  #toured(tell: TellOf): void {
    const joined = Array.isArray(tell['joined']) ? tell['joined'].filter((one): one is number => typeof one === 'number') : [];
    const was_on = this.is_on_tour;
    this.tour = tell['on'] === true ? { leader: number_in(tell['leader']) ?? 0, joined } : null;
    if (was_on && !this.is_on_tour) this.follow(null);
  }

  #followed(tell: TellOf): void {
    const from = number_in(tell['from']);
    if (from === null) return;
    const followers = new Set(this.followers);
    if (tell['on'] === true) followers.add(from);
    else followers.delete(from);
    this.followers = followers;
  }

  /** The node has forgotten us: whoever was followed has another number now. The group comes together again by its code. */
  #anew(): void {
    const code = this.#code;
    this.stop();
    if (code !== '') this.join(code);
    this.#people.tell('changed');
  }
}

const members_in = (given: unknown): Member[] =>
  objects_in(given).flatMap((one) => {
    const person = number_in(one['person']);
    return person === null ? [] : [{ person, name: text_in(one['name']) }];
  });
