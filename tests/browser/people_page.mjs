// What the tests of people share: visitors who come as guests, each in a browser profile of their own, and stand somewhere.
import { api, base_url, expect, open_page, skip, standing_place, until } from './harness.mjs';

/** A node without people has no such route. */
export async function needs_people() {
  const me = await api('/api/v1/me').catch(() => null);
  if (!me) skip('this node has no people');
}

const kPassword = 'correct horse battery staple 42';

/** Opens a view as a guest of this name, at a place, and goes among people. With `account`, as a new account. */
export async function open_guest(browser, name, { view = 'text', place, account = false, before = async () => {}, ...more } = {}) {
  const { lat, lon } = place ?? (await standing_place());
  const page = await open_page(browser, '/manifest.webmanifest', more);
  const sign_in_name = `t${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
  const data = account ? { sign_in_name, password: kPassword, name, minor: false } : { name, minor: false };
  const answer = await page.request.post(`${base_url}/api/v1/${account ? 'accounts' : 'sign-in/guest'}`, { data, headers: { origin: base_url } });
  expect(answer.ok(), `${name} cannot come in: ${answer.status()} ${await answer.text()}`);
  await before(page);
  await page.goto(`${base_url}/?view=${view}&lat=${lat}&lon=${lon}`);
  await open_people(page);
  await page.locator('#people-panel .join .button.main').click();
  await page.locator('#people-part').waitFor();
  return page;
}

export async function open_people(page) {
  const button = page.locator('button[aria-controls="people-panel"]').first();
  // It comes when the view stands, which a map drawn in software takes its time for.
  await button.waitFor({ timeout: 60_000 });
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
  await page.locator('#people-panel').waitFor();
}

export const tab = (page, name) => page.locator(`#people-tab-${name}`).click();
export const row_of = (page, name) => page.locator('[data-people] li', { hasText: name });

export async function sees(page, name) {
  await tab(page, 'near');
  await row_of(page, name).waitFor({ timeout: 60_000 });
}
export async function sees_not(page, name) {
  await tab(page, 'near');
  await until(async () => (await row_of(page, name).count()) === 0, `${name} is still in the list`, 60_000);
}

/** Says something in the conversation that is open. */
export async function say(page, text) {
  await tab(page, 'chat');
  await page.locator('#people-panel textarea').fill(text);
  await page.keyboard.press('Enter');
}
export async function reads(page, text) {
  await tab(page, 'chat');
  await page.locator('[data-chat] .text', { hasText: text }).first().waitFor({ timeout: 60_000 });
}
export async function does(page, name, what) {
  await tab(page, 'near');
  const row = row_of(page, name);
  await row.waitFor({ timeout: 60_000 });
  if ((await row.locator('.who').getAttribute('aria-expanded')) !== 'true') await row.locator('.who').click();
  await row.getByRole('button', { name: what, exact: true }).click();
}
