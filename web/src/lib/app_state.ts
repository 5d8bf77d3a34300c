// The one living state of the page. Views read and change it here and nowhere else, so that switching keeps the place.
import { createSubscriber } from 'svelte/reactivity';
import { address_of, normal_heading_deg, situation_from, type Defaults, type Situation } from './situation';

export type Change = Partial<Situation>;
/** 'push' makes a step that the back button undoes; 'replace' corrects the present one. */
export type Step = 'push' | 'replace';
export type Listener = (now: Situation, before: Situation) => void;

/** A walker changes the state 60 times a second; browsers refuse an address that changes more than about 3 times a second. */
const kAddressWait_ms = 400;

/**
 * Reading `now` inside a Svelte component or effect follows every change; elsewhere use `subscribe`.
 * The address bar follows: pushes at once, replacements at most every kAddressWait_ms.
 */
export class AppState {
  #now: Situation;
  #defaults: Defaults;
  #listeners = new Set<Listener>();
  #window: Window;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #follow = createSubscriber((update) => this.subscribe(() => update()));

  constructor(defaults: Defaults, target: Window) {
    this.#window = target;
    this.#defaults = defaults;
    this.#now = situation_from(target.location.search, defaults);
    target.addEventListener('popstate', () => this.#came_back());
    target.addEventListener('pagehide', () => this.#write_address());
  }

  get now(): Readonly<Situation> {
    this.#follow();
    return this.#now;
  }

  /** Calls the listener after every change, until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Merges a change. Nothing happens when nothing differs, so that views may echo what they were told. */
  update(change: Change, step: Step = 'replace'): void {
    const next = { ...this.#now, ...change };
    next.heading_deg = normal_heading_deg(next.heading_deg);
    const keys = Object.keys(next) as (keyof Situation)[];
    if (keys.every((key) => next[key] === this.#now[key])) return;
    if (step === 'push') this.#push(next);
    else this.#write_soon();
    this.#set(next);
  }

  #set(next: Situation): void {
    const before = this.#now;
    this.#now = next;
    for (const listener of [...this.#listeners]) listener(next, before);
  }

  #push(next: Situation): void {
    this.#write_address();
    const address = address_of(next, this.#defaults.view);
    if (address !== this.#window.location.search) {
      this.#window.history.pushState(null, '', address || this.#window.location.pathname);
    }
  }

  #write_soon(): void {
    this.#timer ??= setTimeout(() => this.#write_address(), kAddressWait_ms);
  }

  #write_address(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#window.history.replaceState(null, '', address_of(this.#now, this.#defaults.view) || this.#window.location.pathname);
  }

  #came_back(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#set(situation_from(this.#window.location.search, this.#defaults));
  }
}
