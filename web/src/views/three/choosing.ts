// Choosing in the picture: with a finger, with the mouse that rests on something, with the keys that go from one thing to the next.
import { Vector2 } from 'three';
import { kSeenMax, type ViewContext } from '../../lib/view';
import type { Neighbour } from '../../people/people';
import type { Company } from './company';
import type { LiveFigures } from './live_figures';
import type { LookingAt, Tint } from './looking_at';
import type { Stage } from './stage';

/** A mouse that moves asks what is under it at most this often. */
const kPoint_ms = 90;

export interface Choosable {
  stage: Stage;
  looking_at: LookingAt;
  pointed: Tint;
  company: Company;
  /** Null where nothing lives: in a hall. */
  live: LiveFigures | null;
}

/** What of the city, or who, is at a place of the canvas, CSS pixels from its corner. */
function at(stage: Stage, x: number, y: number): Vector2 {
  return new Vector2((x / stage.width) * 2 - 1, 1 - (y / stage.height) * 2);
}

export class Choosing {
  readonly #context: ViewContext;
  #pointed_ms = 0;

  constructor(context: ViewContext) {
    this.#context = context;
  }

  select_at({ stage, looking_at, company, live }: Choosable, x: number, y: number): void {
    const place = at(stage, x, y);
    const met = company.under(place, stage.camera, (from, direction) => looking_at.meets(from, direction));
    if (typeof met === 'number') {
      this.#context.show_shared(met);
      return;
    }
    if (met !== null) {
      this.#say_who(met);
      this.#context.show_person(met.person);
      return;
    }
    const living = live?.under(place, (from, direction) => looking_at.meets(from, direction));
    const id = living?.anchor ?? looking_at.under(place, stage.camera)?.feature.id ?? null;
    if (id !== this.#context.state.now.object) this.#context.select(id);
  }

  /** Null: the mouse has left. Answers whether the picture has changed, and what the cursor becomes. */
  point_at({ stage, looking_at, pointed }: Choosable, to: { x: number; y: number } | null): { changed: boolean; cursor: string | null } {
    const now_ms = performance.now();
    if (to !== null && now_ms - this.#pointed_ms < kPoint_ms) return { changed: false, cursor: null };
    this.#pointed_ms = now_ms;
    let id: string | null = null;
    let cursor: string | null = null;
    if (to !== null) {
      const feature = looking_at.under(at(stage, to.x, to.y), stage.camera)?.feature;
      if (feature?.kind.startsWith('building')) id = feature.id;
      cursor = feature === undefined ? 'default' : 'pointer';
    }
    if (id === this.#context.state.now.object) id = null;
    return { changed: pointed.show(id, stage.tiles), cursor };
  }

  /** From one object in view to the next, nearest first, and round again. */
  select_next({ stage, looking_at }: Choosable, by: number): void {
    const seen = looking_at.seen(stage.camera, kSeenMax);
    if (seen.length === 0) return;
    const now = seen.findIndex(({ feature }) => feature.id === this.#context.state.now.object);
    const { feature, distance_m } = seen[now < 0 ? 0 : (now + by + seen.length) % seen.length]!;
    const { words } = this.#context;
    this.#context.select(feature.id);
    this.#context.announce(`${feature.name || words.term('kind', feature.kind)}, ${words.distance(distance_m)}`);
  }

  #say_who({ about, distance_m }: Neighbour): void {
    const { words } = this.#context;
    const name = about.name === '' ? words.say('three.people.somebody') : about.name;
    this.#context.announce(`${name}, ${words.distance(distance_m)}`);
  }
}
