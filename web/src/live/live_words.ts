// Live values as people read them: a name, a number with its unit, how old it is, and where it is from.
import type { MessageKey, Words } from '../lib/words';
import type { LiveItem, LiveValue } from './live_feed';

/** Signs of units by their code in UN/CEFACT Recommendation 20. A code that is not here is shown as it came. */
const kSigns: Record<string, string> = {
  C62: '',
  '2N': 'dB',
  CEL: '°C',
  DD: '°',
  GQ: 'µg/m³',
  HTZ: 'Hz',
  KMH: 'km/h',
  LUX: 'lx',
  MMT: 'mm',
  MTR: 'm',
  MTS: 'm/s',
  P1: '%',
  PAL: 'Pa',
  SEC: 's',
  KWH: 'kWh',
  WTT: 'W',
};
/** After so long without news a value is old for its kind; what moves is old sooner. */
const kStale_s: Record<string, number> = { Vehicle: 60, NoiseLevelObserved: 300, WaterObserved: 3600, CityArea: 1800 };
const kStaleOtherwise_s = 900;
/** What the most looked-for values of a kind are, in this order; kinds that are not here show what they have. */
const kFirst: Record<string, readonly string[]> = {
  AirQualityObserved: ['airQualityIndex', 'no2', 'pm25', 'pm10', 'o3'],
  NoiseLevelObserved: ['LAeq', 'LAeqHour', 'isLoud'],
  WeatherObserved: ['temperature', 'relativeHumidity', 'heatIndex', 'windSpeed'],
  WaterObserved: ['waterLevel'],
  OffStreetParking: ['availableSpotNumber', 'totalSpotNumber'],
  BikeHireDockingStation: ['availableBikeNumber', 'freeSlotNumber', 'totalSlotNumber'],
  CrowdFlowObserved: ['peopleCount'],
  SharedVehicle: ['fuelLevel', 'range', 'isReserved', 'isDisabled'],
  TripUpdate: ['delay', 'tripStatus'],
  TransitAlert: ['title', 'description', 'effect', 'cause'],
  Vehicle: ['delay', 'speed', 'nextStopName'],
};
/** What is told in other words already. */
const kHidden = new Set(['name', 'lineName', 'vehicleType', 'nextStop', 'heading', 'location', 'anchor', 'dataProvider', 'address']);

export function kind_name(item: LiveItem, words: Words): string {
  const vehicle = text_of(item, 'vehicleType');
  return vehicle === '' ? words.term('live.kind', item.kind) : words.term('live.vehicle', vehicle);
}

/** "Bus 2", "River level", or its own name. */
export function title_of(item: LiveItem, words: Words): string {
  const line = text_of(item, 'lineName');
  if (line !== '') return `${kind_name(item, words)} ${line}`;
  return item.name || kind_name(item, words);
}

export function text_of(item: LiveItem, name: string): string {
  const found = item.values.find((value) => value.name === name);
  return typeof found?.value === 'string' ? found.value : '';
}

/** The values to show, the most looked-for first; values that hold no number, text or truth are left to the data's own doors. */
export function shown_values(item: LiveItem): LiveValue[] {
  const first = kFirst[item.kind] ?? [];
  const rank = (value: LiveValue): number => (first.includes(value.name) ? first.indexOf(value.name) : first.length);
  return item.values
    .filter((value) => !kHidden.has(value.name) && ['number', 'string', 'boolean'].includes(typeof value.value))
    .sort((a, b) => rank(a) - rank(b));
}

export function value_name(name: string, words: Words): string {
  return words.term('live.value', name);
}

export function value_text({ name, value, unit }: LiveValue, words: Words): string {
  if (typeof value === 'boolean') return words.say(value ? 'live.yes' : 'live.no');
  if (typeof value !== 'number') return String(value);
  if (name === 'relativeHumidity' && value <= 1) return `${words.number(value * 100)} %`;
  if (name === 'airQualityIndex' && words.has(`live.band.${value}`))
    return words.say('live.band', { band: words.term('live.band', String(value)), number: words.number(value) });
  if (name === 'delay' && unit === 'SEC') return value < 60 ? words.say('live.on_time') : words.say('live.late', { count: Math.round(value / 60) });
  return with_unit(words.number(value, 2), unit);
}

export function with_unit(number: string, unit: string | undefined): string {
  const sign = unit === undefined ? '' : (kSigns[unit] ?? unit);
  return sign === '' ? number : sign === '°' ? `${number}°` : `${number} ${sign}`;
}

/** ms since 1970 of the newest observation of a thing; null where no value has a time. */
export function observed_ms(item: LiveItem): number | null {
  let newest: number | null = null;
  for (const { observed_at } of item.values) {
    const at = observed_at === undefined ? NaN : Date.parse(observed_at);
    if (!Number.isNaN(at) && (newest === null || at > newest)) newest = at;
  }
  return newest;
}

export function is_stale(item: LiveItem, now_ms: number): boolean {
  const at = observed_ms(item);
  return at !== null && now_ms - at > (kStale_s[item.kind] ?? kStaleOtherwise_s) * 1000;
}

/** "12 seconds ago", or that nobody knows. */
export function age_text(item: LiveItem, now_ms: number, words: Words): string {
  const at = observed_ms(item);
  return at === null ? words.say('live.no_time') : words.ago(Math.max(0, (now_ms - at) / 1000));
}

/** 'simulated' and 'derived' are always said; what was measured needs no word. */
export function status_key(item: LiveItem): MessageKey | null {
  if (item.values.some((value) => value.status === 'simulated')) return 'live.status.simulated';
  if (item.values.some((value) => value.basis === 'simulated')) return 'live.status.derived_simulated';
  if (item.values.some((value) => value.status === 'derived')) return 'live.status.derived';
  return null;
}

export function source_of(item: LiveItem): string {
  return [...new Set(item.values.map((value) => value.source ?? '').filter((source) => source !== ''))].join(', ');
}

/** Whether something that it reports has no source: then nobody can say that it was measured. */
export function is_source_unsaid(item: LiveItem): boolean {
  return shown_values(item).some(({ value, source, status, observed_at }) => {
    const is_reported = typeof value !== 'string' || observed_at !== undefined;
    return is_reported && (source ?? '') === '' && status !== 'derived';
  });
}

/** What its source says of the quality of what was not computed here, each word once: "good, not calibrated". */
export function quality_of(item: LiveItem): string {
  return [...new Set(item.values.filter(({ rule }) => !rule).map(({ quality }) => quality ?? '').filter((quality) => quality !== ''))].join(', ');
}
