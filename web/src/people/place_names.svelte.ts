// The name of where somebody stands, as people say it; asked of the node once a place and kept while the page is open.
import { title_of } from '../lib/naming';
import type { Page } from '../lib/page.svelte';

/** Places on this grid share a name: about 25 m. */
const kGrid_deg = 0.00025;
const kKeptMax = 200;
/** So many questions at once are enough for a list. */
const kAskingMax = 2;

export class PlaceNames {
  readonly #page: Page;
  readonly #names = new Map<string, string>();
  /** Counts up with each name that comes: whoever reads a name follows it. */
  #version = $state(0);
  readonly #asked = new Set<string>();
  #asking = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Empty until it is known, and where nothing has a name. */
  name_at(lat: number, lon: number): string {
    const [row, column] = [Math.round(lat / kGrid_deg), Math.round(lon / kGrid_deg)];
    const key = `${this.#page.words.language} ${row} ${column}`;
    void this.#version;
    const known = this.#names.get(key);
    if (known === undefined && !this.#asked.has(key) && this.#asking < kAskingMax) void this.#ask(key, row * kGrid_deg, column * kGrid_deg);
    return known ?? '';
  }

  async #ask(key: string, lat: number, lon: number): Promise<void> {
    if (this.#asked.size >= kKeptMax) this.#asked.clear();
    this.#asked.add(key);
    this.#asking += 1;
    const answer = await this.#page.api.at(lat, lon);
    this.#asking -= 1;
    if (!answer.ok) {
      this.#asked.delete(key);
      return;
    }
    const { building, green, street, areas } = answer.value;
    this.#names.set(key, building?.name || green?.name || (street ? title_of(street, this.#page.words) : '') || areas[0]?.name || '');
    this.#version += 1;
  }
}
