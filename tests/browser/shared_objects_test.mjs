// What people put down: told in words to everybody near, carried, locked, taken away and put back; drawn on the map and in 3D, and chosen there.
import { readFileSync } from 'node:fs';
import { base_url, expect, expect_equal, expect_no_faults, kAxePath, test, until } from './harness.mjs';
import { among_people } from './people_near.mjs';
import { needs_people, open_guest, sees, sees_not, tab } from './people_page.mjs';
import { at_rest, difference, open_three, pixels, street_place } from './three_page.mjs';

const thing = (page, text) => page.locator('[data-shared]', { hasText: text });
const says = (page, text, what) => thing(page, text).getByText(what).first().waitFor();
async function does(page, text, what) {
  const row = thing(page, text);
  if ((await row.locator('.who').getAttribute('aria-expanded')) !== 'true') await row.locator('.who').press('Enter');
  await row.getByRole('button', { name: what, exact: true }).press('Enter');
}

test('what one puts down another takes, carries away and puts down; its owner locks it, takes it away and puts it back', async (browser) => {
  await needs_people();
  const ana = await open_guest(browser, 'Ana Tisch');
  const ben = await open_guest(browser, 'Ben Träger');
  await sees(ana, 'Ben Träger');
  await sees(ben, 'Ana Tisch');
  await ana.getByRole('button', { name: 'Put something down …' }).press('Enter');
  await ana.getByLabel('What it is').selectOption('table');
  await ana.getByLabel('What stands on it').fill('Chess?');
  await ana.keyboard.press('Enter');
  await says(ana, 'Chess?', 'Table · yours');
  await says(ben, 'Chess?', 'put down by');
  await does(ben, 'Chess?', 'Take and carry');
  await says(ben, 'Chess?', 'you carry it');
  await says(ana, 'Chess?', /Ben Träger.* carries it/);
  const where = () => thing(ana, 'Chess?').locator('.where').textContent();
  const before = await where();
  await ben.locator('.rose button').first().click();
  await until(async () => (await where()) !== before, 'the table goes where Ben goes', 20_000);
  await does(ben, 'Chess?', 'Put down');
  await until(async () => (await thing(ana, 'Chess?').getByText('carries it').count()) === 0, 'Ben has put it down');
  await does(ana, 'Chess?', 'Lock');
  await says(ben, 'Chess?', 'locked');
  await thing(ben, 'Chess?').getByText('Only its owner').waitFor();
  expect_equal(await thing(ben, 'Chess?').getByRole('button', { name: 'Take and carry' }).count(), 0, 'ways to take a locked thing');
  await ana.evaluate(readFileSync(kAxePath, 'utf8'));
  const found = await ana.evaluate(async () => (await globalThis.axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`));
  expect_equal(found, [], 'axe');
  // Whoever takes it back at once puts down another of the same kind: the first is gone for Ben.
  const number = () => thing(ben, 'Chess?').first().getAttribute('data-shared');
  const first = await number();
  await does(ana, 'Chess?', 'Take away');
  await ana.getByRole('button', { name: 'Undo' }).press('Enter');
  await until(async () => (await thing(ben, 'Chess?').count()) === 1 && (await number()) !== first, 'it is taken away and put back');
  await says(ben, 'Chess?', 'put down by');
  await does(ana, 'Chess?', 'Take away');
  await thing(ben, 'Chess?').waitFor({ state: 'detached' });
  await ana.getByRole('button', { name: 'Put something down …' }).press('Enter');
  await ana.getByLabel('What stands on it').fill('Chess!');
  await ana.keyboard.press('Enter');
  await says(ben, 'Chess!', 'put down by');
  await tab(ana, 'options');
  await ana.getByRole('button', { name: 'Leave', exact: true }).click();
  await thing(ben, 'Chess!').waitFor({ state: 'detached' });
  expect_no_faults(ben);
});

test('what somebody lets stay stands there when they have gone, can be reported, and is taken away from afar', async (browser) => {
  await needs_people();
  const ana = await open_guest(browser, 'Ana Tafel', { account: true });
  const ben = await open_guest(browser, 'Ben Leser');
  await sees(ben, 'Ana Tafel');
  await tab(ben, 'near');
  await ben.getByRole('button', { name: 'Put something down …' }).press('Enter');
  await ben.getByLabel('What stands on it').waitFor();
  expect_equal(await ben.getByLabel('Let it stay when I go').count(), 0, 'ways for a guest to let things stay');
  await tab(ana, 'near');
  await ana.getByRole('button', { name: 'Put something down …' }).press('Enter');
  await ana.getByLabel('What it is').selectOption('sign');
  const words = `Choir at eight ${Date.now()}`;
  await ana.getByLabel('What stands on it').fill(words);
  await ana.getByLabel('Let it stay when I go').check();
  await ana.getByText('It stays for 30 days').waitFor();
  await ana.locator('#people-part form').getByRole('button', { name: 'Put down' }).press('Enter');
  await says(ana, words, 'stays until');
  await says(ben, words, /put down by .*Ana Tafel/);
  await tab(ana, 'options');
  await ana.getByRole('button', { name: 'Leave', exact: true }).click();
  await sees_not(ben, 'Ana Tafel');
  await says(ben, words, 'stays until');
  await does(ben, words, 'Report');
  await ben.getByLabel('What is it about?').selectOption('spam');
  await ben.evaluate(readFileSync(kAxePath, 'utf8'));
  const found = await ben.evaluate(async () => (await globalThis.axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`));
  expect_equal(found, [], 'axe');
  await ben.getByLabel('Block this person too').uncheck();
  await ben.getByRole('button', { name: 'Send to the moderators' }).press('Enter');
  await ben.getByText('The moderators have your report').waitFor();
  const things = await ana.request.get(`${base_url}/api/v1/me/things`);
  const { items } = await things.json();
  expect_equal(items.map(({ text }) => text), [words], 'what Ana lets stay');
  const gone = await ana.request.delete(`${base_url}/api/v1/me/things/${items[0].id}`, { headers: { origin: base_url } });
  expect_equal(gone.status(), 204, 'taking it away');
  await thing(ben, words).waitFor({ state: 'detached' });
  expect_no_faults(ben);
});

