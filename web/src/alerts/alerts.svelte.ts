// Watching for a person: one stream of live values for all that they want to be told of, while the page is open.
import { refresh_me } from '../account/who';
import type { Answer, Problem } from '../lib/api';
import type { components } from '../lib/api_types';
import type { LatLon } from '../lib/ground';
import type { Page } from '../lib/page.svelte';
import { keep_choice, read_choice } from '../lib/theme';
import type { LiveItem } from '../live/live_feed';
import { is_stale, status_key, title_of, value_name, value_text } from '../live/live_words';
import { show_areas } from './alert_areas';
import { alerts_from, box_of, circle_area, kAlerts_max, polygon_area, value_for, Watch, type Alert, type Area, type NewAlert } from './alert';

type LiveNews = components['schemas']['LiveNews'];
type Kept = Omit<Alert, 'is_local'>;

/** What was told, the newest first. */
export interface Told {
  at_ms: number;
  text: string;
  object: string | null;
}

const kLocalKey = 'citiverse.alerts';
/** The account has some: they are asked for when the page opens. */
const kAccountKey = 'citiverse.alerts.account';
const kDeviceKey = 'citiverse.alerts.device';
const kTold_max = 20;
const kAgain_ms = 30_000;
const kClosed = 2;
/** One alert is not shown more often than this outside of the page. */
const kDevicePause_ms = 60_000;
const kPath = '/api/v1/me/alerts';

export class Alerts {
  list: readonly Alert[] = $state.raw([]);
  told: readonly Told[] = $state.raw([]);
  /** How many things meet each alert now, by its id. */
  met: Readonly<Record<string, number>> = $state.raw({});
  is_connected = $state(false);
  /** Notices go to the device, too. */
  on_device = $state(false);
  /** Whose alerts of the account stand in the list. */
  #account: string | null = null;
  readonly #page: Page;
  readonly #areas = new Map<string, Area | null>();
  readonly #fresh = new Set<string>();
  readonly #shown_at = new Map<string, number>();
  #watches: Watch[] = [];
  #stream: EventSource | null = null;
  #began: Set<string> | null = null;
  #round = 0;
  /** An area that is being chosen. */
  #draft: Area | null = null;

  constructor(page: Page) {
    this.#page = page;
    this.list = alerts_from(read_choice(kLocalKey));
    this.on_device = read_choice(kDeviceKey) === 'yes' && typeof Notification !== 'undefined' && Notification.permission === 'granted';
    void (page.me ? Promise.resolve() : refresh_me(page)).then(() => this.follow_account());
    void this.#watch();
  }

