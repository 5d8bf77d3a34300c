// What is known of an object, as label and value with its unit, and whether it was estimated: the rows of its panel.
import type { CityObject } from './api';
import type { MessageKey, Words } from './words';

export interface Fact {
  label: string;
  value: string;
  estimated: boolean;
  /** A colour that the data gives, shown as a swatch beside its value. */
  swatch?: string;
}

/** How a property is written: what it measures decides its unit. Properties that are not here are shown by `kTerms` or not at all. */
const kMeasures: Record<string, (value: number, words: Words) => string> = {
  height_m: (v, w) => w.length(v),
  min_height_m: (v, w) => w.length(v),
  roof_height_m: (v, w) => w.length(v),
  levels: (v, w) => w.number(v),
  // A year is a name, not an amount: no thousands sign.
  year_built: (v, w) => w.date(new Date(Date.UTC(v, 6, 1)), { year: 'numeric', timeZone: 'UTC' }),
  footprint_m2: (v, w) => w.surface(v),
  homes: (v, w) => w.number(v),
  people: (v, w) => w.number(v),
  jobs: (v, w) => w.number(v),
  length_m: (v, w) => w.length(v, 0),
  width_m: (v, w) => w.length(v),
  pavement_left_m: (v, w) => w.length(v),
  pavement_right_m: (v, w) => w.length(v),
  speed_kmh: (v, w) => w.speed(v),
  lanes_forward: (v, w) => w.number(v),
  lanes_backward: (v, w) => w.number(v),
  gauge_m: (v, w) => w.length(v, 3),
  area_m2: (v, w) => w.surface(v),
  crown_diameter_m: (v, w) => w.length(v),
  capacity: (v, w) => w.number(v),
  population: (v, w) => w.number(v),
  area_km2: (v, w) => `${w.number(v, 2)} km²`,
  trips: (v, w) => w.number(v),
};
/** Properties whose value is a word of the data, and the group of messages that says it. */
const kTerms: Record<string, string> = { use: 'building', roof: 'roof', surface: 'material', structure: 'structure', leaf: 'leaf', mode: 'stop' };
const kTexts = new Set(['operator', 'code', 'reference', 'from', 'to', 'subtype']);
const kFlags = new Set(['one_way', 'lit', 'shelter', 'station', 'roundabout']);
const kColours = new Set(['colour', 'roof_colour']);
/** The usual, which nobody asks about. The class, and a subtype that has a word, stand above the name. */
const kUsual: Record<string, unknown> = { structure: 'ground', min_height_m: 0, roundabout: false, station: false, use: 'unknown' };

function modes_of(value: readonly string[], words: Words): string {
  return value.length === 0 ? words.say('nobody') : words.list(value.map((mode) => words.term('travel', mode)));
}

/** The data of the kind's own object, in the order of the contract. */
export function facts_of(object: CityObject, words: Words): Fact[] {
  const data: Record<string, unknown> =
    object.building ??
    object.street ??
    object.rail ??
    object.surface ??
    object.barrier ??
    object.tree ??
    object.place ??
    object.stop ??
    object.area ??
    object.line ??
    {};
  const facts: Fact[] = [];
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined || (name in kUsual && kUsual[name] === value)) continue;
    if (name === 'subtype' && words.has(`subtype.${String(value)}`)) continue;
    if (name === 'class') continue;
    const label = words.term('fact', name);
    const estimated = object.estimated.includes(name);
    const measure = kMeasures[name];
    if (measure && typeof value === 'number') facts.push({ label, value: measure(value, words), estimated });
    else if (kTerms[name] && typeof value === 'string') facts.push({ label, value: words.term(kTerms[name], value), estimated });
    else if (kFlags.has(name)) facts.push({ label, value: words.say(value ? 'yes' : 'no'), estimated });
    else if (kColours.has(name)) facts.push({ label, value: String(value), estimated, swatch: String(value) });
    else if (kTexts.has(name) && value !== '') facts.push({ label, value: String(value), estimated });
    else if (Array.isArray(value)) facts.push({ label, value: modes_of(value as string[], words), estimated });
  }
  if (object.wheelchair) {
    facts.push({ label: words.say('fact.wheelchair'), value: words.say(`wheelchair.${object.wheelchair}` as MessageKey), estimated: false });
  }
  facts.push({ label: words.say('fact.ground_height_m'), value: words.length(object.ground_height_m, 0), estimated: false });
  return facts;
}
