// How somebody looks, as a value: the table of protocol/avatar_look.md, read from its own file, so that there is one table.
import table from '../../../protocol/avatar_look.json';
import type { components } from '../lib/api_types';

/** Small integers; a missing member is 0. Null in an account: nothing was chosen. */
export type AvatarLook = components['schemas']['AvatarLook'];
export type LookMember = keyof AvatarLook;
/** With every member there. */
export type WholeLook = Required<AvatarLook>;

export const kLookMembers: readonly { name: LookMember; values: readonly string[] }[] =
  table.members as { name: LookMember; values: string[] }[];
/** Palettes in sRGB, "#rrggbb", by the value of the member. */
export const kSkin: readonly string[] = table.palettes.skin;
export const kHair: readonly string[] = table.palettes.hair;
export const kCloth: readonly string[] = table.palettes.cloth;
/** In the order of their numbers on the wire. A length of 0 stays until another gesture or none. */
export const kGestures: readonly { name: string; length_s: number }[] = table.gestures;

const kValuesOf = new Map<string, readonly string[]>(kLookMembers.map(({ name, values }) => [name, values]));

/** The value's name in the table, such as "hijab"; that of 0 for a value that the table does not have. */
export function value_name(look: WholeLook, member: LookMember): string {
  const values = kValuesOf.get(member)!;
  return values[look[member]] ?? values[0]!;
}

/** The number of a value in the table. */
export function value_of(member: LookMember, name: string): number {
  return Math.max(0, kValuesOf.get(member)!.indexOf(name));
}

/**
 * The look that is drawn. What a newer table may hold, or what is no look at all, is drawn as 0; who has chosen nothing wears colours
 * by the number of the connection, and no more is presumed.
 */
export function whole_look(given: unknown, person: number): WholeLook {
  const chosen = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  if (Object.keys(chosen).length === 0) return plain_look(person);
  const look = {} as WholeLook;
  for (const { name, values } of kLookMembers) {
    const value = chosen[name];
    look[name] = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < values.length ? value : 0;
  }
  return look;
}

function plain_look(person: number): WholeLook {
  const look = Object.fromEntries(kLookMembers.map(({ name }) => [name, 0])) as WholeLook;
  const mixed = Math.imul(person, 2654435761) >>> 16;
  look.top = 2 + (mixed % 12);
  look.bottom = 1 + (Math.floor(mixed / 16) % 3);
  return look;
}
