import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import ar from '../messages/account/ar.json';
import en from '../messages/account/en.json';
import es from '../messages/account/es.json';
import fr from '../messages/account/fr.json';
import { Words } from '../lib/words';
import { act_text, detail_text } from './audit_words';

const languages = { ar, en, es, fr } as const;
const entry = (act: string, detail?: string) => ({ number: 1, at: '2026-06-21T11:00:00Z', act, ...(detail === undefined ? {} : { detail }) });
function words_of(language: keyof typeof languages): Words {
  const words = new Words();
  words.use(language, languages[language] as never);
  return words;
}

test('each act that the node writes down has words in every language', () => {
  const code = ['src/api/', 'src/identity/', 'apps/citiverse/'].flatMap((folder) => {
    const root = new URL(`../../../${folder}`, import.meta.url);
    return readdirSync(root).filter((name) => name.endsWith('.cpp') && !name.endsWith('_test.cpp')).map((name) => readFileSync(new URL(name, root), 'utf8'));
  });
  const acts = new Set(code.flatMap((text) => [...text.matchAll(/"((?:role|resident|organisation|accounts?|moderation)\.[a-z_]+)"/g)].map((found) => found[1]!)));
  expect(acts.size).toBeGreaterThan(8);
  for (const language of Object.keys(languages) as (keyof typeof languages)[]) {
    for (const act of [...acts, 'sign_in']) expect(Object.keys(languages[language]), `${language}: ${act}`).toContain(`act.${act}`);
  }
});

test('roles, ways to sign in, decisions and numbers are told in words', () => {
  const words = words_of('fr');
  expect(act_text(words, entry('role.give'))).toBe('Rôle donné');
  expect(detail_text(words, entry('role.give', 'teacher'))).toBe(fr['role.teacher']);
  expect(detail_text(words, entry('sign_in', 'passkey'))).toBe(fr['method.passkey']);
  expect(detail_text(words, entry('moderation.decide', 'time_out'))).toBe(fr['safety.action.time_out']);
  expect(detail_text(words, entry('accounts.search', '3 found'))).toBe('3 trouvés');
});

test('what is newer than this client, and ids, stand as the node wrote them', () => {
  const words = words_of('en');
  expect(act_text(words, entry('garden.water'))).toBe('garden.water');
  expect(detail_text(words, entry('organisation.verify', 'abc234'))).toBe('abc234');
  expect(detail_text(words, entry('account.see'))).toBe('');
});
