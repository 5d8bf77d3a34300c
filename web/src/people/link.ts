// Keeps one WebSocket to the node: opens it again when it is lost, soon at first, and never with everybody at the same moment.

/** Why it is not tried again; `lost` is for everything that may pass. */
export type End = 'signed_out' | 'shut_out' | 'replaced' | 'refused' | 'put_out';
const kEnds: Readonly<Record<number, End>> = { 4001: 'signed_out', 4002: 'shut_out', 4005: 'replaced', 4006: 'refused', 4007: 'put_out' };
/** What the node closes with when this client misbehaved or the space is full: the next try can wait. */
const kPatient = new Set([1002, 1003, 1007, 1008, 1009, 4003, 4004]);

/** The middle of the first pause; the pauses grow by kGrowth to kSoon_ms_max, and after kAway_ms to kLate_ms_max. */
const kFirst_ms = 600;
const kGrowth = 1.5;
/** A node that restarts is met again within 3 s: this and half as much again, and the handshake. */
const kSoon_ms_max = 1800;
const kPatient_ms = 5000;
const kLate_ms_max = 30_000;
/** So long the node is believed to be restarting. */
const kAway_ms = 60_000;
/** A handshake that takes longer is given up. */
const kOpening_ms_max = 6000;
/** A connection that held so long was a good one: the pauses begin anew. */
const kGood_ms = 5000;
/** What waits in the browser for a slow network; beyond it places are left out, since newer ones will follow. */
const kWaiting_bytes_max = 4096;

export interface LinkEvents {
  /** The socket is open: say hello. */
  opened(): void;
  message(bytes: ArrayBuffer): void;
  /** It is lost and will be opened again in `pause_ms`. */
  lost(pause_ms: number): void;
  /** Not tried again. */
  ended(why: End): void;
  /** Asked when a handshake fails: whether there is still a reason to try. Rejects or says 'unknown' when the node cannot be asked. */
  may_enter(): Promise<'yes' | 'signed_out' | 'put_out' | 'unknown'>;
}

export type OpenSocket = () => WebSocket;

export class Link {
  readonly #open: OpenSocket;
  readonly #events: LinkEvents;
  readonly #random: () => number;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #lost_at_ms: number | null = null;
  #opened_at_ms = 0;
  #is_stopped = true;

  constructor(open: OpenSocket, events: LinkEvents, random: () => number = Math.random) {
    this.#open = open;
    this.#events = events;
    this.#random = random;
  }

  get is_open(): boolean {
    return this.#socket?.readyState === 1;
  }

  start(): void {
    if (!this.#is_stopped) return;
    this.#is_stopped = false;
    this.#tries = 0;
    this.#try();
  }

  /** Leaves for good, with a word to the node. */
  stop(): void {
    this.#is_stopped = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
  }

  /** The network is back, or the page is looked at again: no reason to wait longer. */
  hurry(): void {
    if (this.#is_stopped || this.#socket) return;
    clearTimeout(this.#timer);
    this.#try();
  }

  /** False: not sent. `is_place` may be left out on a slow network, since a newer one follows. */
  send(bytes: Uint8Array<ArrayBuffer>, is_place = false): boolean {
    if (!this.#socket || this.#socket.readyState !== 1) return false;
    if (is_place && this.#socket.bufferedAmount > kWaiting_bytes_max) return false;
    this.#socket.send(bytes);
    return true;
  }

  #try(): void {
    const socket = this.#open();
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    const slow = setTimeout(() => socket.readyState === 0 && socket.close(), kOpening_ms_max);
    let was_open = false;
    socket.onopen = () => {
      clearTimeout(slow);
      if (this.#socket !== socket) return;
      was_open = true;
      this.#opened_at_ms = performance.now();
      this.#events.opened();
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (this.#socket === socket && event.data instanceof ArrayBuffer) this.#events.message(event.data);
    };
    socket.onclose = (event) => {
      clearTimeout(slow);
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#closed(event.code, was_open);
    };
  }

  #closed(code: number, was_open: boolean): void {
    const now_ms = performance.now();
    if (was_open && now_ms - this.#opened_at_ms >= kGood_ms) {
      this.#tries = 0;
      this.#lost_at_ms = null;
    }
    this.#lost_at_ms ??= now_ms;
    const end = kEnds[code];
    if (end !== undefined) {
      this.#end(end);
      return;
    }
    const pause_ms = this.#pause_ms(now_ms - this.#lost_at_ms, kPatient.has(code));
    this.#tries += 1;
    this.#events.lost(pause_ms);
    this.#timer = setTimeout(() => void this.#again(was_open), pause_ms);
  }

  /** A handshake that fails does not say why: where it failed before it opened, the node is asked first. */
  async #again(was_open: boolean): Promise<void> {
    if (!was_open) {
      const may = await this.#events.may_enter().catch(() => 'unknown' as const);
      if (this.#is_stopped || this.#socket) return;
      if (may === 'signed_out' || may === 'put_out') {
        this.#end(may);
        return;
      }
    }
    this.#try();
  }

  #end(why: End): void {
    this.#is_stopped = true;
    clearTimeout(this.#timer);
    this.#events.ended(why);
  }

  /** Half to one and a half of the middle, at random, so that a city's visitors do not all come back at once. */
  #pause_ms(away_ms: number, is_patient: boolean): number {
    const grown_ms = kFirst_ms * kGrowth ** this.#tries;
    const top_ms = away_ms > kAway_ms ? kLate_ms_max : kSoon_ms_max;
    const middle_ms = is_patient ? Math.max(kPatient_ms, Math.min(kLate_ms_max, grown_ms)) : Math.min(top_ms, grown_ms);
    return middle_ms * (0.5 + this.#random());
  }
}
