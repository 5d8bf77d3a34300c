// Everything the page says: messages of one language, with plurals, numbers, distances and dates as that language writes them.
import { createSubscriber } from 'svelte/reactivity';
import { compass_point } from './ground';
import type account_en from '../messages/account/en.json';
import type alerts_en from '../messages/alerts/en.json';
import type door_en from '../messages/door/en.json';
import type messages_en from '../messages/en.json';
import type live_en from '../messages/live/en.json';
import type object_en from '../messages/object/en.json';
import type avatars_en from '../messages/avatars/en.json';
import type past_en from '../messages/past/en.json';
import type people_en from '../messages/people/en.json';
import type rules_en from '../messages/rules/en.json';
import type spaces_en from '../messages/spaces/en.json';
import type three_en from '../messages/three/en.json';

/** What parts of the page say that are loaded later: a folder of src/messages each, so that the first load stays small. */
interface Parts {
  account: typeof account_en;
  alerts: typeof alerts_en;
  avatars: typeof avatars_en;
  door: typeof door_en;
  live: typeof live_en;
  object: typeof object_en;
  past: typeof past_en;
  people: typeof people_en;
  rules: typeof rules_en;
  spaces: typeof spaces_en;
  three: typeof three_en;
}
export type PartName = keyof Parts;

/** English is the measure: a key that it lacks does not exist (the test of the messages holds the others to it). */
export type MessageKey = keyof typeof messages_en | { [Name in PartName]: keyof Parts[Name] }[PartName];
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>>;
export type Messages = Record<string, string | PluralForms>;
export type Values = Record<string, string | number>;

export const kLanguages = ['en', 'fr', 'es', 'ar'] as const;
export type Language = (typeof kLanguages)[number];
/** Each in its own words, since who looks for theirs may not read the present one. */
export const kLanguageNames: Record<Language, string> = { en: 'English', fr: 'Français', es: 'Español', ar: 'العربية' };

/** The first language of the list that we have; English when there is none. */
export function language_for(wanted: readonly (string | null)[]): Language {
  for (const tag of wanted) {
    const primary = tag?.toLowerCase().split('-')[0];
    const found = kLanguages.find((language) => language === primary);
    if (found) return found;
  }
  return 'en';
}

/** Puts values into "{name}" places; a place without a value stays visible, so that it is noticed. */
export function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

const kLoaders = import.meta.glob<{ default: Messages }>('../messages/*.json');
const load_language = async (language: Language): Promise<Messages> => (await kLoaders[`../messages/${language}.json`]!()).default;
const load_part = async (part: PartName, language: Language): Promise<Messages> => (await import('./word_parts')).load_part(part, language);

export class Words {
  #listeners = new Set<() => void>();
  #follow = createSubscriber((update) => this.subscribe(update));
  #language: Language = 'en';
  #messages: Messages = {};
  readonly #parts = new Set<PartName>();
  #plural = new Intl.PluralRules('en');
  #formats = new Map<string, Intl.NumberFormat>();

  get language(): Language {
    this.#follow();
    return this.#language;
  }
  get direction(): 'ltr' | 'rtl' {
    return this.language === 'ar' ? 'rtl' : 'ltr';
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Loads a language's file and makes it the page's. The old one stays when the file cannot be had. */
  async load(language: Language): Promise<boolean> {
    try {
      const read = await Promise.all([load_language(language), ...[...this.#parts].map((part) => load_part(part, language))]);
      this.use(language, Object.assign({}, ...read) as Messages);
      return true;
    } catch {
      return false;
    }
  }

  /** Adds what a part says, now and in every language that is chosen later. Fails: the file cannot be had. */
  async add(part: PartName): Promise<void> {
    if (this.#parts.has(part)) return;
    const language = this.#language;
    const added = await load_part(part, language);
    this.#parts.add(part);
    // Another language may have been chosen meanwhile: it is loaded again, with this part.
    if (language !== this.#language) await this.load(this.#language);
    else this.use(language, { ...this.#messages, ...added });
  }

  use(language: Language, messages: Messages): void {
    this.#language = language;
    this.#messages = messages;
    this.#plural = new Intl.PluralRules(language);
    this.#formats.clear();
    for (const listener of [...this.#listeners]) listener();
  }

  has(key: string): boolean {
    this.#follow();
    return key in this.#messages;
  }

  /** The message; a plural one chooses its form by values.count, which is written as the language writes numbers. */
  say(key: MessageKey, values: Values = {}): string {
    this.#follow();
    const message = this.#messages[key];
    if (message === undefined) return key;
    if (typeof message === 'string') return filled(message, values);
    const count = Number(values['count'] ?? 0);
    const form = message[this.#plural.select(count)] ?? message.other ?? key;
    return filled(form, { ...values, count: this.number(count) });
  }

  /** The word for a class of the data, such as ("use", "retail"); the data's own word where we have none. */
  term(group: string, name: string): string {
    const key = `${group}.${name}`;
    return this.has(key) ? this.say(key as MessageKey) : name.replaceAll('_', ' ');
  }

  number(value: number, digits_max = 0): string {
    return this.#format({ maximumFractionDigits: digits_max }).format(value);
  }

  /** Lengths for people: 5 m steps below 100 m, 10 m below 1 km, then 0.1 km. */
  distance(value_m: number): string {
    if (value_m < 995) {
      const step = value_m < 97.5 ? 5 : 10;
      return this.length(Math.max(value_m < 2.5 ? 0 : step, Math.round(value_m / step) * step), 0);
    }
    const far = value_m >= 9950;
    return this.#unit('kilometer', far ? 0 : 1).format(value_m / 1000);
  }
  length(value_m: number, digits_max = 1): string {
    return this.#unit('meter', digits_max).format(value_m);
  }
  speed(value_kmh: number): string {
    return this.#unit('kilometer-per-hour', 0).format(value_kmh);
  }
  degrees(value_deg: number): string {
    return this.#unit('degree', 0).format(value_deg);
  }
  /** Square metres have no unit in ECMA-402, so the sign is put behind the number. */
  surface(value_m2: number): string {
    return value_m2 < 100_000 ? `${this.number(value_m2)} m²` : `${this.number(value_m2 / 1e6, 2)} km²`;
  }

  /** "north-east" */
  wind(direction_deg: number): string {
    return this.say(`wind.${compass_point(direction_deg)}`);
  }

  date(moment: Date, options: Intl.DateTimeFormatOptions): string {
    this.#follow();
    return new Intl.DateTimeFormat(this.#language, options).format(moment);
  }
  /** "3 minutes ago" for a positive age. */
  ago(age_s: number): string {
    this.#follow();
    const format = new Intl.RelativeTimeFormat(this.#language, { numeric: 'auto' });
    if (age_s < 90) return format.format(-Math.round(age_s), 'second');
    if (age_s < 90 * 60) return format.format(-Math.round(age_s / 60), 'minute');
    if (age_s < 36 * 3600) return format.format(-Math.round(age_s / 3600), 'hour');
    return format.format(-Math.round(age_s / 86400), 'day');
  }
  list(parts: readonly string[]): string {
    this.#follow();
    return new Intl.ListFormat(this.#language, { type: 'conjunction' }).format(parts);
  }

  #unit(unit: string, digits_max: number): Intl.NumberFormat {
    return this.#format({ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits_max });
  }
  #format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
    this.#follow();
    const key = JSON.stringify(options);
    let format = this.#formats.get(key);
    if (!format) this.#formats.set(key, (format = new Intl.NumberFormat(this.#language, options)));
    return format;
  }
}
