// The live feed for components: reading `items` follows what the node tells.
import { createSubscriber } from 'svelte/reactivity';
import type { Page } from '../lib/page.svelte';
import { live_feed, type LiveFeed, type LiveItem } from './live_feed';

const kAge_ms = 5000;

/** Ages are written anew this often, also when nothing is told. */
export class Following {
  readonly #feed: LiveFeed = live_feed();
  readonly #follow = createSubscriber((update) => {
    const stop = this.#feed.subscribe(update);
    const timer = setInterval(update, kAge_ms);
    return () => {
      stop();
      clearInterval(timer);
    };
  });

  constructor(page: Page) {
    $effect(() => this.#feed.look_at({ lat: page.state.now.lat, lon: page.state.now.lon, time_ms: page.state.now.time_ms }));
  }

  get items(): LiveItem[] {
    this.#follow();
    return [...this.#feed.items.values()];
  }
  get is_connected(): boolean {
    this.#follow();
    return this.#feed.is_connected;
  }
  get has_answered(): boolean {
    this.#follow();
    return this.#feed.has_answered;
  }
  get now_ms(): number {
    this.#follow();
    return this.#feed.now_ms;
  }
  /** The moment that is looked at, where it is not now. */
  get at_ms(): number | null {
    this.#follow();
    return this.#feed.at_ms;
  }
}
