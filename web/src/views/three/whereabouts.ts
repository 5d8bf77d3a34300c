// Says where one is: the street or area at one's feet, shown in the corner and spoken to those who listen.
import { distance_m, type LatLon } from '../../lib/ground';
import { outside_of } from './outside';
import type { Situation } from '../../lib/situation';
import type { ViewContext } from '../../lib/view';

/** A new place is worth a sentence after this way on foot; higher up, after the height of the eye. */
const kWorth_m = 20;

interface Outside extends LatLon {
  heading_deg: number;
  ground_height_m: number;
}

export class Whereabouts {
  readonly #context: ViewContext;
  readonly #show: (here: string) => void;
  #asked: LatLon | null = null;
  #asking: AbortController | null = null;
  #said = '';

  constructor(context: ViewContext, show: (here: string) => void) {
    this.#context = context;
    this.#show = show;
  }

  stop(): void {
    this.#asking?.abort();
  }

  /** Height of the ground at a place, metres; null when the node does not answer. */
  async ground_m(place: LatLon): Promise<number | null> {
    if (this.#context.room) return 0;
    const answer = await this.#context.api.at(place.lat, place.lon);
    return answer.ok ? answer.value.ground_height_m : null;
  }

  /**
   * Where the street passes a place that is inside of a building, and which way along it; null outside, and without an answer.
   * In a hall the other way round: the nearest place inside of it.
   */
  async street_before(place: LatLon, heading_deg: number): Promise<Outside | null> {
    const { room } = this.#context;
    const inside = room?.nearest_within(place);
    if (room) return inside ? { ...inside, heading_deg, ground_height_m: 0 } : null;
    const answer = await this.#context.api.at(place.lat, place.lon);
    const outside = answer.ok ? outside_of(answer.value, heading_deg) : null;
    if (outside === null) return null;
    const ground_height_m = await this.ground_m(outside);
    return ground_height_m === null ? null : { ...outside, ground_height_m };
  }

  /** Finds out where one has come to, if one has moved far enough for that. */
  async look(now: Situation): Promise<void> {
    if (this.#context.room) {
      this.#show(this.#context.city.name);
      return;
    }
    const worth_m = Math.max(kWorth_m, now.height_m * 0.5);
    if (this.#asked !== null && distance_m(this.#asked, now) < worth_m) return;
    this.#asked = { lat: now.lat, lon: now.lon };
    this.#asking?.abort();
    this.#asking = new AbortController();
    const answer = await this.#context.api.at(now.lat, now.lon, this.#asking.signal);
    if (!answer.ok) return;
    const here = answer.value;
    const words = [here.street?.name, here.areas?.[0]?.name].filter((name) => name !== undefined && name !== '');
    const text = words.join(' · ');
    this.#show(text);
    if (text === '' || text === this.#said) return;
    this.#said = text;
    const { words: in_words } = this.#context;
    this.#context.announce(`${text}, ${in_words.wind(now.heading_deg)}`);
  }
}

