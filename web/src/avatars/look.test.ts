import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kCloth, kGestures, kHair, kLookMembers, kSkin, value_name, value_of, whole_look } from './look';

const read = (file: string): string => readFileSync(new URL(`../../../protocol/${file}`, import.meta.url), 'utf8');

describe('the table of looks', () => {
  const rows = new Map(
    [...read('avatar_look.md').matchAll(/^\| `(\w+)` \| (.+?) \|/gm)].map(([, name, values]) => [
      name!,
      [...values!.matchAll(/`(\w+)`/g)].map(([, value]) => value!),
    ]),
  );
  test('is the same in the document and in the file for programs', () => {
    expect([...rows.keys()]).toEqual(kLookMembers.map(({ name }) => name));
    for (const { name, values } of kLookMembers) {
      const written = rows.get(name)!;
      expect([name, written[0] === 'top' ? rows.get('top') : written]).toEqual([name, values]);
    }
    const gestures = [...read('avatar_look.md').matchAll(/^\| (\d+) \| `(\w+)` \| (\S+) \|/gm)].map(([, number, name, length]) => ({
      number: Number(number),
      name,
      length_s: length === 'stays' ? 0 : Number(length),
    }));
    expect(gestures).toEqual(kGestures.map((gesture, number) => ({ number, ...gesture })));
  });
  test('is what the contract of the API allows', () => {
    const schema = /^ {4}AvatarLook:\n(?: {6}.*\n)+/m.exec(read('openapi.yaml'))![0];
    const allowed = [...schema.matchAll(/^ {8}(\w+): \{ type: integer, minimum: 0, maximum: (\d+) \}/gm)].map(([, name, most]) => [name, Number(most)]);
    expect(allowed).toEqual(kLookMembers.map(({ name, values }) => [name, values.length - 1]));
  });
  test('has a colour for every value that is one', () => {
    const count = (member: string): number => kLookMembers.find(({ name }) => name === member)!.values.length;
    expect([kSkin.length, kHair.length, kCloth.length]).toEqual([count('skin'), count('hair_colour'), count('top')]);
    for (const colour of [...kSkin, ...kHair, ...kCloth]) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
  });
});

describe('a look', () => {
  test('takes 0 for what is missing, unknown or nonsense', () => {
    const look = whole_look({ skin: 6, cover: 1, hair: 99, aid: -1, top: 2.5, companion: 'dog', horns: 3 }, 7);
    expect([look.skin, value_name(look, 'cover'), look.hair, look.aid, look.top, look.companion]).toEqual([6, 'hijab', 0, 0, 0, 0]);
    expect('horns' in look).toBe(false);
    expect(value_of('cover', 'hijab')).toBe(1);
  });
  test('that nobody chose is plain card in colours of the connection', () => {
    const looks = Array.from({ length: 200 }, (_, person) => whole_look(person % 2 === 0 ? null : {}, person * 977));
    for (const { top, bottom, ...rest } of looks) {
      expect(Object.values(rest).every((value) => value === 0)).toBe(true);
      expect(top >= 2 && top < 14 && bottom >= 1 && bottom <= 3).toBe(true);
    }
    expect(new Set(looks.map((look) => look.top)).size).toBe(12);
    // The example of the document.
    expect([whole_look(null, 12).top, whole_look(null, 12).bottom]).toEqual([3, 2]);
  });
});
