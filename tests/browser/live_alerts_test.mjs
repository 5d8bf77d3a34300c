// Tell me when: a person says what, where and when, and is told while the page is open; and how a derived value is computed.
import { open_as, person } from './account_people.mjs';
import { expect, expect_equal, expect_no_faults, kPhone, open_page, standing_place, test, until } from './harness.mjs';
import { expect_axe_finds_nothing, measured, write } from './live_writing.mjs';
import { at_rest, open_three, pixels } from './three_page.mjs';

const kSensor = 'urn:ngsi-ld:AirQualityObserved:alert-test';

/** An air sensor where one stands; each test begins with clean air. */
async function sensor() {
  const { lat, lon, query } = await standing_place();
  const location = { type: 'GeoProperty', value: { type: 'Point', coordinates: [lon, lat] } };
  const name = { type: 'Property', value: 'Test corner' };
  await write('/entities', { id: kSensor, type: 'AirQualityObserved', name, location, no2: measured(5, 'GQ', Date.now()) });
  await reads(5);
  return query;
}
const reads = (no2) => write(`/entities/${kSensor}/attrs`, { no2: measured(no2, 'GQ', Date.now()) });

async function open_alerts(page) {
  await page.locator('[data-alerts] > summary').click();
  await page.locator('[data-alerts] form').waitFor();
}
/** Nitrogen dioxide above 900 within 100 m: more than any other sensor reads. */
async function ask_for_bad_air(page) {
  await page.locator('[data-alerts]').getByLabel('What').selectOption({ label: 'Nitrogen dioxide' });
  await page.getByLabel('Value').fill('900');
  await page.getByLabel('Within (metres)').fill('100');
  await page.getByRole('button', { name: 'Tell me', exact: true }).click();
  await page.locator('[data-alert]', { hasText: 'Nitrogen dioxide (Air) is above 900 µg/m³' }).waitFor();
}

test('one is told when a value passes what one said, once, with its place and that it is simulated', async (browser) => {
  const query = await sensor();
  const page = await open_page(browser, `/?view=text&${query}`);
  await open_alerts(page);
  await ask_for_bad_air(page);
  await page.locator('[data-alert]', { hasText: 'It is not so now.' }).waitFor();
  await reads(950);
  const told = page.locator('[data-alerts-told] li');
  await told.filter({ hasText: '950 µg/m³' }).waitFor();
  const text = await told.innerText();
  for (const part of ['Nitrogen dioxide', 'Test corner', '100 m around', 'Simulated']) expect(text.includes(part), `the notice does not say ${part}: ${text}`);
  await page.locator('[data-alert]', { hasText: 'It is so now: 1' }).waitFor();
  await reads(960);
  await page.locator(`[data-live="${kSensor}"]`, { hasText: '960' }).waitFor();
  expect_equal(await told.count(), 1, 'notices while it stays so');
  await reads(10);
  await page.locator('[data-alert]', { hasText: 'It is not so now.' }).waitFor();
  await reads(970);
  await until(async () => (await told.count()) === 2, 'told again when it is so again');
  expect_no_faults(page);
});

test('an alert is kept in the browser, known and not told again after a reload, and its removal can be taken back', async (browser) => {
  const query = await sensor();
  const page = await open_page(browser, `/?view=text&${query}`);
  await open_alerts(page);
  await ask_for_bad_air(page);
  await reads(950);
  await page.locator('[data-alert]', { hasText: 'It is so now: 1' }).waitFor();
  await page.reload();
  await open_alerts(page);
  await page.locator('[data-alert]', { hasText: 'It is so now: 1' }).waitFor();
  expect_equal(await page.locator('[data-alerts-told]').count(), 0, 'notices after the reload');
  await page.getByRole('button', { name: /^Remove:/ }).click();
  await page.locator('[data-alert]').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('[data-alert]', { hasText: 'It is so now: 1' }).waitFor();
  expect_no_faults(page);
});

test('alerts are made by keyboard on a phone, beside the map as well, and axe finds nothing', async (browser) => {
  const query = await sensor();
  const page = await open_page(browser, `/?view=map&${query}`, { viewport: kPhone });
  await page.locator('main .host[aria-busy="false"]').waitFor({ timeout: 60_000 });
  const near = page.locator('details[data-live-near] > summary');
  await near.focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-alerts] > summary').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-alerts] form').waitFor();
  await page.locator('[data-alerts]').getByLabel('What').selectOption({ label: 'Nitrogen dioxide' });
  await page.getByLabel('Value').focus();
  await page.keyboard.type('900');
  await page.keyboard.press('Enter');
  await page.locator('[data-alert]', { hasText: '500 m around' }).waitFor();
  await expect_axe_finds_nothing(page, '[data-alerts]');
  expect_no_faults(page);
});

test('on the map one draws the area, from its middle to its edge, and gives up by Escape', async (browser) => {
  const query = await sensor();
  const page = await open_page(browser, `/?view=map&${query}`);
  await page.locator('main .host[aria-busy="false"]').waitFor({ timeout: 60_000 });
  await page.locator('details[data-live-near] > summary').click();
  await open_alerts(page);
  const where = page.locator('[data-alerts]').getByLabel('Where');
  const draw = page.getByRole('button', { name: 'Draw it on the map' });
  await draw.click();
  await page.getByText('Drag from the middle').waitFor();
  await page.keyboard.press('Escape');
  await until(async () => (await where.inputValue()) === '', 'drawing was given up');
  await draw.click();
  await page.mouse.move(400, 400);
  await page.mouse.down();
  await page.mouse.move(450, 400, { steps: 4 });
  await page.mouse.up();
  await page.getByText('Drag from the middle').waitFor({ state: 'detached' });
  expect_equal(await where.inputValue(), 'drawn', 'where');
  await page.getByLabel('Value').fill('900');
  await page.getByRole('button', { name: 'Tell me', exact: true }).click();
  await page.locator('[data-alert]', { hasText: 'm on the map' }).waitFor();
  expect_no_faults(page);
});

