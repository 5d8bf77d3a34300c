import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kLanguages, language_for, Words, type Messages } from './words';

const folder = new URL('../messages/', import.meta.url);
const parts = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
const read = (file: string): Messages => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Messages;
/** Everything that is said in a language, at the first load or later. */
const load = (language: string): Messages => Object.assign({}, ...['', ...parts.map((part) => `${part}/`)].map((part) => read(`${part}${language}.json`))) as Messages;
const english = load('en');
const places_in = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!).sort();

describe('the files of messages', () => {
  test('are those of the languages that are offered', () => {
    const files = kLanguages.map((language) => `${language}.json`).sort();
    expect(readdirSync(folder).filter((name) => !parts.includes(name)).sort()).toEqual(files);
    for (const part of parts) expect([part, readdirSync(new URL(part, folder)).sort()]).toEqual([part, files]);
  });
  test('say each thing in one place', () => {
    const keys = ['en.json', ...parts.map((part) => `${part}/en.json`)].flatMap((file) => Object.keys(read(file)));
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });
  test.each(kLanguages.filter((language) => language !== 'en'))('%s has every message and no other', (language) => {
    expect(Object.keys(load(language)).sort()).toEqual(Object.keys(english).sort());
  });
  test.each(kLanguages)('%s has every plural form that its numbers need, and no other', (language) => {
    const needed = [...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort();
    for (const [key, message] of Object.entries(load(language))) {
      expect([key, typeof message]).toEqual([key, typeof english[key]]);
      if (typeof message !== 'string') expect([key, Object.keys(message).sort()]).toEqual([key, needed]);
    }
  });
  test.each(kLanguages)('%s fills the same places as English', (language) => {
    for (const [key, message] of Object.entries(load(language))) {
      const original = english[key]!;
      if (typeof message === 'string') expect([key, places_in(message)]).toEqual([key, places_in(original as string)]);
      // A form for one or two may say the number as a word; the general form always shows it.
      else expect([key, places_in(message.other!)]).toEqual([key, places_in((original as { other: string }).other)]);
    }
  });
  test.each(kLanguages)('%s leaves nothing empty', (language) => {
    for (const [key, message] of Object.entries(load(language))) {
      for (const text of typeof message === 'string' ? [message] : Object.values(message)) expect([key, text.trim()]).not.toEqual([key, '']);
    }
  });
});

describe('words', () => {
  test('choose the plural form of their language', () => {
    const words = new Words();
    words.use('ar', load('ar'));
    const said = [0, 1, 2, 3, 11, 100].map((count) => words.say('seen_count', { count }));
    expect(new Set(said).size).toBe(6);
    words.use('fr', load('fr'));
    expect(words.say('in_minutes', { count: 0 })).toBe('dans 0 minute');
    expect(words.say('in_minutes', { count: 2 })).toBe('dans 2 minutes');
  });
  test('write distances as people say them', () => {
    const words = new Words();
    words.use('en', english);
    expect([0.4, 3, 47, 96, 104, 996, 1240, 12_400].map((value_m) => words.distance(value_m))).toEqual([
      '0 m',
      '5 m',
      '45 m',
      '95 m',
      '100 m',
      '1 km',
      '1.2 km',
      '12 km',
    ]);
  });
  test('of a part come when it is wanted, and follow the language', async () => {
    const words = new Words();
    await words.load('fr');
    expect(words.has('three.label')).toBe(false);
    await words.add('three');
    expect(words.say('three.mode.walk')).toBe(read('three/fr.json')['three.mode.walk']);
    expect(words.say('skip')).toBe(read('fr.json')['skip']);
    await words.load('ar');
    expect(words.say('three.mode.walk')).toBe(read('three/ar.json')['three.mode.walk']);
  });
  test('come in the first language that is wanted and known', () => {
    expect(language_for(['pt-BR', 'fr-CA', 'en'])).toBe('fr');
    expect(language_for([null, 'xx'])).toBe('en');
  });
  test('show a place that nobody filled, and a word of the data that nobody translated', () => {
    const words = new Words();
    words.use('en', english);
    expect(words.say('away')).toContain('{distance}');
    expect(words.term('subtype', 'pet_grooming')).toBe('pet grooming');
  });
});
