// What lives around a place, told by the node as it changes, or as it was at a moment that is gone: one for all parts of the page
// that show it.
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
/** What lived at a moment that is gone; null when the node could not be asked. */
export type AskPast = (address: string, signal: AbortSignal) => Promise<LiveItem[] | null>;
/** Where one stands, and the moment that is looked at: ms since 1970 UTC, null for now. */
export interface Looked extends LatLon {
  time_ms?: number | null;
}

/** Half the side of what is looked at, in degrees of latitude: about 1.7 km. */
const kReach_deg = 0.015;
/** The box moves on when the visitor has come so near to its edge. */
const kMargin_deg = 0.006;
const kItems_max = 4000;
/** Of a moment that is gone, the most that the node tells at once. */
const kPastItems_max = 500;
/** A moment so near is now: addresses name minutes. */
const kNow_ms = 60_000;
/** A node that had no room for a stream is asked again after so long. */
const kAgain_ms = 30_000;
const kClosed = 2;

/** The moment that is looked at, if it is another than now. */
export function other_moment(time_ms: number | null | undefined, now_ms: number): number | null {
  return time_ms === null || time_ms === undefined || Math.abs(time_ms - now_ms) < kNow_ms ? null : time_ms;
}

/**
 * Follows what lives around `look_at(place)`. Where that is a moment that is gone, the node is asked once a place and moment; of a
 * moment to come nothing is known. While nobody listens no stream is open. The browser makes a lost stream again by
 * itself (HTML, 9.2, server-sent events); until then `is_connected` is false and the items are what was known last.
 */
export class LiveFeed {
  readonly items = new Map<string, LiveItem>();
  is_connected = false;
  /** True once the node has told what is there, or has failed to. */
  has_answered = false;
  /** The moment that is looked at, ms since 1970 UTC; null: now. */
  at_ms: number | null = null;
  readonly #ask: AskPast;
  #asking: AbortController | null = null;
  readonly #open: OpenStream;
  readonly #listeners = new Set<() => void>();
  #stream: Stream | null = null;
  #middle: LatLon | null = null;
  #wanted: Looked | null = null;
  #told = false;

  constructor(open: OpenStream = (address) => new EventSource(address) as unknown as Stream, ask: AskPast = ask_node) {
    this.#open = open;
    this.#ask = ask;
  }

  /** By which ages are told. */
  get now_ms(): number {
    return this.at_ms ?? Date.now();
  }
  get is_past(): boolean {
    return this.at_ms !== null && this.at_ms < Date.now();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#wanted && !this.#middle) this.#start(this.#wanted);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  look_at(place: Looked): void {
    this.#wanted = { lat: place.lat, lon: place.lon, time_ms: place.time_ms ?? null };
    if (this.#listeners.size === 0) return;
    const slack_deg = kReach_deg - kMargin_deg;
    const is_inside = this.#middle !== null && Math.abs(place.lat - this.#middle.lat) < slack_deg && Math.abs(place.lon - this.#middle.lon) < slack_deg / across(place.lat);
    if (!is_inside || other_moment(place.time_ms, Date.now()) !== this.at_ms) this.#start(this.#wanted);
  }

  #start(place: Looked): void {
    const was_ms = this.at_ms;
    this.#stop();
    this.#middle = place;
    this.at_ms = other_moment(place.time_ms, Date.now());
    // What lives now and what lived then are never shown together.
    if (this.at_ms !== was_ms) {
      this.items.clear();
      this.has_answered = false;
    }
    const wide_deg = kReach_deg / across(place.lat);
    const box = [place.lon - wide_deg, place.lat - kReach_deg, place.lon + wide_deg, place.lat + kReach_deg];
    const bbox = box.map((deg) => deg.toFixed(5)).join(',');
    if (this.at_ms !== null) {
      void this.#look_back(bbox, this.at_ms);
      return;
    }
    const stream = (this.#stream = this.#open(`/api/v1/live/stream?bbox=${bbox}`));
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

  async #look_back(bbox: string, at_ms: number): Promise<void> {
    const asking = (this.#asking = new AbortController());
    const at = new Date(at_ms).toISOString();
    const items = this.is_past ? await this.#ask(`/api/v1/live?bbox=${bbox}&limit=${kPastItems_max}&at=${at}`, asking.signal) : [];
    if (this.#asking !== asking) return;
    this.is_connected = items !== null;
    if (items !== null) {
      this.items.clear();
      for (const item of items) this.items.set(item.id, item);
    }
    this.#say();
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
    this.#asking?.abort();
    this.#asking = null;
    this.#middle = null;
    this.is_connected = false;
  }
}

/** A degree of longitude in degrees of latitude; never 0, not even at a pole. */
function across(lat_deg: number): number {
  return Math.max(0.05, Math.cos((lat_deg * Math.PI) / 180));
}

async function ask_node(address: string, signal: AbortSignal): Promise<LiveItem[] | null> {
  try {
    const answer = await fetch(address, { signal });
    return answer.ok ? ((await answer.json()) as components['schemas']['LiveAnswer']).items : null;
  } catch {
    return null;
  }
}

let shared: LiveFeed | null = null;
export const live_feed = (): LiveFeed => (shared ??= new LiveFeed());
