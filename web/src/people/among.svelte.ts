// The visitor among people of one space: everything that belongs to one joining, made when somebody asks for it. The city's is kept as
// long as the page, that of a hall as long as one is in it.
import type { Page } from '../lib/page.svelte';
import type { ViewContext } from '../lib/view';
import { keep_choice } from '../lib/theme';
import { kAmongKey } from './among_key';
import { Company } from './company.svelte';
import { HallPlace, hall_state } from './hall_place';
import { Safety } from './safety';
import { Listening } from './listening.svelte';
import { Meeting, type Hall } from './meeting';
import { kPersonal_m, People } from './people';
import { kSubprotocol } from './wire';
import { SharedObjects } from './shared_objects';
import { Talk, type Said } from './talk.svelte';
import { Voice } from './voice.svelte';

/** The space of the city itself. */
const kCity = 'city';
/** What others say is announced at most so often; the conversation itself has all of it. */
const kAnnounce_ms = 1500;

export class Among {
  readonly people: People;
  readonly meeting: Meeting;
  readonly talk: Talk;
  readonly company: Company;
  readonly voice: Voice;
  readonly listening: Listening;
  readonly safety: Safety;
  readonly shared: SharedObjects;
  /** The space beside the city that this is; null: the city. */
  readonly hall: Hall | null;
  /** Its hosts may change it meanwhile. */
  hall_name = $state('');
  readonly #page: Page;
  /** From a hall, the way back. */
  readonly #city: Among | null;
  /** What pictures draw of the hall; null: they draw the city. */
  readonly place: ViewContext | null;
  readonly #stop_state: () => void;
  #announced_ms = -Infinity;

  constructor(page: Page, hall: Hall | null = null, city: Among | null = null) {
    this.#page = page;
    this.#city = city;
    this.hall = hall;
    this.hall_name = hall?.name ?? '';
    const space = hall?.id ?? kCity;
    this.people = new People(page.city.origin);
    const { state, stop } = hall ? hall_state(page) : { state: page.state, stop: () => {} };
    this.#stop_state = stop;
    this.place = hall && new HallPlace(page, this, hall, state);
    this.meeting = new Meeting(
      this.people,
      { api: page.api, state, ground_height_m: () => (hall ? 0 : (page.here?.ground_height_m ?? page.city.ground_height_m)), hall },
      () => new WebSocket(socket_address(space), kSubprotocol),
    );
    this.talk = new Talk(this.meeting);
    this.company = new Company(this.meeting);
    this.voice = new Voice(this.meeting, page.api);
    this.listening = new Listening(this.meeting, page.api);
    this.safety = new Safety(page, this.people, space);
    this.shared = new SharedObjects(this.meeting);
    this.talk.on_said = (said) => this.#said(said);
    const { words } = page;
    this.meeting.hear('notice', (tell) => typeof tell['text'] === 'string' && page.tell(tell['text']));
    this.meeting.hear('problem', (tell) => {
      const code = String(tell['code']);
      const known = [`${String(tell['about'])}_${code}`, code].find((one) => words.has(`people.problem.${one}`));
      page.tell(words.term('people.problem', known ?? 'other'));
    });
    this.meeting.hear('followed', (tell) => {
      const name = this.meeting.about(Number(tell['from']))?.name ?? '';
      if (tell['on'] === true) page.announce(words.say('people.follows_you', { name }));
    });
    this.meeting.hear('welcome', (tell) => {
      const { personal_m } = this.people.me;
      if (tell['resumed'] !== true && personal_m !== kPersonal_m) this.keep_away(personal_m);
    });
    this.people.on('reacted', ({ neighbour, gesture }) => {
      if (neighbour.distance_m < 30) page.announce(words.say('people.reacted', { name: neighbour.about.name, gesture: words.term('people.gesture', gesture) }));
    });
  }

  /** In a hall, and so nowhere in the city. */
  get is_in_hall(): boolean {
    const { presence } = this.people.follow();
    return this.hall !== null && (presence === 'here' || presence === 'away');
  }

  join(): void {
    keep_choice(kAmongKey, 'here');
    this.meeting.join();
    // The pictures of the city hold who is in it; a hall has pictures of its own.
    if (!this.hall && this.#page.people !== this.people) this.#page.go_among(this.people);
  }

  leave(): void {
    keep_choice(kAmongKey, 'off');
    this.#part();
  }

  /** Goes to another space, or with null back to the city: one is in one space at a time, and one's group comes along. */
  enter(hall: Hall | null): void {
    const { code } = this.company;
    this.#part();
    this.#stop_state();
    const city = this.#city ?? this;
    const there = hall === null ? city : new Among(this.#page, hall, city);
    there.company.comes_with(code);
    this.#page.among = there;
    there.join();
  }

  #part(): void {
    this.voice.stop();
    this.listening.stop();
    this.company.stop();
    this.shared.stop();
    this.meeting.leave();
    this.talk.clear();
  }

  keep_away(personal_m: number): void {
    this.people.me.personal_m = personal_m;
    this.meeting.say({ t: 'space', personal_m });
    this.people.tell('changed');
  }

  #said({ name, text, lang, channel }: Said): void {
    this.listening.read(`${name}: ${text}`, lang);
    const now_ms = performance.now();
    // The open conversation is a log that a reader hears by itself.
    if (this.talk.is_shown || now_ms - this.#announced_ms < kAnnounce_ms) return;
    this.#announced_ms = now_ms;
    const { words } = this.#page;
    this.#page.announce(words.say(channel === 'person' ? 'people.says_to_you' : 'people.says', { name, text }));
  }
}

function socket_address(space: string): string {
  const address = new URL(`/api/v1/presence?space=${space}`, location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}
