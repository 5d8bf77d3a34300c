// One question to the node and what became of it, for a part of the page that shows an answer.
import type { Answer, Problem } from './api';

/** After this long, waiting is said in words. */
const kLate_ms = 1000;

/** A new question cancels the one before it; the last answer stays until the next one is there, so that nothing flickers. */
export class Ask<T> {
  value: T | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  busy = $state(false);
  late = $state(false);
  #controller: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  async run(question: (signal: AbortSignal) => Promise<Answer<T>>): Promise<T | null> {
    this.stop();
    const controller = (this.#controller = new AbortController());
    this.busy = true;
    this.#timer = setTimeout(() => (this.late = true), kLate_ms);
    const answer = await question(controller.signal);
    if (this.#controller !== controller) return null;
    this.stop();
    this.problem = answer.ok ? null : answer.problem;
    if (answer.ok) this.value = answer.value;
    return answer.ok ? answer.value : null;
  }

  stop(): void {
    this.#controller?.abort();
    this.#controller = null;
    clearTimeout(this.#timer);
    this.busy = false;
    this.late = false;
  }

  clear(): void {
    this.stop();
    this.value = null;
    this.problem = null;
  }
}
