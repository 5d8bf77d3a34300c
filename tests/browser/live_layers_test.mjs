// Live things in the three views: one choice of layers, marks on the map and figures in 3D, the panel of an object, and what is old.
import { api, expect, expect_equal, expect_no_faults, kPhone, open_page, standing_place, test, until } from './harness.mjs';
import { expect_axe_finds_nothing, measured, write } from './live_writing.mjs';
import { open_three } from './three_page.mjs';

const kHour_ms = 3_600_000;
const kAir = 'urn:ngsi-ld:AirQualityObserved:layers-test';
const kParking = 'urn:ngsi-ld:OffStreetParking:layers-test';
const kBike = 'urn:ngsi-ld:SharedVehicle:layers-test';

/** Before one's feet: air now, parking of three hours ago, a free bicycle; all at one place of the city that has a panel. */
let placed = null;
function things() {
  placed ??= (async () => {
    const { lat, lon, query } = await standing_place();
    const { items } = await api(`/api/v1/nearby?lat=${lat}&lon=${lon}&radius_m=400&kinds=building&limit=1`);
    const now_ms = Date.now();
    const place = (east) => ({ type: 'GeoProperty', value: { type: 'Point', coordinates: [lon + east, lat + 0.0002] } });
    const at_object = { 'https://citiverse.org/ns#anchor': { type: 'Property', value: items[0].id } };
    await write('/entities', { id: kAir, type: 'AirQualityObserved', location: place(0), no2: calibrated(21, now_ms), ...at_object });
    await write('/entities', { id: kParking, type: 'OffStreetParking', location: place(0.0002), availableSpotNumber: measured(7, 'C62', now_ms - 3 * kHour_ms) });
    await write('/entities', { id: kBike, type: 'SharedVehicle', location: place(-0.0002), range: { type: 'Property', value: 4000, unitCode: 'MTR' } });
    return { query, lat, lon, object: items[0].id };
  })();
  return placed;
}
const calibrated = (value, at_ms) => ({ ...measured(value, 'GQ', at_ms), 'https://citiverse.org/ns#quality': { type: 'Property', value: 'calibrated' } });
const layers_of = (page) => page.locator('canvas.live-marks').getAttribute('data-layers');

test('one chooses what is shown by keyboard and on a phone, and the list, the map and 3D keep to it', async (browser) => {
  const { query } = await things();
  const page = await open_page(browser, `/?view=text&${query}`, { viewport: kPhone });
  await page.locator(`[data-live="${kAir}"]`).waitFor();
  const air = page.locator('[data-live-layers] [data-layer="air"]');
  expect_equal(await air.getAttribute('aria-pressed'), 'true', 'air is shown at first');
  await air.focus();
  await page.keyboard.press('Space');
  await page.locator(`[data-live="${kAir}"]`).waitFor({ state: 'detached' });
  await page.locator(`[data-live="${kBike}"]`).waitFor();
  await expect_axe_finds_nothing(page, '[data-live-near]');
  await page.locator('header nav a[href*="view=map"], nav a[href*="view=map"]').first().click();
  await until(async () => (await layers_of(page).catch(() => ''))?.includes('shared'), 'the bicycle stands on the map');
  expect(!(await layers_of(page)).split(' ').includes('air'), 'air stands on the map');
  await page.locator('details[data-live-near] > summary').click();
  await page.locator('[data-live-layers] [data-layer="air"]').click();
  await until(async () => (await layers_of(page)).split(' ').includes('air'), 'air stands on the map again');
  expect_no_faults(page);
});

test('marks stand on the map, and one that is pressed opens its object with its live values', async (browser) => {
  const { lat, lon, object } = await things();
  const page = await open_page(browser, `/?view=map&lat=${lat + 0.0002}&lon=${lon}&h=120`);
  await until(async () => (await layers_of(page).catch(() => ''))?.includes('air'), 'air stands on the map');
  const canvas = page.locator('canvas.live-marks');
  const is_painted = () =>
    canvas.evaluate((marks) => {
      const { data } = marks.getContext('2d').getImageData(marks.width / 2, marks.height / 2, 1, 1);
      return data[3] === 255;
    });
  await until(is_painted, 'the mark is drawn in the middle, where it is');
  const box = await canvas.boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForURL(new RegExp(`object=${object}`));
  const panel = page.locator('[data-live-object]');
  const reads = (text) => panel.locator('dl > div', { has: page.getByText('Nitrogen dioxide', { exact: true }) }).getByText(text).waitFor();
  await reads('21 µg/m³');
  expect((await panel.innerText()).includes('Simulated'), 'the panel does not say that it is simulated');
  expect((await panel.innerText()).includes('Quality: calibrated'), 'the panel does not say of what quality');
  await expect_axe_finds_nothing(page, '[data-live-object]');
  await write(`/entities/${kAir}/attrs`, { no2: calibrated(23, Date.now()) });
  await reads('23 µg/m³');
  await write(`/entities/${kAir}/attrs`, { no2: calibrated(21, Date.now()) });
  expect_no_faults(page);
});

test('what was measured long ago is said to be old, and what does not say where it is from is said not to', async (browser) => {
  const { query } = await things();
  const page = await open_page(browser, `/?view=text&${query}`);
  const row = page.locator(`[data-live="${kParking}"]`);
  await row.waitFor();
  expect((await row.innerText()).includes('Old:'), 'the list does not say so');
  const air = await page.locator(`[data-live="${kAir}"]`).innerText();
  expect(!air.includes('Old:'), 'what is new is called old');
  expect(!air.includes('Source not said'), 'a source that is said is not seen');
  const bike = await page.locator(`[data-live="${kBike}"]`).innerText();
  expect(bike.includes('Source not said'), `a source that is not said: ${bike}`);
  expect_no_faults(page);
});

test('figures stand in 3D with their values beside them, and go when their layer is hidden', async (browser) => {
  const { query } = await things();
  // Who says how to look stays on foot.
  const page = await open_three(browser, `${query}&heading=10`, { viewport: { width: 640, height: 480 } });
  const signs = () => page.locator('canvas[data-signs]').getAttribute('data-signs');
  await until(async () => /air: /.test(await signs()) && /parking: .*7/.test(await signs()), 'values beside the posts');
  await page.locator('details[data-live-near] > summary').click();
  await page.locator('[data-live-layers] [data-layer="parking"]').click();
  await until(async () => !/parking:/.test(await signs()) && /air:/.test(await signs()), 'parking is hidden');
  expect_no_faults(page);
});
