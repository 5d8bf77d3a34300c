// What the browser tests share: Debian's Chromium with software GL, a page that reports its own errors, and a list of tests.
// Files *_test.mjs beside this one call test(sentence, run); run.mjs runs them all against CITIVERSE_URL.
import { createRequire } from 'node:module';

const from_web = createRequire(new URL('../../web/package.json', import.meta.url));
export const { chromium } = from_web('playwright-core');
export const kAxePath = from_web.resolve('axe-core/axe.min.js');

export const base_url = process.env.CITIVERSE_URL ?? '';

const kChromiumFlags = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  // A microphone that beeps, for the tests of voice.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const open_browser = () =>
  chromium.launch({ executablePath: process.env.CITIVERSE_CHROMIUM ?? '/usr/bin/chromium', args: kChromiumFlags });

/** In the order of their files. `run` gets { browser, open } and throws when the sentence is not true. */
export const tests = [];
export const test = (sentence, run) => tests.push({ sentence, run });

/** A test that cannot be tried here, with the reason; counted as skipped. */
export class Skip extends Error {}
export const skip = (reason) => {
  throw new Skip(reason);
};

export const kDesktop = { width: 1280, height: 800 };
export const kPhone = { width: 360, height: 740 };

/**
 * Opens an address, of the node or a full one, in a fresh profile. The returned page carries `faults`: errors of its console and scripts.
 * Options: viewport, locale, scheme ('light' or 'dark'), reduced (motion), workers (whether service workers may run).
 */
export async function open_page(browser, path, { viewport = kDesktop, locale = 'en-GB', scheme = 'light', workers = false, ...more } = {}) {
  const context = await browser.newContext({
    viewport,
    locale,
    colorScheme: scheme,
    reducedMotion: 'reduce',
    serviceWorkers: workers ? 'allow' : 'block',
    ...more,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.faults = [];
  page.on('console', (message) => message.type() === 'error' && !/status of \d/.test(message.text()) && page.faults.push(message.text()));
  page.on('response', (response) => response.status() >= 400 && page.faults.push(`${response.status()} ${response.url()}`));
  page.on('pageerror', (error) => page.faults.push(String(error)));
  await page.goto(new URL(path, base_url).href);
  return page;
}

export async function api(path) {
  const response = await fetch(base_url + path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

export function expect(is_true, what) {
  if (!is_true) throw new Error(what);
}
export function expect_equal(found, expected, what) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  }
}
export function expect_no_faults(page) {
  expect_equal(page.faults, [], 'errors in the console');
}

/** Waits until a condition in this process holds. */
export async function until(holds, what, wait_ms = 30_000) {
  for (const end = Date.now() + wait_ms; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`not within ${wait_ms / 1000} s: ${what}`);
}

/** Somewhere on foot, with things around: before the first sight that the city names. As an address and as numbers. */
export async function standing_place() {
  const { viewpoints, origin } = await api('/api/v1/city');
  const { lat, lon } = viewpoints.find((viewpoint) => viewpoint.height_m < 3 && viewpoint.ground_height_m > 1) ?? origin;
  return { lat, lon, query: `lat=${lat}&lon=${lon}` };
}

/** The parameters of the page's address. */
export const parameters = (page) => Object.fromEntries(new URL(page.url()).searchParams);
