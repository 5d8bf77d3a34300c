// What is said to me and by me, for as long as the page is open: nothing of it is stored on the device.
import type { Meeting, TellOf } from './meeting';
import { number_in, text_in } from './meeting';
import type { People, PersonId } from './people';

export type Channel = 'near' | 'group' | 'person';
export interface Said {
  readonly id: string;
  readonly from: PersonId;
  readonly name: string;
  readonly channel: Channel;
  /** The other one of a direct conversation. */
  readonly other: PersonId | null;
  readonly text: string;
  readonly lang: string;
  /** ms since 1970 UTC */
  readonly at_ms: number;
  readonly is_mine: boolean;
  /** Shows the node that this was really said, if I choose to report it. */
  readonly proof: string;
}
/** A conversation with one person, or with all who are near or of the group. */
export interface Conversation {
  readonly channel: Channel;
  readonly person: PersonId | null;
}

const kKeptMax = 300;
export const kText_max = 500;
/** A caption stays this long after its last word. */
const kCaption_ms = 8000;

export interface Caption {
  readonly from: PersonId;
  readonly name: string;
  readonly text: string;
  readonly lang: string;
  readonly is_final: boolean;
  readonly at_ms: number;
}

export class Talk {
  said: readonly Said[] = $state.raw([]);
  captions: readonly Caption[] = $state.raw([]);
  /** What came since the conversations were last looked at. */
  unread = $state(0);
  /** The conversation that is shown. */
  now: Conversation = $state.raw({ channel: 'near', person: null });
  /** Whether the conversation is on the screen: then nothing is unread. */
  is_shown = $state(false);
  /** Called with what others say to me, as it comes. */
  on_said: (said: Said) => void = () => {};
  readonly #meeting: Meeting;
  readonly #people: People;
  #count = 0;

  constructor(meeting: Meeting) {
    this.#meeting = meeting;
    this.#people = meeting.people;
    meeting.hear('said', (tell) => this.#heard(tell));
    meeting.hear('caption', (tell) => this.#captioned(tell));
  }

  /** Messages of the conversation that is shown, oldest first. */
  shown(): readonly Said[] {
    const { channel, person } = this.now;
    return this.said.filter((one) => one.channel === channel && (channel !== 'person' || one.other === person));
  }

  /** People with whom there is a direct conversation, the latest first. */
  others(): readonly { person: PersonId; name: string }[] {
    const found = new Map<PersonId, string>();
    for (const { other, is_mine, name } of [...this.said].reverse()) {
      if (other === null) continue;
      if (!found.get(other)) found.set(other, is_mine ? (this.#meeting.about(other)?.name ?? '') : name);
    }
    return [...found].map(([person, name]) => ({ person, name }));
  }

  open(conversation: Conversation): void {
    this.now = conversation;
  }

  seen(): void {
    this.is_shown = true;
    this.unread = 0;
  }

  /** False: it could not be sent; the text should stay where it was written. */
  say(text: string, lang: string): boolean {
    const { channel, person } = this.now;
    const trimmed = text.trim().slice(0, kText_max);
    if (trimmed === '') return false;
    return this.#meeting.say({ t: 'say', to: channel, text: trimmed, lang, ...(channel === 'person' ? { person } : {}) });
  }

  clear(): void {
    this.said = [];
    this.captions = [];
    this.unread = 0;
  }

  #heard(tell: TellOf): void {
    const from = number_in(tell['from']);
    const to = text_in(tell['to']);
    const channel = (['near', 'group', 'person'] as const).find((name) => name === to);
    const text = text_in(tell['text']);
    if (from === null || channel === undefined || text === '') return;
    const { me, neighbours } = this.#people;
    const is_mine = from === me.person;
    const neighbour = neighbours.get(from);
    if (neighbour?.is_muted) return;
    const given_ms = Date.parse(text_in(tell['at']));
    const said: Said = {
      id: text_in(tell['id']) || `${from}.${++this.#count}`,
      from,
      name: text_in(tell['name']),
      channel,
      other: channel !== 'person' ? null : is_mine ? (number_in(tell['person']) ?? this.now.person) : from,
      text: text.slice(0, kText_max),
      lang: text_in(tell['lang']),
      at_ms: Number.isNaN(given_ms) ? Date.now() : given_ms,
      is_mine,
      proof: text_in(tell['proof']),
    };
    this.said = [...this.said, said].slice(-kKeptMax);
    if (channel !== 'person') this.#bubble(from, said.text, said.lang, 'said');
    if (is_mine) return;
    if (!this.is_shown) this.unread += 1;
    this.on_said(said);
  }

  #captioned(tell: TellOf): void {
    const from = number_in(tell['from']);
    const text = text_in(tell['text']).slice(0, kText_max);
    if (from === null || text === '' || this.#people.neighbours.get(from)?.is_muted) return;
    const now_ms = performance.now();
    const caption: Caption = {
      from,
      name: this.#meeting.about(from)?.name ?? '',
      text,
      lang: text_in(tell['lang']),
      is_final: tell['final'] === true,
      at_ms: now_ms,
    };
    // What a person is still saying replaces itself until it is final.
    const others = this.captions.filter((one) => now_ms - one.at_ms < kCaption_ms && (one.from !== from || one.is_final));
    this.captions = [...others, caption].slice(-4);
    this.#bubble(from, text, caption.lang, 'caption');
    setTimeout(() => (this.captions = this.captions.filter((one) => one !== caption)), kCaption_ms);
  }

  #bubble(from: PersonId, text: string, lang: string, kind: 'said' | 'caption'): void {
    const neighbour = this.#people.neighbours.get(from);
    if (!neighbour) return;
    neighbour.speech = { text, lang, kind, at_ms: performance.now() };
    this.#people.tell('said', { neighbour, speech: neighbour.speech });
    this.#people.tell('changed');
  }
}