test('on the map one draws the area with a finger as well', async (browser) => {
  const query = await sensor();
  const page = await open_page(browser, `/?view=map&${query}`, { viewport: kPhone, hasTouch: true, isMobile: true });
  await page.locator('main .host[aria-busy="false"]').waitFor({ timeout: 60_000 });
  await page.locator('details[data-live-near] > summary').tap();
  await page.locator('[data-alerts] > summary').tap();
  await page.locator('[data-alerts] form').waitFor();
  const place = new URL(page.url()).searchParams;
  await page.getByRole('button', { name: 'Draw it on the map' }).tap();
  await page.getByText('Drag from the middle').waitFor();
  const finger = await page.context().newCDPSession(page);
  const touch = (type, x, y) => finger.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
  await touch('touchStart', 150, 200);
  for (const x of [160, 175, 190]) await touch('touchMove', x, 200);
  await touch('touchEnd');
  await page.getByText('Drag from the middle').waitFor({ state: 'detached' });
  expect_equal(await page.locator('[data-alerts]').getByLabel('Where').inputValue(), 'drawn', 'where');
  const now = new URL(page.url()).searchParams;
  expect_equal([now.get('lat'), now.get('lon')], [place.get('lat'), place.get('lon')], 'the map stood still');
  await page.locator('[data-alerts]').getByLabel('What').selectOption({ label: 'Nitrogen dioxide' });
  await page.getByLabel('Value').fill('900');
  await page.getByRole('button', { name: 'Tell me', exact: true }).tap();
  await page.locator('[data-alert]', { hasText: 'm on the map' }).waitFor();
  expect_no_faults(page);
});

/** How many points of a picture are nearly of the colour that means "live". */
const live_points = (picture) => {
  let count = 0;
  for (let i = 0; i < picture.length; i += 3) if (picture[i] > picture[i + 1] + 20 && picture[i + 2] > picture[i + 1] + 8) ++count;
  return count;
};

test('the 3D view shows the edge of what is watched, as long as it is, and axe finds nothing beside it', async (browser) => {
  await sensor();
  const { lat, lon } = await standing_place();
  const page = await open_three(browser, `lat=${lat}&lon=${lon}&h=260&pitch=-89`);
  await page.locator('details[data-live-near] > summary').click();
  await page.locator('[data-live-near] [data-live]').first().waitFor();
  await at_rest(page);
  const before = live_points(await pixels(page));
  await open_alerts(page);
  await page.getByLabel('Within (metres)').fill('120');
  await page.locator('[data-alerts]').getByLabel('What').selectOption({ label: 'Nitrogen dioxide' });
  await page.getByLabel('Value').fill('900');
  await page.getByRole('button', { name: 'Tell me', exact: true }).click();
  await page.locator('[data-alert]', { hasText: '120 m around' }).waitFor();
  await until(async () => live_points(await pixels(page)) > before + 40, 'the edge is in the picture', 60_000);
  await at_rest(page);
  await expect_axe_finds_nothing(page, 'body');
  await page.getByRole('button', { name: /^Remove:/ }).click();
  await page.locator('[data-alerts] > summary').click();
  await until(async () => live_points(await pixels(page)) < before + 20, 'the edge is gone', 60_000);
  expect_no_faults(page);
});

test('with an account alerts are kept in it, and follow the person to another browser', async (browser) => {
  const query = await sensor();
  const ana = await person('Anna');
  const page = await open_as(browser, ana, `/?view=text&${query}`);
  await open_alerts(page);
  await page.getByText('Kept in your account.').waitFor();
  await ask_for_bad_air(page);
  const { body } = await ana.ask('GET', '/api/v1/me/alerts');
  expect_equal([body.alerts.length, body.alerts[0]?.than], [1, 900], 'alerts of the account');
  await ana.ask('DELETE', `/api/v1/me/alerts/${body.alerts[0].id}`);
  await page.reload();
  await open_alerts(page);
  await page.getByText('Kept in your account.').waitFor();
  expect_equal(await page.locator('[data-alert]').count(), 0, 'alerts after they were removed elsewhere');
  expect_no_faults(page);
});

test('a derived value says that it is derived, from what, and how', async (browser) => {
  const query = await sensor();
  await reads(70);
  const page = await open_page(browser, `/?view=text&${query}`);
  const row = page.locator(`[data-live="${kSensor}"]`);
  await row.filter({ hasText: 'poor (4 of 6)' }).waitFor();
  await row.locator('[data-how="airQualityIndex"] > summary').click();
  const how = row.locator('[data-how="airQualityIndex"]');
  await how.getByText('European Air Quality Index').waitFor();
  const text = await how.innerText();
  for (const part of ['Nitrogen dioxide', 'Simulated values are among them', 'the worst is Nitrogen dioxide', 'air']) expect(text.includes(part), `it does not say ${part}: ${text}`);
  await expect_axe_finds_nothing(page, `[data-live="${kSensor}"]`);
  expect_no_faults(page);
});
