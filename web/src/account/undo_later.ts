// Things that cannot be taken back once the node has done them wait for as long as their undo is offered, instead of asking "are you sure?".
import type { Page } from '../lib/page.svelte';

/** As long as the page shows the notice with its undo. */
const kUndo_ms = 8000;

const waiting = new Set<() => void>();
addEventListener('pagehide', () => {
  for (const act of [...waiting]) act();
});

/**
 * Says what happens, does it after kUndo_ms, or when the page is left or the next thing waits; `take_back` puts back what the page
 * shows already. The request should be one that outlives the page.
 */
export function undo_later(page: Page, text: string, act: () => void, take_back: () => void): void {
  for (const before of [...waiting]) before();
  const once = (): void => {
    if (!waiting.delete(once)) return;
    clearTimeout(timer);
    act();
  };
  const timer = setTimeout(once, kUndo_ms);
  waiting.add(once);
  page.tell(text, () => {
    if (!waiting.delete(once)) return;
    clearTimeout(timer);
    take_back();
  });
}
