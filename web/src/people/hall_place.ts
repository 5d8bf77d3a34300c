// A space beside the city as the views see it: a place, a frame and a name of its own, so that the page's place in the city stays
// where one left it.
import type { City, Summary } from '../lib/api';
import { AppState } from '../lib/app_state';
import type { LatLon } from '../lib/ground';
import type { Page } from '../lib/page.svelte';
import type { Room, ViewContext } from '../lib/view';
import type { Among } from './among.svelte';
import type { Hall } from './meeting';
import type { People, PersonId } from './people';
import type { CityPlane } from './city_plane';

/** Somebody who is brought back within the walls comes to stand this far from them. */
const kFromWall_m = 0.5;
/** The address of the page is the city's: the hall's state is written nowhere. */
const kNowhere = { location: { search: '', pathname: '' }, history: { pushState() {}, replaceState() {} }, addEventListener() {} };

/** Where one is in a hall; view, moment and language are the page's, both ways. */
export function hall_state(page: Page): { state: AppState; stop: () => void } {
  const { view, lat, lon } = page.state.now;
  const state = new AppState({ view, lat, lon }, kNowhere as unknown as Window);
  const shared = ({ view, time_ms, lang }: AppState['now']) => ({ view, time_ms, lang });
  state.update(shared(page.state.now));
  const stops = [page.state.subscribe((now) => state.update(shared(now))), state.subscribe((now) => page.state.update(shared(now)))];
  return { state, stop: () => stops.forEach((stop) => stop()) };
}

export class HallPlace implements ViewContext {
  readonly room: Room;
  readonly state: AppState;
  readonly #page: Page;
  readonly #among: Among;

  constructor(page: Page, among: Among, hall: Hall, state: AppState) {
    this.#page = page;
    this.#among = among;
    this.state = state;
    const [west = 0, south = 0, east = 0, north = 0] = hall.bounds_m;
    this.room = {
      bounds_m: [west, south, east, north],
      nearest_within: (place) => this.#nearest_within(place),
      go: (place) => {
        const { x_m, y_m } = this.#plane.to_plane(place);
        among.meeting.travel({ point: [x_m, y_m] });
      },
      leave: () => among.enter(null),
    };
  }

  get api(): ViewContext['api'] {
    return this.#page.api;
  }
  get words(): ViewContext['words'] {
    return this.#page.words;
  }
  get theme(): ViewContext['theme'] {
    return this.#page.theme;
  }
  get #plane(): CityPlane {
    return this.#among.people.plane;
  }
  /** What a view asks of a city, as it holds here: nothing but a flat floor with a name. */
  get city(): City {
    return { ...this.#page.city, name: this.#among.hall_name, origin: this.#plane.origin, ground_height_m: 0, viewpoints: [], sources: [] };
  }

  /** The one object of a hall's picture is its door. */
  select(id: string | null): void {
    if (id !== null) this.room.leave();
  }
  /** People, things and the door are listed from what the node tells, not from the picture. */
  show_seen(_seen: readonly Summary[]): void {}
  with_people(listener: (people: People) => void): () => void {
    listener(this.#among.people);
    return () => {};
  }
  show_person(person: PersonId): void {
    this.#page.show_person(person);
  }
  show_shared(object: number): void {
    this.#page.show_shared(object);
  }
  announce(text: string): void {
    this.#page.announce(text);
  }
  fail(message: string): void {
    this.#page.fail(message);
  }

  #nearest_within(place: LatLon): LatLon | null {
    const [west, south, east, north] = this.room.bounds_m;
    const { x_m, y_m } = this.#plane.to_plane(place);
    const within = (value: number, low: number, high: number): number => Math.min(high - kFromWall_m, Math.max(low + kFromWall_m, value));
    const [x, y] = [within(x_m, west, east), within(y_m, south, north)];
    return x === x_m && y === y_m ? null : this.#plane.to_lat_lon(x, y);
  }
}
