// The agreement between the page and its views. The page owns the bar, the search, the panel of the selected object and the
// address; a view owns one element and draws the shared situation in it. A view never keeps a second copy of the place.
//
// How a view joins: src/views/<name>/index.ts exports `create_view: CreateView`. It is loaded by a dynamic import when a visitor
// asks for it, so everything it imports (three.js, MapLibre, their styles) stays out of the first load.
import type { Api, City, Summary } from './api';
import type { People, PersonId } from '../people/people';
import type { AppState } from './app_state';
import type { LatLon } from './ground';
import type { Theme } from './theme';
import type { Words } from './words';

/** A space that people made beside the city: a flat floor within walls, with its frame's origin in the middle and the door in the south. */
export interface Room {
  /** West, south, east, north in its frame, metres. */
  readonly bounds_m: readonly [number, number, number, number];
  /** The nearest place within its walls; null: the place is within them. */
  nearest_within(place: LatLon): LatLon | null;
  /** Takes one's body there. */
  go(place: LatLon): void;
  /** Goes out by its door. */
  leave(): void;
}

export interface ViewContext {
  /** Where this is not the city but a space beside it; state, city and contract are then the space's. */
  readonly room?: Room;
  /** Place, heading, selection, time, language: read `state.now`, follow with `state.subscribe`, write with `state.update`. */
  readonly state: AppState;
  /** The contract of protocol/openapi.yaml. */
  readonly api: Api;
  /** Messages, numbers, distances and directions in the visitor's language; `words.subscribe` tells of a new language. */
  readonly words: Words;
  /** 'light' or 'dark' and reduced motion; `theme.subscribe` tells of a change. */
  readonly theme: Theme;
  /** The answer of /api/v1/city: origin, box, tile addresses, viewpoints. */
  readonly city: City;
  /** Selects an object: its panel opens, the address follows, the back button undoes it. null closes the panel. */
  select(id: string | null): void;
  /**
   * What can be selected in the picture now, nearest first, at most kSeenMax; the page lists it in the DOM with name, distance,
   * direction and actions. Call when it changes and at most a few times a second.
   */
  show_seen(seen: readonly Summary[]): void;
  /**
   * Calls the listener with the people around as soon as the visitor goes among them, at once when they are there already, until
   * the returned function is called. A page without people never calls it.
   */
  with_people(listener: (people: People) => void): () => void;
  /** Opens the panel of people at somebody who was pointed at in a picture: who it is, and what one can do. */
  show_person(person: PersonId): void;
  /** The same for something that people put down. */
  show_shared(object: number): void;
  /** Says something to everybody, screen readers included. For moves: at most one a second. */
  announce(text: string): void;
  /** Shows what went wrong, in the visitor's words, with what can be done; the page offers the text view beside it. */
  fail(message: string): void;
}

export const kSeenMax = 500;

export interface CityView {
  /**
   * Draws into an empty element that fills the page below the bar, and follows the state until destroy. Resolves when the
   * first picture stands. The element has the size of the view; the view watches it with a ResizeObserver.
   */
  mount(element: HTMLElement): Promise<void>;
  /** Frees everything: listeners, workers, GPU memory. The element is removed afterwards. */
  destroy(): void;
}

export type CreateView = (context: ViewContext) => CityView;
