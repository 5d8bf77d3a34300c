// A look in words: what each choice is called, and the whole figure as a sentence for who reads and does not see.
import type { MessageKey, Words } from '../lib/words';
import { kLookMembers, type LookMember, type WholeLook } from './look';

const kColours = new Set<LookMember>(['top', 'bottom', 'accent']);

/** The name of one value in the visitor's language. */
export function value_words(words: Words, member: LookMember, value: number): string {
  const name = kLookMembers.find((one) => one.name === member)!.values[value] ?? '';
  if (member === 'height') return words.length(Number(name.slice(3)) / 100, 2);
  if (name === 'none') return words.say('look.none');
  if (member === 'skin' && name !== 'card') return words.say('look.skin.tone', { number: words.number(value) });
  return words.say(`look.${kColours.has(member) ? 'cloth' : member}.${name}` as MessageKey);
}

/** "Your figure: 1.7 m, short, black, jumper and trousers, …": what is there, and nothing of what is not. */
export function look_words(words: Words, look: WholeLook | null): string {
  if (look === null) return words.say('look.plain_now');
  const parts = kLookMembers
    .filter(({ name, values }) => values[look[name]] !== 'none' && !(name === 'hair_colour' && look.hair === 0 && look.beard === 0))
    .map(({ name }) => `${words.say(`look.${name}`)}: ${value_words(words, name, look[name])}`);
  return words.say('look.now', { parts: parts.join('; ') });
}
