// Where the visitor is, what is selected and how it is looked at: the one state that all three views share, as a value.

/** The page's faces. 'door' is the front door: the page before a view was chosen; 'account' is who one is here. */
export const kViews = ['door', 'text', 'map', '3d', 'account'] as const;
export type ViewName = (typeof kViews)[number];

/** Height of a standing adult's eye above the ground, metres. */
export const kEyeHeight_m = 1.7;

export interface Situation {
  view: ViewName;
  /** Degrees, WGS 84. */
  lat: number;
  lon: number;
  /** Of the eye above the ground, metres; kEyeHeight_m is standing. */
  height_m: number;
  /** Where the eye looks, degrees clockwise from north, 0 ≤ heading < 360. */
  heading_deg: number;
  /** Above (+) or below (−) the horizon, degrees, −90 to 90. Only the 3D view shows it. */
  pitch_deg: number;
  /** Id of the selected city object such as "building-w42", or nothing. */
  object: string | null;
  /** What stands in the search box. */
  query: string;
  /** The kind of thing that lists are narrowed to, such as "food"; empty: everything. */
  kind: string;
  /** Whether lists are narrowed to what is open. */
  open_only: boolean;
  /** The part of the account that is open, such as "sessions"; empty: the first. Kept only where the account is looked at. */
  part: string;
  /** Chosen language, BCP 47 primary subtag; null: by the browser's preference. */
  lang: string | null;
  /** Moment that is looked at, ms since 1970 UTC; null: now, and moving on with the clock. */
  time_ms: number | null;
}

/** What the address of a page means when a parameter is missing. */
export type Defaults = Pick<Situation, 'view' | 'lat' | 'lon'>;

const kNumberPattern = /^-?\d{1,9}(\.\d{1,12})?$/;

function number_in(text: string | null, low: number, high: number): number | null {
  if (text === null || !kNumberPattern.test(text)) return null;
  const value = Number(text);
  return value >= low && value <= high ? value : null;
}

export function normal_heading_deg(heading_deg: number): number {
  return ((heading_deg % 360) + 360) % 360;
}

/** Moments are written as UTC to the minute, 2026-06-21T12:00Z. */
const kTimePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/;

function time_in(text: string | null): number | null {
  if (text === null || !kTimePattern.test(text)) return null;
  const time_ms = Date.parse(text);
  return Number.isNaN(time_ms) ? null : time_ms;
}

const kObjectPattern = /^[a-z_]{1,20}-[a-z]\d{1,16}$/;
const kQueryLengthMax = 200;

/** Reads an address. Whatever is missing or makes no sense takes its default: a damaged link still leads somewhere. */
export function situation_from(search: string, defaults: Defaults): Situation {
  const given = new URLSearchParams(search);
  const view = given.get('view');
  const object = given.get('object');
  const lat = number_in(given.get('lat'), -90, 90);
  const lon = number_in(given.get('lon'), -180, 180);
  const has_place = lat !== null && lon !== null;
  return {
    view: kViews.find((name) => name === view) ?? defaults.view,
    lat: has_place ? lat : defaults.lat,
    lon: has_place ? lon : defaults.lon,
    height_m: number_in(given.get('h'), 0, 100_000) ?? kEyeHeight_m,
    heading_deg: normal_heading_deg(number_in(given.get('heading'), -360, 360) ?? 0),
    pitch_deg: number_in(given.get('pitch'), -90, 90) ?? 0,
    object: object !== null && kObjectPattern.test(object) ? object : null,
    query: (given.get('q') ?? '').slice(0, kQueryLengthMax),
    kind: /^[a-z_]{1,30}$/.test(given.get('kind') ?? '') ? given.get('kind')! : '',
    open_only: given.get('open') === '1',
    part: /^[a-z-]{1,20}$/.test(given.get('part') ?? '') ? given.get('part')! : '',
    lang: /^[a-z]{2,3}$/.test(given.get('lang') ?? '') ? given.get('lang') : null,
    time_ms: time_in(given.get('time')),
  };
}

function rounded(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** Writes an address: "?view=map&lat=43.7385&lon=7.4246…". Reading it again gives the same place to 0.1 m. */
export function address_of(s: Situation, default_view: ViewName = 'door'): string {
  const out = new URLSearchParams();
  if (s.lang !== null) out.set('lang', s.lang);
  if (s.view === 'door') {
    if (default_view !== 'door') out.set('view', 'door');
    return out.size > 0 ? `?${out}` : '';
  }
  out.set('view', s.view);
  out.set('lat', rounded(s.lat, 6));
  out.set('lon', rounded(s.lon, 6));
  if (s.height_m !== kEyeHeight_m) out.set('h', rounded(s.height_m, 1));
  if (Math.round(s.heading_deg) % 360 !== 0) out.set('heading', rounded(s.heading_deg, 0));
  if (Math.round(s.pitch_deg) !== 0) out.set('pitch', rounded(s.pitch_deg, 0));
  if (s.object !== null) out.set('object', s.object);
  if (s.query !== '') out.set('q', s.query);
  if (s.kind !== '') out.set('kind', s.kind);
  if (s.open_only) out.set('open', '1');
  if (s.view === 'account' && s.part !== '') out.set('part', s.part);
  if (s.time_ms !== null) out.set('time', `${new Date(s.time_ms).toISOString().slice(0, 16)}Z`);
  return `?${out}`;
}
