// What every part of the page shares: state, contract, words, theme, the city, and what is being said to the visitor.
import { getContext } from 'svelte';
import type { Api, City, Problem, Summary } from './api';
import type { AppState } from './app_state';
import type { Theme } from './theme';
import type { ViewContext } from './view';
import { kSeenMax } from './view';
import type { MessageKey, Words } from './words';

/** A line at the foot of the page. `undo` takes back what it tells of. */
export interface Notice {
  text: string;
  undo?: () => void;
}
const kNotice_ms = 8000;

export class Page implements ViewContext {
  readonly state: AppState;
  readonly api: Api;
  readonly words: Words;
  readonly theme: Theme;
  city: City;
  seen: readonly Summary[] = $state.raw([]);
  announcement = $state('');
  notice: Notice | null = $state.raw(null);
  /** Why the present view cannot be shown; empty while all is well. */
  failure = $state('');
  /** When the data on the page was stored, if the node cannot be reached; null while answers are fresh. */
  kept_ms: number | null = $state(null);
  #notice_timer: ReturnType<typeof setTimeout> | undefined;

  constructor(state: AppState, api: Api, words: Words, theme: Theme, city: City) {
    this.state = state;
    this.api = api;
    this.words = words;
    this.theme = theme;
    this.city = $state.raw(city);
    api.on_answer = (kept_ms) => (this.kept_ms = kept_ms === null ? null : Math.min(kept_ms, this.kept_ms ?? kept_ms));
  }

  select(id: string | null): void {
    this.state.update({ object: id }, 'push');
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
  /** What went wrong and what to do, in the visitor's language. */
  explain(problem: Problem): string {
    const key = `problem.${problem.code}`;
    return this.words.has(key) ? this.words.say(key as MessageKey) : this.words.say('problem.other');
  }
}

/** The key under which main.ts hands the page to every component. */
export const kPage = Symbol('page');
export const get_page = (): Page => getContext<Page>(kPage);
