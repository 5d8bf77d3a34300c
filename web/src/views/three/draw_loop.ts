// Draws only when something has changed: a still picture costs nothing, on a phone as on a wall.

/** Longest step that movement is told of: after a pause nobody jumps through a wall. */
const kStep_s_max = 0.1;

export class DrawLoop {
  readonly #draw: (step_s: number) => boolean;
  #asked: number | null = null;
  #last_ms = 0;
  #paused = false;

  /** `draw` is called once a frame after `ask`, and goes on being called while it answers true. */
  constructor(draw: (step_s: number) => boolean) {
    this.#draw = draw;
  }

  ask(): void {
    if (this.#asked !== null || this.#paused) return;
    this.#asked = requestAnimationFrame((now_ms) => this.#frame(now_ms));
  }

  /** While the context is lost or a headset draws by its own clock, this one stands still. */
  set paused(paused: boolean) {
    this.#paused = paused;
    if (paused) this.stop();
    else this.ask();
  }

  stop(): void {
    if (this.#asked !== null) cancelAnimationFrame(this.#asked);
    this.#asked = null;
    this.#last_ms = 0;
  }

  #frame(now_ms: number): void {
    this.#asked = null;
    const step_s = this.#last_ms === 0 ? 1 / 60 : Math.min(kStep_s_max, (now_ms - this.#last_ms) / 1000);
    const again = this.#draw(step_s);
    this.#last_ms = again ? now_ms : 0;
    if (again) this.ask();
  }
}
