// The service worker: the shell and the last answers, for when there is no connection. Built to /sw.js with the list of its files.
// Files under /assets/ carry their content's hash in their name, so a kept one is never wrong. Answers of the API are always asked
// for first; the kept one is given, with its time, only when the node cannot be reached.
const kShell = `shell-${'__VERSION__'}`;
const kAnswers = 'answers';
const kAnswersMax = 400;
const kKept = 'x-citiverse-kept';
/** What the text view needs, in every language: written by the build. */
const kFiles = ['__FILES__'];

addEventListener('install', (event) => {
  event.waitUntil(caches.open(kShell).then((cache) => cache.addAll(kFiles)));
});

addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith('shell-') && name !== kShell) await caches.delete(name);
      }
      await clients.claim();
    })(),
  );
});

addEventListener('message', (event) => {
  if (event.data === 'take over') skipWaiting();
});

addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (event.request.mode === 'navigate' && url.pathname === '/') event.respondWith(shell(event.request));
  else if (url.pathname.startsWith('/assets/') || url.pathname.startsWith('/icons/')) event.respondWith(asset(event.request));
  // A stream is never kept, and a worker between would only stay awake for it.
  else if (url.pathname.startsWith('/api/v1/') && !url.pathname.endsWith('/stream')) event.respondWith(answer(event));
});

/** The kept page starts at once and fits the kept files; a newer one comes with the next worker. */
async function shell(request) {
  const kept = await caches.match('/', { cacheName: kShell });
  return kept ?? fetch(request);
}

async function asset(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok && response.status === 200) {
    const cache = await caches.open(kShell);
    await cache.put(request, response.clone());
  }
  return response;
}

async function answer(event) {
  try {
    const response = await fetch(event.request);
    // What is about a person is not written to the device: the node marks it so.
    const is_personal = /no-store|private/.test(response.headers.get('cache-control') ?? '');
    if (response.ok && !is_personal) event.waitUntil(keep(event.request, response.clone()));
    return response;
  } catch (error) {
    const kept = await caches.match(event.request, { cacheName: kAnswers, ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function keep(request, response) {
  const headers = new Headers(response.headers);
  headers.set(kKept, String(Date.now()));
  // The body is kept as it reads, not as it travelled.
  headers.delete('content-encoding');
  headers.delete('content-length');
  const cache = await caches.open(kAnswers);
  await cache.put(request, new Response(await response.blob(), { status: response.status, headers }));
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - kAnswersMax))) await cache.delete(old);
}
