// When a step is best sent: so that it reaches the node shortly before the node next takes steps, and others see it soonest.

/** Before the first is acknowledged: there and back over a usual network, and a little. */
const kLead_ms = 60;
const kLead_ms_min = 10;
const kLead_ms_max = 400;
/** A step that comes too late waits for a whole tick, so the lead grows quickly and shrinks slowly: about one in fifty is late. */
const kGrows_ms = 8;
const kShrinks_ms = 0.15;
/** The node's clock and this one drift apart by less than this from one tick to the next. */
const kDrift_ms = 0.05;

const signed16 = (number: number): number => (number << 16) >> 16;

/**
 * Learns from ticks when the node's turns are, in times of this client's own clock, and from what they acknowledge how long
 * before a turn a step has to leave. Knows nothing of sockets; times are milliseconds of one clock.
 */
export class Turns {
  #unit_ms = 0;
  /** Counted on beyond 16 bits. */
  #tick: number | null = null;
  /** When tick 0 would have come here, as early as any tick has. */
  #tick_0_ms = Infinity;
  #lead_ms = kLead_ms;
  /** A step under way, and the first tick that should acknowledge it. */
  #awaited: { sequence: number; tick: number } | null = null;

  get lead_ms(): number {
    return this.#lead_ms;
  }

  begin(ticks_per_second: number): void {
    this.#unit_ms = 1000 / Math.max(1, ticks_per_second);
    this.#tick = this.#awaited = null;
    this.#tick_0_ms = Infinity;
  }

  /** A tick has come, with the newest step that it knows of. */
  ticked(tick: number, acknowledged: number, now_ms: number): void {
    this.#tick = this.#tick === null ? tick : this.#tick + signed16(tick - this.#tick);
    this.#tick_0_ms = Math.min(this.#tick_0_ms + kDrift_ms, now_ms - this.#tick * this.#unit_ms);
    const awaited = this.#awaited;
    if (!awaited || this.#tick < awaited.tick) return;
    this.#awaited = null;
    const is_there = signed16(acknowledged - awaited.sequence) >= 0;
    // A tick that came only later, since nothing was to be said before, proves nothing good.
    if (is_there && this.#tick > awaited.tick) return;
    const lead_ms = this.#lead_ms + (is_there ? -kShrinks_ms : kGrows_ms);
    this.#lead_ms = Math.min(kLead_ms_max, Math.max(kLead_ms_min, lead_ms));
  }

  sent(sequence: number, now_ms: number): void {
    if (this.#tick === null || this.#awaited) return;
    const units = (now_ms + this.#lead_ms - this.#arrival_ms(this.#tick)) / this.#unit_ms;
    // Half a unit: timers are not exact, and ticks come at whole units.
    this.#awaited = { sequence, tick: this.#tick + Math.max(1, Math.ceil(units - 0.5)) };
  }

  /** How long to wait until the next step, of steps that are `step_ms` apart: at least half of that, at most one and a half. */
  pause_ms(now_ms: number, step_ms: number): number {
    if (this.#tick === null) return step_ms;
    const best_ms = this.#arrival_ms(this.#tick) - this.#lead_ms;
    const earliest_ms = now_ms + step_ms / 2;
    return best_ms + Math.ceil((earliest_ms - best_ms) / step_ms) * step_ms - now_ms;
  }

  #arrival_ms(tick: number): number {
    return this.#tick_0_ms + tick * this.#unit_ms;
  }
}