test('a thing stands in the 3D picture, and a tap on it opens its row', async (browser) => {
  const street = await street_place();
  const { lat, lon, ground_m } = street;
  let company;
  const page = await open_three(browser, `lat=${lat}&lon=${lon}&heading=${Math.round(street.heading)}&time=2026-06-21T11:00Z`, {
    viewport: { width: 640, height: 480 }, hasTouch: true,
    before: async (opened) => (company = await among_people(opened, { lat, lon, z_m: ground_m }, [])),
  });
  await until(() => company.is_in, 'the page is among people');
  await at_rest(page);
  const empty = await pixels(page);
  const heading = (street.heading * Math.PI) / 180;
  // Its middle at the height of the eyes, so that it is in the middle of the picture.
  const at = [Math.sin(heading) * 2.5, Math.cos(heading) * 2.5, ground_m + 0.7];
  company.say({ t: 'objects', all: true, objects: [{ object: 5, shape: 'sign', at, owner: 1000, locked: false, text: 'This way' }] });
  await until(async () => difference(empty, await pixels(page)) > 0.5, 'the sign is in the picture', 30_000);
  const box = await page.locator('canvas').first().boundingBox();
  await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
  const row = page.locator('#people-panel [data-shared="5"]');
  await row.getByText('This way').waitFor();
  expect_equal(await row.locator('.who').getAttribute('aria-expanded'), 'true', 'its row is open');
  await row.getByRole('button', { name: 'Take and carry' }).click();
  const asked = () => company.sent.filter((bytes) => bytes[0] === 0x10).map((bytes) => JSON.parse(bytes.subarray(1)));
  await until(() => asked().some(({ t, do: verb, object }) => t === 'object' && verb === 'take' && object === 5), 'the node is asked for it');
  company.say({ t: 'objects', objects: [{ object: 5, shape: 'sign', at, owner: 1000, holder: 7, locked: false, text: 'This way' }] });
  await until(() => company.sent.some((bytes) => bytes[0] === 0x04 && bytes.readUInt32LE(1) === 5), 'it is carried along');
  expect_no_faults(page);
});

test('a thing is a square on the map, and a click on it opens its row', async (browser) => {
  await needs_people();
  const ben = await open_guest(browser, 'Ben Karte', { view: 'map' });
  await tab(ben, 'near');
  await ben.getByRole('button', { name: 'Put something down …' }).click();
  await ben.getByLabel('What stands on it').fill('Catch!');
  await ben.locator('#people-part form').getByRole('button', { name: 'Put down' }).click();
  await says(ben, 'Catch!', 'yours');
  await ben.locator('#people-panel').press('Escape');
  await ben.locator('#people-panel').waitFor({ state: 'detached' });
  // Oneself is in the middle of the map, and the thing before one's feet.
  const canvas = ben.locator('.people-dots');
  const is_drawn = () =>
    canvas.evaluate((one) => one.getContext('2d').getImageData(one.width / 2 - 20, one.height / 2 - 20, 40, 40).data.some((part) => part > 0));
  await until(is_drawn, 'a square on the map', 20_000);
  const box = await canvas.boundingBox();
  await ben.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await thing(ben, 'Catch!').waitFor();
  expect((await thing(ben, 'Catch!').locator('.who').getAttribute('aria-expanded')) === 'true', 'its row is open');
  expect_no_faults(ben);
});
