// The lines that vehicles are on, each asked of the node once: their courses, names and modes.
import { createSubscriber } from 'svelte/reactivity';
import type { Api } from '../lib/api';
import { courses_of, type Course } from './line_course';
import type { LiveItem, LiveValue } from './live_feed';

const kLines_max = 200;
const kVertices_max = 5000;
const kAsked_max = 4;

export interface KnownLine {
  courses: readonly Course[];
  /** What its riders call it: "2". */
  reference: string;
  mode: string;
}
/** What vehicles say of themselves, by the mode of their line. */
const kVehicleOfMode: Readonly<Record<string, string>> = { rail: 'train', aerialway: 'cableCar' };
const kNothing: KnownLine = { courses: [], reference: '', mode: '' };

export class LineBook {
  readonly #lines = new Map<string, KnownLine>();
  readonly #listeners = new Set<() => void>();
  readonly #follow = createSubscriber((update) => this.subscribe(update));
  readonly #named = new WeakMap<LiveItem, LiveItem>();
  readonly #wanted: string[] = [];
  #asked = 0;

  /** What is known of a city object so far; nothing for what is no line. Asks for one that is new. */
  of(api: Api, id: string | undefined): KnownLine {
    if (id === undefined || !id.startsWith('line-')) return kNothing;
    const known = this.#lines.get(id);
    if (known) return known;
    if (this.#lines.size >= kLines_max) return kNothing;
    this.#lines.set(id, kNothing);
    this.#wanted.push(id);
    this.#ask(api);
    return kNothing;
  }

  /** The thing with the name of its line, and with its mode where it does not say what it is itself. */
  named(api: Api, item: LiveItem): LiveItem {
    this.#follow();
    const { reference, mode } = this.of(api, item.anchor);
    if (item.kind !== 'Vehicle' || (reference === '' && mode === '')) return item;
    let named = this.#named.get(item);
    if (!named) {
      const has_type = item.values.some(({ name }) => name === 'vehicleType');
      const values: LiveValue[] = item.values.filter(({ name }) => name !== 'lineName' || reference === '');
      if (reference !== '') values.push({ name: 'lineName', iri: '', value: reference });
      if (mode !== '' && !has_type) values.push({ name: 'vehicleType', iri: '', value: kVehicleOfMode[mode] ?? mode });
      this.#named.set(item, (named = { ...item, values }));
    }
    return named;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #ask(api: Api): void {
    while (this.#asked < kAsked_max && this.#wanted.length > 0) {
      const id = this.#wanted.shift()!;
      this.#asked += 1;
      void api.object(id, { geometry: true }).then((answer) => {
        this.#asked -= 1;
        if (answer.ok) {
          const { geometry, line } = answer.value;
          this.#lines.set(id, { courses: geometry ? courses_of(geometry, kVertices_max) : [], reference: line?.reference ?? '', mode: line?.mode ?? '' });
          for (const listener of [...this.#listeners]) listener();
        }
        this.#ask(api);
      });
    }
  }
}

let shared: LineBook | null = null;
export const line_book = (): LineBook => (shared ??= new LineBook());
