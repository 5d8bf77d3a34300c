// Rows that are taken away from a list: each is hidden at once, and gone for good when its undo is not offered any more.
import type { Answer } from '../lib/api';
import type { Page } from '../lib/page.svelte';
import { undo_later } from './undo_later';

export class TakenAway {
  #ids: readonly string[] = $state.raw([]);
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  has(id: string): boolean {
    return this.#ids.includes(id);
  }
  /** Those that are still there. */
  rest<Row extends { id: string }>(rows: readonly Row[] | undefined): readonly Row[] {
    return (rows ?? []).filter(({ id }) => !this.has(id));
  }
  /** `text` says what happens. What the node refuses stands there again, with the reason; what it does not know is gone. */
  take(id: string, text: string, request: () => Promise<Answer<unknown>>, ondone: () => void = () => undefined): void {
    this.#ids = [...this.#ids, id];
    const show = (): void => void (this.#ids = this.#ids.filter((other) => other !== id));
    const act = async (): Promise<void> => {
      const answer = await request();
      if (answer.ok || answer.problem.status === 404) return ondone();
      show();
      this.#page.tell(this.#page.explain(answer.problem));
    };
    undo_later(this.#page, text, () => void act(), show);
  }
}
