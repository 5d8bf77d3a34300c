// What the tests of signing in share: a list of tests, expectations, and pages of Debian's Chromium.
export const tests = [];
/** `run` gets { node, people } and throws when the sentence is not true. */
export const test = (sentence, run) => tests.push({ sentence, run });
export function expect(is_true, what) {
  if (!is_true) throw new Error(what);
}
export function expect_equal(found, expected, what) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
  }
}

let chromium = null;
/** A test that cannot be tried here, with the reason; counted as skipped. */
export class Skip extends Error {}

/** A page in a profile of its own. */
export async function open_page(address) {
  const { open_browser } = await import('../browser/harness.mjs');
  chromium ??= await open_browser();
  const page = await (await chromium.newContext()).newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(address);
  return page;
}
export const close_pages = () => chromium?.close();
