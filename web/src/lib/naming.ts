// What a thing is called, also when the data gives it no name: a bench is "Bench", not an empty line.
import type { Words } from './words';

export interface Named {
  kind: string;
  class: string;
  name: string;
  subtype?: string | undefined;
  reference?: string | undefined;
}

/** "Bakery", "Bus stop", "Residential street": what it is. */
export function sort_of(thing: Omit<Named, 'name'>, words: Words): string {
  if (thing.subtype && words.has(`subtype.${thing.subtype}`)) return words.term('subtype', thing.subtype);
  if (words.has(`${thing.kind}.${thing.class}`)) return words.term(thing.kind, thing.class);
  if (thing.subtype) return words.term('subtype', thing.subtype);
  return words.term('kind', thing.kind);
}

export function title_of(thing: Named, words: Words): string {
  if (thing.kind === 'line' && thing.reference) {
    return words.say('line_named', { sort: sort_of(thing, words), reference: thing.reference });
  }
  if (thing.name) return thing.name;
  const sort = sort_of(thing, words);
  const is_said = !thing.subtype || words.has(`subtype.${thing.subtype}`) || sort === words.term('subtype', thing.subtype);
  return is_said ? sort : words.say('sort_detail', { sort, detail: words.term('subtype', thing.subtype!) });
}