  /** To be called when somebody signs in or out. */
  async follow_account(): Promise<void> {
    const account = this.#page.me?.signed_in ? (this.#page.me.account ?? '') : null;
    if (account === this.#account) return;
    this.#account = account;
    const before = new Set(this.list.filter(({ is_local }) => !is_local));
    const answer: Answer<{ alerts: Kept[] }> | null = account === null ? null : await this.#page.api.send('GET', kPath);
    if (account !== this.#account) return;
    const kept = answer?.ok ? answer.value.alerts.map((one) => ({ ...one, is_local: false })) : [];
    if (account === null || answer?.ok) keep_choice(kAccountKey, kept.length > 0 ? 'yes' : 'no');
    // What was made meanwhile stays.
    const ids = new Set(kept.map(({ id }) => id));
    this.#set([...kept, ...this.list.filter((one) => !before.has(one) && !ids.has(one.id))]);
  }

  get is_full(): boolean {
    return this.list.length >= kAlerts_max;
  }

  /** With an account in the account, otherwise here. Gives what went wrong, or null. */
  async add(given: NewAlert, is_fresh = true): Promise<Problem | null> {
    let made: Alert;
    if (this.#account !== null) {
      const answer = await this.#page.api.send<Kept>('POST', kPath, given);
      if (!answer.ok) return answer.problem;
      made = { ...answer.value, is_local: false };
      keep_choice(kAccountKey, 'yes');
    } else {
      made = { ...given, id: `here-${Date.now().toString(36)}-${this.list.length}`, is_local: true };
    }
    if (is_fresh) this.#fresh.add(made.id);
    this.#set([...this.list, made]);
    return null;
  }

  /** At once; the notice has the way back. */
  async remove(alert: Alert): Promise<Problem | null> {
    if (!alert.is_local) {
      const answer = await this.#page.api.send('DELETE', `${kPath}/${alert.id}`);
      if (!answer.ok && answer.problem.status !== 404) return answer.problem;
    }
    this.#set(this.list.filter(({ id }) => id !== alert.id));
    const { id, is_local, ...given } = alert;
    void [id, is_local];
    this.#page.tell(this.#page.words.say('alerts.removed'), () => void this.add(given, false));
    return null;
  }

  /** Asks for the browser's leave where it must. */
  async set_on_device(wanted: boolean): Promise<void> {
    this.on_device = wanted && typeof Notification !== 'undefined' && (await Notification.requestPermission()) === 'granted';
    keep_choice(kDeviceKey, this.on_device ? 'yes' : 'no');
    if (wanted && !this.on_device) this.#page.tell(this.#page.words.say('alerts.no_leave'));
  }

  /** Shows where an alert that is being made would be; null: none. */
  draft(area: { middle: LatLon; radius_m: number } | string | null): void {
    if (area === null) this.#show_draft(null);
    else if (typeof area === 'string') void this.#area_of_object(area).then((found) => this.#show_draft(found));
    else this.#show_draft(circle_area(area.middle, area.radius_m));
  }
  #show_draft(area: Area | null): void {
    this.#draft = area;
    this.#show();
  }
  #show(): void {
    show_areas([...this.#watches.map(({ area }) => area), ...(this.#draft ? [this.#draft] : [])].flatMap(({ rings }) => rings));
  }

  #set(list: readonly Alert[]): void {
    this.list = list;
    keep_choice(kLocalKey, JSON.stringify(list.filter(({ is_local }) => is_local)));
    void this.#watch();
  }

  async #area_of_object(id: string): Promise<Area | null> {
    if (!this.#areas.has(id)) {
      const answer = await this.#page.api.object(id, { geometry: true });
      if (!answer.ok) return null;
      this.#areas.set(id, polygon_area(answer.value.geometry));
    }
    return this.#areas.get(id) ?? null;
  }
  async #area_of(alert: Alert): Promise<Area | null> {
    if (alert.object !== undefined) return this.#area_of_object(alert.object);
    return circle_area({ lat: alert.lat!, lon: alert.lon! }, alert.radius_m!);
  }

  async #watch(): Promise<void> {
    const round = ++this.#round;
    const known = new Map(this.#watches.map((watch) => [watch.alert.id, watch]));
    const watches: Watch[] = [];
    for (const alert of this.list) {
      const same = known.get(alert.id);
      const area = same ? same.area : await this.#area_of(alert);
      if (area) watches.push(same ?? new Watch(alert, area, this.#fresh.has(alert.id)));
    }
    if (round !== this.#round) return;
    this.#watches = watches;
    this.#show();
    this.#count();
    this.#listen();
  }

  /** One stream for all: the node's index of subscriptions tells what changes in the box and of these types, and nothing else. */
  #listen(): void {
    this.#stream?.close();
    this.#stream = null;
    this.is_connected = false;
    if (this.#watches.length === 0) return;
    const bbox = box_of(this.#watches.map(({ area }) => area.box))
      .map((deg) => deg.toFixed(6))
      .join(',');
    const types = [...new Set(this.#watches.map(({ alert }) => alert.type))].sort().map(encodeURIComponent).join(',');
    const stream = (this.#stream = new EventSource(`/api/v1/live/stream?bbox=${bbox}&types=${types}`));
    stream.onopen = () => {
      this.is_connected = true;
      this.#began = new Set();
      setTimeout(() => this.#has_begun(), 2000);
    };
    stream.onerror = () => {
      this.is_connected = false;
      if (stream.readyState === kClosed) setTimeout(() => stream === this.#stream && this.#listen(), kAgain_ms);
    };
    stream.addEventListener('change', (event) => this.#take(JSON.parse((event as MessageEvent<string>).data) as LiveNews));
    stream.addEventListener('lost', () => this.#listen());
  }

  /** What went while the stream was away has not been told of again. */
  #has_begun(): void {
    if (!this.#began) return;
    for (const watch of this.#watches) watch.keep_only(this.#began);
    this.#began = null;
    this.#count();
  }

  #take({ items, gone }: LiveNews): void {
    const now_ms = Date.now();
    for (const watch of this.#watches) {
      for (const id of gone) watch.drop(id);
      const begun = items.filter((item) => watch.take(item, is_stale(item, now_ms)));
      if (begun.length > 0) this.#tell(watch.alert, begun, now_ms);
    }
    for (const { id } of items) this.#began?.add(id);
    this.#count();
  }

  #count(): void {
    this.met = Object.fromEntries(this.#watches.map((watch) => [watch.alert.id, watch.met_count]));
  }

  #tell(alert: Alert, begun: readonly LiveItem[], now_ms: number): void {
    const { words } = this.#page;
    const [first] = begun;
    const value = value_for(alert, first!)!;
    const said = { value: value_name(value.name, words), now: value_text(value, words), thing: title_of(first!, words), place: alert.place };
    const one = words.say('alerts.told', Object.fromEntries(Object.entries(said).map(([name, part]) => [name, apart(part)])));
    const more = begun.length === 1 ? one : words.say('alerts.and_more', { text: one, more: words.number(begun.length - 1) });
    const status = status_key(first!);
    const text = status ? `${more} · ${words.say(status)}` : more;
    this.told = [{ at_ms: now_ms, text, object: first!.anchor ?? null }, ...this.told].slice(0, kTold_max);
    this.#page.tell(text);
    if (!this.on_device || now_ms - (this.#shown_at.get(alert.id) ?? 0) < kDevicePause_ms) return;
    this.#shown_at.set(alert.id, now_ms);
    try {
      new Notification(this.#page.city.name, { body: text, tag: alert.id, lang: words.language, dir: words.direction });
    } catch {
      // Some browsers of phones show none from a page; the page itself has said it.
    }
  }
}

/** A name in its own direction of writing, whatever stands around it (Unicode 9, isolates). */
const apart = (part: string): string => `\u2068${part}\u2069`;

let shared: Alerts | null = null;
/** One for all parts of the page. */
export const alerts_of = (page: Page): Alerts => (shared ??= new Alerts(page));
