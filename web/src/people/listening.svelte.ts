// Speech and text, by what the browser has: reads aloud what others write, writes down what oneself says, and shows that as captions
// to others once one has agreed.
import type { Api } from '../lib/api';
import type { Meeting } from './meeting';

/** As much of the Web Speech API's recognition as is used; TypeScript's library has none. */
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: { resultIndex: number; results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }> }) => void) | null;
  onend: (() => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  start(): void;
  stop(): void;
}
type RecognitionMaker = new () => Recognition;

const maker = (): RecognitionMaker | undefined => {
  const here = window as unknown as { SpeechRecognition?: RecognitionMaker; webkitSpeechRecognition?: RecognitionMaker };
  return here.SpeechRecognition ?? here.webkitSpeechRecognition;
};
/** Captions that are still changing are sent at most so often. */
const kInterim_ms = 700;
/** The node takes captions of this length. */
const kCaption_max = 300;
/** The rest of a long queue of readings is left out: it would be about the past. */
const kReadingsMax = 3;

export class Listening {
  readonly can_write = maker() !== undefined;
  readonly can_read = 'speechSynthesis' in window;
  /** Reads aloud what others say to me. */
  reads = $state(false);
  /** Shows me what others say (their captions). */
  shows_captions = $state(false);
  /** Shows others what I say. */
  captions_me = $state(false);
  /** What I say is being written into the field. */
  dictates = $state(false);
  /** The browser refused the microphone or has no service for speech. */
  failed = $state(false);
  readonly #meeting: Meeting;
  readonly #api: Api;
  #recognition: Recognition | null = null;
  #readings = 0;
  #interim_ms = -Infinity;

  constructor(meeting: Meeting, api: Api) {
    this.#meeting = meeting;
    this.#api = api;
    meeting.hear('welcome', () => this.shows_captions && meeting.say({ t: 'captions', on: true }));
  }

  read(text: string, lang: string): void {
    if (!this.reads || !this.can_read || this.#readings >= kReadingsMax) return;
    const utterance = new SpeechSynthesisUtterance(text);
    if (lang !== '') utterance.lang = lang;
    this.#readings += 1;
    utterance.onend = utterance.onerror = () => (this.#readings -= 1);
    speechSynthesis.speak(utterance);
  }
  read_aloud(on: boolean): void {
    this.reads = on;
    if (!on && this.can_read) speechSynthesis.cancel();
    this.#readings = 0;
  }

  show_captions(on: boolean): void {
    this.shows_captions = on;
    this.#meeting.say({ t: 'captions', on });
  }

  /** Agreeing is part of turning it on; turning it off takes the agreement back. False: the node did not take it. */
  async caption_me(on: boolean, lang: string): Promise<boolean> {
    this.stop();
    const answer = await this.#api.send('PUT', '/api/v1/me/consents/captions', { given: on });
    if (!answer.ok) return false;
    this.captions_me = on;
    if (on) this.#listen(lang, (text, is_final) => this.#caption(text, is_final, lang));
    return true;
  }

  /** Writes what is said into a field, until it is called with null. */
  dictate(lang: string, write: ((text: string) => void) | null): void {
    this.stop();
    if (!write) return;
    this.dictates = true;
    this.#listen(lang, (text, is_final) => is_final && write(text));
  }

  stop(): void {
    const recognition = this.#recognition;
    this.#recognition = null;
    recognition?.stop();
    this.dictates = this.captions_me = false;
  }

  #caption(text: string, is_final: boolean, lang: string): void {
    const now_ms = performance.now();
    if (!is_final && now_ms - this.#interim_ms < kInterim_ms) return;
    this.#interim_ms = now_ms;
    this.#meeting.say({ t: 'caption', text: text.slice(0, kCaption_max), final: is_final, lang });
  }

  #listen(lang: string, heard: (text: string, is_final: boolean) => void): void {
    const Maker = maker();
    if (!Maker) return;
    this.failed = false;
    const recognition = (this.#recognition = new Maker());
    recognition.lang = lang;
    recognition.continuous = true;
    recognition.interimResults = true;
    recognition.onresult = ({ resultIndex, results }) => {
      for (let i = resultIndex; i < results.length; ++i) {
        const text = results[i]![0]!.transcript.trim();
        if (text !== '') heard(text, results[i]!.isFinal);
      }
    };
    recognition.onerror = ({ error }) => {
      if (error === 'no-speech' || error === 'aborted') return;
      this.failed = true;
      this.stop();
    };
    // Browsers end it after a silence; as long as it is wanted it goes on.
    recognition.onend = () => this.#recognition === recognition && recognition.start();
    recognition.start();
  }
}
