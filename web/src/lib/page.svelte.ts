// What every part of the page shares: state, contract, words, theme, the city, and what is being said to the visitor.
import { getContext } from 'svelte';
import type { Among } from '../people/among.svelte';
import type { People, PersonId } from '../people/people';
import type { Api, City, Here, Me, Problem, Summary } from './api';
import type { AppState } from './app_state';
import { known_zone } from './city_time';
import { accent_on, hex_of, hue_for, rgb_from } from './colour';
import { keep_choice, type Theme } from './theme';
import { kSeenMax, type ViewContext } from './view';
import type { Language, MessageKey, Words } from './words';

/** A line at the foot of the page. `undo` takes back what it tells of. */
export interface Notice {
  text: string;
  undo?: () => void;
}
const kNotice_ms = 8000;
const kClock_ms = 20_000;
export const kLanguageKey = 'citiverse.language';

export class Page implements ViewContext {
  readonly state: AppState;
  readonly api: Api;
  readonly words: Words;
  readonly theme: Theme;
  city: City = $state.raw()!;
  seen: readonly Summary[] = $state.raw([]);
  announcement = $state('');
  notice: Notice | null = $state.raw(null);
  /** Why the present view cannot be shown; empty while all is well. */
  failure = $state('');
  /** When the data on the page was stored, if the node cannot be reached; null while answers are fresh. */
  kept_ms: number | null = $state(null);
  /** What the node says of the present place; null until it has answered once. */
  here: Here | null = $state.raw(null);
  /** Who the visitor is to the node; null until it has said so. */
  me: Me | null = $state.raw(null);
  /** The sign-in stands over the view while this is a text: what for, or empty. */
  sign_in_for: string | null = $state(null);
  /** Called by a view when a visitor can use it; `is_standing` resolves then, so that comforts never come before. */
  stands: () => void = () => {};
  readonly is_standing = new Promise<void>((done) => (this.stands = done));
  /** Set by whoever selects with the keyboard: the panel then takes the focus. */
  focus_panel = false;
  /** A newer client is loaded and waits; the visitor decides when. */
  update_ready = $state(false);
  take_update: () => void = () => {};
  /** Those around; null until the visitor goes among people. */
  people: People | null = $state.raw(null);
  /** Talk, company and voice with them; null until the panel of people was wanted once. */
  among: Among | null = $state.raw(null);
  /** The space beside the city that one is in; null in the city. */
  get hall(): Among | null {
    return this.among?.is_in_hall ? this.among : null;
  }
  /** Of the city, or of the space that one is in. */
  get place_name(): string {
    return this.hall?.hall_name ?? this.city.name;
  }
  /** The panel of people is open. */
  people_open = $state(false);
  /** Somebody who was pointed at in a picture: the panel opens at them, and sets it back to null. */
  chosen_person: PersonId | null = $state(null);
  /** Something that people put down, pointed at in a picture. */
  chosen_shared: number | null = $state(null);
  #people_listeners = new Set<(people: People) => void>();
  #clock_ms = $state(Date.now());
  #notice_timer: ReturnType<typeof setTimeout> | undefined;

  constructor(state: AppState, api: Api, words: Words, theme: Theme, city: City) {
    this.state = state;
    this.api = api;
    this.words = words;
    this.theme = theme;
    this.city = city;
    api.on_answer = (kept_ms) => (this.kept_ms = kept_ms === null ? null : Math.min(kept_ms, this.kept_ms ?? kept_ms));
    setInterval(() => (this.#clock_ms = Date.now()), kClock_ms);
    this.#paint();
    theme.subscribe(() => this.#paint());
  }

  get time_zone(): string {
    return known_zone(this.city.time_zone);
  }
  /** The moment that is looked at: the chosen one, or now. */
  get moment_ms(): number {
    return this.state.now.time_ms ?? this.#clock_ms;
  }

  select(id: string | null): void {
    this.focus_panel = id !== null;
    this.state.update({ object: id }, 'push');
  }
  /** Moves there; in the text view the panel gives way to what is around. Can be taken back. */
  go_to(target: { lat: number; lon: number; title: string }): void {
    const { lat, lon, object, view } = this.state.now;
    this.state.update({ lat: target.lat, lon: target.lon, object: view === 'text' ? null : object }, 'push');
    if (view === 'text') document.getElementById('content')?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
    this.tell(this.words.say('you_are_at', { place: target.title }), () => this.state.update({ lat, lon, object }, 'push'));
  }
  go_among(people: People): void {
    this.people = people;
    for (const listener of this.#people_listeners) listener(people);
  }
  with_people(listener: (people: People) => void): () => void {
    this.#people_listeners.add(listener);
    if (this.people) listener(this.people);
    return () => this.#people_listeners.delete(listener);
  }
  show_person(person: PersonId): void {
    this.chosen_person = person;
    this.people_open = true;
  }
  show_shared(object: number): void {
    this.chosen_shared = object;
    this.people_open = true;
  }
  show_seen(seen: readonly Summary[]): void {
    this.seen = seen.slice(0, kSeenMax);
  }
  announce(text: string): void {
    // A live region repeats a text only when it differs.
    this.announcement = text === this.announcement ? `${text}\u00A0` : text;
  }
  fail(message: string): void {
    this.failure = message;
  }
  tell(text: string, undo?: () => void): void {
    clearTimeout(this.#notice_timer);
    this.notice = undo ? { text, undo } : { text };
    this.#notice_timer = setTimeout(() => (this.notice = null), kNotice_ms);
  }
  /** Changes the language of the page and of the names that the node gives; the city's own answer is asked for again. */
  async speak(language: Language): Promise<void> {
    if (!(await this.words.load(language))) {
      this.tell(this.words.say('problem.offline'));
      return;
    }
    keep_choice(kLanguageKey, language);
    this.state.update({ lang: language });
    const city = await this.api.city();
    if (city.ok) this.city = city.value;
  }
  /** The city's own accent, as light or dark as reading it on our backgrounds needs. */
  #paint(): void {
    const style = getComputedStyle(document.documentElement);
    const backgrounds = ['--ground', '--card', '--sunken', '--accent-soft'].map((name) => rgb_from(style.getPropertyValue(name).trim()));
    const accent = accent_on(backgrounds, hue_for(this.city.name), this.theme.now === 'light' ? 'darker' : 'lighter');
    document.documentElement.style.setProperty('--accent', hex_of(accent));
  }
  /** What went wrong and what to do, in the visitor's language. */
  explain(problem: Problem): string {
    const key = `problem.${problem.code}`;
    return this.words.has(key) ? this.words.say(key as MessageKey) : this.words.say('problem.other');
  }
}

/** The key under which main.ts hands the page to every component. */
export const kPage = Symbol('page');
export const get_page = (): Page => getContext<Page>(kPage);
