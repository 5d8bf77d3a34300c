// What lives around a place, told by the node as it changes: one stream for all parts of the page that show it.
import type { components } from '../lib/api_types';
import type { LatLon } from '../lib/ground';

export type LiveItem = components['schemas']['LiveItem'];
export type LiveValue = components['schemas']['LiveValue'];
type LiveNews = components['schemas']['LiveNews'];

/** The part of EventSource that is used, so that a test can stand in for it. */
export interface Stream {
  addEventListener(name: string, listener: (event: { data: string }) => void): void;
  close(): void;
  /** 2: closed for good, as after an answer that is no stream (HTML, 9.2.2). */
  readonly readyState: number;
  onopen: (() => void) | null;
  onerror: (() => void) | null;
}
export type OpenStream = (address: string) => Stream;

/** Half the side of what is looked at, in degrees of latitude: about 1.7 km. */
const kReach_deg = 0.015;
/** The box moves on when the visitor has come so near to its edge. */
const kMargin_deg = 0.006;
const kItems_max = 4000;
/** A node that had no room for a stream is asked again after so long. */
const kAgain_ms = 30_000;
const kClosed = 2;

/**
 * Follows what lives around `look_at(place)`. While nobody listens no stream is open. The browser makes a lost stream again by
 * itself (HTML, 9.2, server-sent events); until then `is_connected` is false and the items are what was known last.
 */
export class LiveFeed {
  readonly items = new Map<string, LiveItem>();
  is_connected = false;
  /** True once the node has told what is there, or has failed to. */
  has_answered = false;
  readonly #open: OpenStream;
  readonly #listeners = new Set<() => void>();
  #stream: Stream | null = null;
  #middle: LatLon | null = null;
  #wanted: LatLon | null = null;
  #told = false;

  constructor(open: OpenStream = (address) => new EventSource(address) as unknown as Stream) {
    this.#open = open;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#wanted && !this.#stream) this.#start(this.#wanted);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  look_at(place: LatLon): void {
    this.#wanted = { lat: place.lat, lon: place.lon };
    if (this.#listeners.size === 0) return;
    const slack_deg = kReach_deg - kMargin_deg;
    const is_inside = this.#middle !== null && Math.abs(place.lat - this.#middle.lat) < slack_deg && Math.abs(place.lon - this.#middle.lon) < slack_deg / across(place.lat);
    if (!is_inside || !this.#stream) this.#start(this.#wanted);
  }

  #start(place: LatLon): void {
    this.#stop();
    this.#middle = place;
    const wide_deg = kReach_deg / across(place.lat);
    const box = [place.lon - wide_deg, place.lat - kReach_deg, place.lon + wide_deg, place.lat + kReach_deg];
    const stream = (this.#stream = this.#open(`/api/v1/live/stream?bbox=${box.map((deg) => deg.toFixed(5)).join(',')}`));
    stream.onopen = () => {
      // Whatever went meanwhile is not told: the node begins again with what is there.
      this.items.clear();
      this.is_connected = true;
      setTimeout(() => this.#say(), 1000);
    };
    stream.onerror = () => {
      this.is_connected = false;
      if (stream.readyState === kClosed) setTimeout(() => stream === this.#stream && this.#start(place), kAgain_ms);
      this.#say();
    };
    stream.addEventListener('change', (event) => this.#take(JSON.parse(event.data) as LiveNews));
    stream.addEventListener('lost', () => this.#start(place));
  }

  #take({ items, gone }: LiveNews): void {
    for (const id of gone) this.items.delete(id);
    for (const item of items) if (this.items.has(item.id) || this.items.size < kItems_max) this.items.set(item.id, item);
    this.#say();
  }

  /** Many changes within a frame are told once. */
  #say(): void {
    this.has_answered = true;
    if (this.#told) return;
    this.#told = true;
    queueMicrotask(() => {
      this.#told = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  #stop(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#middle = null;
    this.is_connected = false;
  }
}

/** A degree of longitude in degrees of latitude; never 0, not even at a pole. */
function across(lat_deg: number): number {
  return Math.max(0.05, Math.cos((lat_deg * Math.PI) / 180));
}

let shared: LiveFeed | null = null;
export const live_feed = (): LiveFeed => (shared ??= new LiveFeed());
