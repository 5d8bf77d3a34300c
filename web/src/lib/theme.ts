// Light or dark, and whether things may move: the system's wish, unless the visitor chose otherwise here.
import { createSubscriber } from 'svelte/reactivity';

export const kThemeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof kThemeChoices)[number];
const kStorageKey = 'citiverse.theme';

/** Storage may be forbidden (private windows, policies): then a choice lasts as long as the page. */
export function read_choice(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep_choice(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing to do: the choice is already in effect for this page.
  }
}

export class Theme {
  #listeners = new Set<() => void>();
  #follow = createSubscriber((update) => this.subscribe(update));
  #choice: ThemeChoice;
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #still = matchMedia('(prefers-reduced-motion: reduce)');

  constructor() {
    const kept = read_choice(kStorageKey);
    this.#choice = kThemeChoices.find((choice) => choice === kept) ?? 'system';
    this.#dark.addEventListener('change', () => this.#changed());
    this.#still.addEventListener('change', () => this.#changed());
    this.#changed();
  }

  get choice(): ThemeChoice {
    this.#follow();
    return this.#choice;
  }
  /** What is in effect. */
  get now(): 'light' | 'dark' {
    this.#follow();
    return this.#choice === 'system' ? (this.#dark.matches ? 'dark' : 'light') : this.#choice;
  }
  get reduced_motion(): boolean {
    this.#follow();
    return this.#still.matches;
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    keep_choice(kStorageKey, choice);
    this.#changed();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    document.documentElement.dataset['theme'] = this.now;
    for (const listener of [...this.#listeners]) listener();
  }
}
