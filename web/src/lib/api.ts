// Asks the city node. Types come from protocol/openapi.yaml, so that client and server cannot drift apart unseen.
import type { components, paths } from './api_types';

type Schemas = components['schemas'];
export type City = Schemas['City'];
export type CityObject = Schemas['Object'];
export type Summary = Schemas['Summary'];
export type SummaryPage = Schemas['SummaryPage'];
export type Here = Schemas['Here'];
export type Area = Schemas['AreaItem'];
export type AreaPage = Schemas['AreaSummary'];
export type StreetPage = Schemas['StreetPage'];
export type StreetItem = Schemas['StreetItem'];
export type Departure = Schemas['Departure'];
export type OpeningHours = Schemas['OpeningHours'];
export type Source = Schemas['Source'];
export type Me = Schemas['Me'];

/** What went wrong, in the terms of RFC 9457. `offline` and `aborted` are made here, the other codes by the server. */
export interface Problem {
  code: Schemas['Problem']['code'] | 'offline' | 'aborted' | 'unreadable';
  status: number;
  /** English, from the server; empty when there is none. */
  detail: string;
  /** The parameter or member that is wrong, where one is. */
  parameter?: string;
}

/** `kept_ms` is the time an answer was stored when it comes from the offline store; null when it is fresh. */
export type Answer<T> = { ok: true; value: T; kept_ms: number | null } | { ok: false; problem: Problem };

type QueryOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never;
type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

/** Set by the service worker on answers from its store: ms since 1970 UTC. */
export const kKeptHeader = 'x-citiverse-kept';
const kProblemType = 'application/problem+json';
export const kWait_ms_max = 20_000;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Threads of a view share one Api. `language` is asked before each request: names come in the visitor's language. */
export class Api {
  #fetch: Fetch;
  #language: () => string;
  /** Called after every answer: null when it is fresh, else the time it was kept. */
  on_answer: (kept_ms: number | null) => void = () => {};

  constructor(fetch: Fetch, language: () => string) {
    this.#fetch = fetch;
    this.#language = language;
  }

  city(signal?: AbortSignal): Promise<Answer<City>> {
    return this.#get('/api/v1/city', {}, signal);
  }
  object(id: string, query: Omit<QueryOf<'/api/v1/objects/{id}'>, 'lang'> = {}, signal?: AbortSignal): Promise<Answer<CityObject>> {
    return this.#get(`/api/v1/objects/${encodeURIComponent(id)}`, query, signal);
  }
  nearby(query: Omit<QueryOf<'/api/v1/nearby'>, 'lang'>, signal?: AbortSignal): Promise<Answer<SummaryPage>> {
    return this.#get('/api/v1/nearby', query, signal);
  }
  at(lat: number, lon: number, signal?: AbortSignal): Promise<Answer<Here>> {
    return this.#get('/api/v1/at', { lat: short(lat), lon: short(lon) }, signal);
  }
  search(query: Omit<QueryOf<'/api/v1/search'>, 'lang'>, signal?: AbortSignal): Promise<Answer<{ items: Summary[] }>> {
    return this.#get('/api/v1/search', query, signal);
  }
  areas(signal?: AbortSignal): Promise<Answer<{ areas: Area[] }>> {
    return this.#get('/api/v1/areas', {}, signal);
  }
  area(id: string, query: Omit<QueryOf<'/api/v1/areas/{id}'>, 'lang'> = {}, signal?: AbortSignal): Promise<Answer<AreaPage>> {
    return this.#get(`/api/v1/areas/${encodeURIComponent(id)}`, query, signal);
  }
  streets(query: Omit<QueryOf<'/api/v1/streets'>, 'lang'> = {}, signal?: AbortSignal): Promise<Answer<StreetPage>> {
    return this.#get('/api/v1/streets', query, signal);
  }

  #get<T>(path: string, query: Query, signal?: AbortSignal): Promise<Answer<T>> {
    const given = new URLSearchParams({ lang: this.#language() });
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) given.set(key, Array.isArray(value) ? value.join(',') : String(value));
    }
    return this.send<T>('GET', `${path}?${given}`, undefined, signal);
  }

  /** Any request of the contract; `body` is sent as JSON. An answer without a body gives undefined. */
  async send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer<T>> {
    const limit = AbortSignal.timeout(kWait_ms_max);
    // What changes something is finished even when the page is left meanwhile.
    const init: RequestInit = { method, keepalive: method !== 'GET', signal: signal ? AbortSignal.any([signal, limit]) : limit };
    if (body !== undefined) Object.assign(init, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    try {
      return await this.#read<T>(await this.#fetch(path, init));
    } catch (error) {
      const code = signal?.aborted ? 'aborted' : error instanceof SyntaxError ? 'unreadable' : limit.aborted ? 'timeout' : 'offline';
      return { ok: false, problem: { code, status: 0, detail: '' } };
    }
  }

  async #read<T>(response: Response): Promise<Answer<T>> {
    if (response.ok) {
      const value = (response.status === 204 ? undefined : await response.json()) as T;
      const kept = response.headers.get(kKeptHeader);
      const kept_ms = kept === null ? null : Number(kept);
      this.on_answer(kept_ms);
      return { ok: true, value, kept_ms };
    }
    if (response.headers.get('content-type')?.startsWith(kProblemType)) {
      const problem = (await response.json()) as Schemas['Problem'];
      const { code, status, detail, parameter } = problem;
      return { ok: false, problem: { code, status, detail, ...(parameter === undefined ? {} : { parameter }) } };
    }
    return { ok: false, problem: { code: 'unavailable', status: response.status, detail: '' } };
  }
}

/** Six decimals are 0.1 m: enough for a person, and addresses that repeat find the cache. */
export function short(degrees: number): number {
  return Number(degrees.toFixed(6));
}
