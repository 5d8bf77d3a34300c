// The audit log in the reader's language: what was done, and to what, from the node's own words for them.
import type { Words } from '../lib/words';
import type { AuditEntry } from './account_api';

/** What an act's detail names, by the act: the table of texts that has its words. */
const kDetails: Record<string, string> = {
  'role.give': 'role',
  'role.take': 'role',
  sign_in: 'method',
  'moderation.decide': 'safety.action',
  'moderation.decide_unasked': 'safety.action',
  'moderation.uphold': 'safety.action',
  'moderation.reverse': 'safety.action',
  'moderation.revoke': 'safety.action',
};

/** The node's own word where the act is newer than this client. */
export const act_text = (words: Words, { act }: AuditEntry): string => words.term('act', act);

/** Roles, ways to sign in and decisions in words; ids as they are. Empty when there is none. */
export function detail_text(words: Words, { act, detail = '' }: AuditEntry): string {
  if (act === 'accounts.search') {
    const found = /^(\d+) found$/.exec(detail);
    return found ? words.say('audit.found', { count: Number(found[1]) }) : detail;
  }
  const table = kDetails[act];
  return table === undefined || detail === '' ? detail : words.term(table, detail);
}
