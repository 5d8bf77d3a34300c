// What lists can be narrowed to: groups as a visitor thinks of them, in terms of the contract's kinds and classes.
import type { City } from './api';

export interface Group {
  /** Stands in the address as `kind`, and in the messages as `group.<name>`. */
  name: string;
  kinds: readonly ('place' | 'stop' | 'green' | 'paved')[];
  /** Classes of places; empty: everything of the kinds. */
  classes: readonly string[];
}

export const kGroups: readonly Group[] = [
  { name: 'food', kinds: ['place'], classes: ['food'] },
  { name: 'shops', kinds: ['place'], classes: ['shop'] },
  { name: 'health', kinds: ['place'], classes: ['health', 'pharmacy'] },
  { name: 'office', kinds: ['place'], classes: ['city_office', 'emergency', 'post', 'finance'] },
  { name: 'learning', kinds: ['place'], classes: ['school', 'childcare', 'university'] },
  { name: 'culture', kinds: ['place'], classes: ['culture', 'sight', 'worship'] },
  { name: 'transport', kinds: ['stop'], classes: [] },
  { name: 'outdoors', kinds: ['green'], classes: [] },
  { name: 'sport', kinds: ['place'], classes: ['sport'] },
  { name: 'lodging', kinds: ['place'], classes: ['lodging'] },
  { name: 'parking', kinds: ['place'], classes: ['parking', 'bicycle'] },
  { name: 'useful', kinds: ['place'], classes: ['toilet', 'water_point', 'bench', 'waste'] },
];

export function group_named(name: string): Group | undefined {
  return kGroups.find((group) => group.name === name);
}

/** Those of which the city has any: a choice that can only be empty is not offered. */
export function groups_of(city: Pick<City, 'counts' | 'place_counts'>): readonly Group[] {
  return kGroups.filter((group) =>
    group.kinds[0] === 'place'
      ? group.classes.some((name) => (city.place_counts[name] ?? 0) > 0)
      : group.kinds.some((kind) => (city.counts[kind] ?? 0) > 0),
  );
}
