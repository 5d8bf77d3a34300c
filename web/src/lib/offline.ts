// Starts the service worker, and tells the page of a newer client: it waits until the visitor takes it.
import type { Page } from './page.svelte';

export function keep_offline(page: Page): void {
  // Only a secure origin has service workers; http in a local network works without the offline store.
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  // The first worker also becomes the page's controller: only a change of controller after "use it now" reloads.
  let is_taken = false;
  navigator.serviceWorker.addEventListener('controllerchange', () => is_taken && location.reload());
  void navigator.serviceWorker
    .register('/sw.js')
    .then((registration) => {
      const offer = (): void => {
        const waiting = registration.waiting;
        if (!waiting || !navigator.serviceWorker.controller) return;
        page.take_update = () => {
          is_taken = true;
          waiting.postMessage('take over');
        };
        page.update_ready = true;
      };
      offer();
      if (!navigator.serviceWorker.controller) void navigator.serviceWorker.ready.then(() => keep_first_answers());
      registration.addEventListener('updatefound', () => {
        registration.installing?.addEventListener('statechange', offer);
      });
    })
    .catch(() => undefined);
}

/** The answers of the first visit came before the worker was there: it is shown them once more, so that it can keep them. */
function keep_first_answers(): void {
  const asked = performance.getEntriesByType('resource').map((entry) => entry.name);
  const keep = (): void => {
    for (const address of new Set(asked)) {
      if (new URL(address).pathname.startsWith('/api/v1/')) void fetch(address).then((answer) => answer.arrayBuffer()).catch(() => undefined);
    }
  };
  if (navigator.serviceWorker.controller) keep();
  else navigator.serviceWorker.addEventListener('controllerchange', keep, { once: true });
}
