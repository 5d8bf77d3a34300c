// Keeping others at a distance: mute, block and report somebody met here. The node knows whose account a person of this space is; the
// client never does.
import type { Answer, Api } from '../lib/api';
import type { components } from '../lib/api_types';
import type { Page } from '../lib/page.svelte';
import type { People, PersonId } from './people';
import type { Said } from './talk.svelte';

type Schemas = components['schemas'];
export type Reason = Schemas['SafetyReason'];
export type Whom = Schemas['Whom'];
/** Most urgent first, as the node orders its queue. */
export const kReasons: readonly Reason[] = [
  'threat', 'minor_safety', 'self_harm', 'sexual', 'hate', 'harassment', 'private_data', 'impersonation', 'illegal_goods', 'spam', 'other',
];
export const kEvidenceMax = 20;
export const kReportText_max = 2000;

/** About somebody, or about what they left somewhere: a thing or a notice by its id, words by their proof. The node knows whose it is. */
export function send_report(api: Api, whom: Whom, reason: Reason, text: string, also_block: boolean, shown: Schemas['Evidence'][] = []): Promise<Answer<Schemas['Report']>> {
  const given: Schemas['NewReport'] = {
    whom,
    reason,
    also_block,
    ...(text.trim() ? { text: text.trim().slice(0, kReportText_max) } : {}),
    ...(shown.length > 0 ? { evidence: shown } : {}),
  };
  return api.send('POST', '/api/v1/reports', given);
}

export class Safety {
  readonly #page: Page;
  readonly #api: Api;
  readonly #people: People;
  readonly #space: string;
  /** What was muted on this page, so that it can be taken back here. */
  readonly #mutes = new Map<PersonId, string>();

  constructor(page: Page, people: People, space: string) {
    this.#space = space;
    this.#page = page;
    this.#api = page.api;
    this.#people = people;
  }

  /** Both vanish to each other at once; it can be taken back for a moment here, and later in the account. */
  async block(person: PersonId, name: string): Promise<boolean> {
    const { words } = this.#page;
    const answer = await this.#relate('blocks', person);
    if (!answer.ok) return this.#explain(answer);
    this.#people.vanish(person);
    this.#people.tell('changed');
    this.#page.tell(words.say('people.blocked', { name }), () => void this.#end('blocks', answer.value.id));
    return true;
  }

  async mute(person: PersonId, name: string): Promise<boolean> {
    const { words } = this.#page;
    const answer = await this.#relate('mutes', person);
    if (!answer.ok) return this.#explain(answer);
    this.#mutes.set(person, answer.value.id);
    this.#set_muted(person, true);
    this.#page.tell(words.say('people.muted', { name }), () => void this.unmute(person));
    return true;
  }

  can_unmute(person: PersonId): boolean {
    return this.#mutes.has(person);
  }

  async unmute(person: PersonId): Promise<void> {
    const id = this.#mutes.get(person);
    if (id === undefined || !(await this.#end('mutes', id))) return;
    this.#mutes.delete(person);
    this.#set_muted(person, false);
  }

  /** With the messages that the reporter chose to show, and no others. */
  report(person: PersonId, reason: Reason, text: string, evidence: readonly Said[], also_block: boolean): Promise<Answer<Schemas['Report']>> {
    const shown = evidence.filter(({ proof }) => proof !== '').slice(0, kEvidenceMax).map((said) => ({ text: said.text, proof: said.proof }));
    const is_here = this.#people.neighbours.has(person);
    // Whoever has left is known to the node by what they said.
    const whom = is_here || !shown[0] ? { person, space: this.#space } : { message: shown[0] };
    return send_report(this.#api, whom, reason, text, also_block, shown);
  }

  #relate(kind: 'blocks' | 'mutes', person: PersonId): Promise<Answer<Schemas['Relation']>> {
    return this.#api.send('POST', `/api/v1/me/${kind}`, { whom: { person, space: this.#space } });
  }

  async #end(kind: 'blocks' | 'mutes', id: string): Promise<boolean> {
    const answer = await this.#api.send('DELETE', `/api/v1/me/${kind}/${id}`);
    return answer.ok || this.#explain(answer);
  }

  #set_muted(person: PersonId, on: boolean): void {
    const neighbour = this.#people.neighbours.get(person);
    if (neighbour) neighbour.is_muted = on;
    this.#people.tell('changed');
  }

  #explain(answer: { problem: Parameters<Page['explain']>[0] }): false {
    this.#page.tell(this.#page.explain(answer.problem));
    return false;
  }
}
