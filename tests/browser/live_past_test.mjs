// What was: the chart of a live value with its table, and the way to a moment that is gone and back, in text and on the map.
import { expect, expect_equal, expect_no_faults, kPhone, open_page, parameters, standing_place, test, until } from './harness.mjs';
import { expect_axe_finds_nothing, measured, write } from './live_writing.mjs';

const kMinute_ms = 60_000;
const kSensor = 'urn:ngsi-ld:NoiseLevelObserved:past-test';
const kRow = `[data-live="${kSensor}"]`;

const level = (value, at_ms) => measured(value, '2N', at_ms);

/** A sensor where one stands: 60 dB now, 50 dB from 20 to 3 hours ago, and nothing between them. */
let placed = null;
function sensor() {
  placed ??= (async () => {
    const { lat, lon, query } = await standing_place();
    const now_ms = Date.now();
    const location = { type: 'GeoProperty', value: { type: 'Point', coordinates: [lon, lat] } };
    await write('/entities', { id: kSensor, type: 'NoiseLevelObserved', name: { type: 'Property', value: 'Quiet corner' }, location, LAeq: level(60, now_ms) });
    const past = [];
    for (let minute = 20 * 60; minute >= 3 * 60; minute -= 10) past.push(level(50, now_ms - minute * kMinute_ms));
    await write(`/temporal/entities/${kSensor}/attrs`, { LAeq: past });
    return { query, now_ms };
  })();
  return placed;
}

async function open_chart(browser, given = {}, address = '') {
  const { query } = await sensor();
  const page = await open_page(browser, `/?view=text&${query}${address}`, given);
  await page.locator(`${kRow} [data-chart="LAeq"]`).click();
  await page.locator('[data-live-chart] path.line').waitFor({ state: 'attached' });
  return page;
}

test('a live value has a chart that is blank where nothing was reported, and says that it is simulated', async (browser) => {
  const page = await open_chart(browser);
  const chart = page.locator('[data-live-chart]');
  const pieces = await chart.locator('path.line, path.dots').evaluateAll((paths) => paths.map((path) => path.getAttribute('d')).join('').split('M').length - 1);
  expect(pieces >= 2, `the line is not broken by the gap: ${pieces} pieces`);
  const text = await chart.innerText();
  for (const part of ['50 dB', '60 dB', 'Simulated', 'Browser test', 'left blank']) expect(text.includes(part), `the chart does not say ${part}`);
  expect_no_faults(page);
});

test('the chart stands as a table, is read by keyboard, and shows a week', async (browser) => {
  const page = await open_chart(browser, { viewport: kPhone });
  const chart = page.locator('[data-live-chart]');
  const slider = chart.getByRole('slider');
  await slider.focus();
  const last = await slider.getAttribute('aria-valuetext');
  await page.keyboard.press('Home');
  await until(async () => (await slider.getAttribute('aria-valuetext')) !== last, 'another moment is read');
  await chart.locator('summary').click();
  const cells = await chart.locator('tbody tr').allInnerTexts();
  expect(cells.some((row) => row.includes('no values')) && cells.some((row) => row.includes('50 dB')), 'the table');
  await chart.getByRole('button', { name: 'Week' }).click();
  await page.locator('[data-live-chart][data-span="week"][aria-busy="false"]').waitFor();
  await expect_axe_finds_nothing(page, '[data-live-chart]');
  expect_no_faults(page);
});

test('what is true or false has its steps and their table, read by keyboard, and axe finds nothing', async (browser) => {
  const { lat, lon, query } = await standing_place();
  const id = 'urn:ngsi-ld:SharedVehicle:states-test';
  const now_ms = Date.now();
  const is_reserved = (value, minutes_ago) => ({ ...measured(value, 'C62', now_ms - minutes_ago * kMinute_ms), unitCode: undefined });
  const location = { type: 'GeoProperty', value: { type: 'Point', coordinates: [lon, lat] } };
  await write('/entities', { id, type: 'SharedVehicle', location, isReserved: is_reserved(false, 0) });
  await write(`/temporal/entities/${id}/attrs`, { isReserved: [is_reserved(false, 180), is_reserved(true, 120), is_reserved(false, 60)] });
  for (const viewport of [{ width: 1280, height: 800 }, kPhone]) {
    const page = await open_page(browser, `/?view=text&${query}`, { viewport });
    await page.locator(`[data-live="${id}"] [data-chart="isReserved"]`).focus();
    await page.keyboard.press('Enter');
    const chart = page.locator('[data-live-states]');
    await chart.locator('path').waitFor({ state: 'attached' });
    const steps = (await chart.locator('path').getAttribute('d')).split('V').length - 1;
    expect(steps >= 2, `the chart steps ${steps} times`);
    await chart.locator('summary').click();
    const rows = await chart.locator('tbody tr').allInnerTexts();
    expect(rows.some((row) => row.includes('yes')) && rows.some((row) => row.includes('no')), `the table: ${rows}`);
    await expect_axe_finds_nothing(page, '[data-live-states]');
    expect_no_faults(page);
    await page.context().close();
  }
});

test('a moment that is gone is shown as it was, says so, keeps its address, and is left by one press', async (browser) => {
  const { query, now_ms } = await sensor();
  const then = `${new Date(now_ms - 4 * 3_600_000).toISOString().slice(0, 16)}Z`;
  const page = await open_page(browser, `/?view=text&${query}&time=${then}`);
  const sign = page.locator('[data-past="past"]');
  await sign.waitFor();
  await page.locator(kRow, { hasText: '50 dB' }).waitFor();
  expect_equal(parameters(page).time, then, 'the address');
  await page.reload();
  await page.locator(kRow, { hasText: '50 dB' }).waitFor();
  await expect_axe_finds_nothing(page, '[data-past]');
  await sign.getByRole('button', { name: 'Back to now' }).click();
  await sign.waitFor({ state: 'detached' });
  await page.locator(kRow, { hasText: '60 dB' }).waitFor();
  await until(() => !('time' in parameters(page)), 'the address names no moment');
  expect_no_faults(page);
});

test('one leaves for the past from the list of what lives, and comes back by the back button', async (browser) => {
  const { query } = await sensor();
  const page = await open_page(browser, `/?view=text&${query}`);
  await page.locator(kRow).waitFor();
  await page.locator('[data-past-ways] summary').click();
  await page.getByRole('button', { name: 'An hour ago' }).click();
  await page.locator('[data-past="past"]').waitFor();
  await page.waitForURL(/time=/);
  await page.goBack();
  await page.locator('[data-past]').waitFor({ state: 'detached' });
  expect_no_faults(page);
});

test('the map says that it shows the past, and a moment to come is not made up', async (browser) => {
  const { query, now_ms } = await sensor();
  const at = (ms) => `${new Date(ms).toISOString().slice(0, 16)}Z`;
  const page = await open_page(browser, `/?view=map&${query}&time=${at(now_ms - 4 * 3_600_000)}`);
  await page.locator('[data-past="past"]').waitFor();
  const later = await open_page(browser, `/?view=text&${query}&time=${at(now_ms + 24 * 3_600_000)}`);
  await later.locator('[data-past="to_come"]').waitFor();
  expect_equal(await later.locator(kRow).count(), 0, 'live things of tomorrow');
  expect_no_faults(page);
});
