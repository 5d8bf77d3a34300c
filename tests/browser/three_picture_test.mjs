// The picture of the 3D view: that it stands, costs nothing at rest, survives the loss of the chip, and has the light of the hour.
import { createRequire } from 'node:module';
import { api, expect, expect_no_faults, kPhone, open_page, parameters, test, until } from './harness.mjs';
import { at_rest, brightness, difference, hold, open_three, pixels, place_of, street_place } from './three_page.mjs';

const kNoon = 'time=2026-06-21T11:00Z';

async function overview() {
  const { viewpoints } = await api('/api/v1/city');
  const { lat, lon, height_m, heading_deg, pitch_deg } = viewpoints[0];
  return `lat=${lat}&lon=${lon}&h=${Math.max(60, height_m)}&heading=${Math.round(heading_deg)}&pitch=${Math.round(Math.min(-20, pitch_deg))}`;
}

test('the 3D view shows the city, on a desk and on a phone, without a fault in the console', async (browser) => {
  for (const viewport of [{ width: 900, height: 600 }, kPhone]) {
    const page = await open_three(browser, `${await overview()}&${kNoon}`, { viewport });
    const picture = await pixels(page);
    const colours = new Set();
    for (let i = 0; i < picture.length; i += 3) colours.add(`${picture[i] >> 4},${picture[i + 1] >> 4},${picture[i + 2] >> 4}`);
    expect(colours.size > 12, `only ${colours.size} colours`);
    expect_no_faults(page);
    await page.context().close();
  }
});

test('nothing is drawn while nothing moves, on foot and from above', async (browser) => {
  const street = await street_place();
  for (const query of [`${await overview()}&${kNoon}`, `lat=${street.lat}&lon=${street.lon}&${kNoon}`]) {
    const page = await open_three(browser, query, { viewport: { width: 640, height: 480 } });
    const before = await page.evaluate(() => window.drawn);
    await page.waitForTimeout(4000);
    const after = await page.evaluate(() => window.drawn);
    expect(after === before, `${after - before} draw calls in 4 s at rest`);
    await hold(page, ['KeyW'], 300);
    expect((await page.evaluate(() => window.drawn)) > after, 'a step draws nothing');
    await page.context().close();
  }
});

test('a lost graphics context comes back with the same picture', async (browser) => {
  const page = await open_three(browser, `${await overview()}&${kNoon}`, { viewport: { width: 640, height: 480 }, quality: 'full' });
  const before = await pixels(page);
  await page.evaluate(() => {
    window.context_loss = document.querySelector('canvas').getContext('webgl2').getExtension('WEBGL_lose_context');
    window.context_loss.loseContext();
  });
  await page.waitForTimeout(300);
  await page.evaluate(() => window.context_loss.restoreContext());
  await page.waitForTimeout(300);
  await at_rest(page);
  const apart = difference(before, await pixels(page));
  expect(apart < 2, `the pictures differ by ${apart.toFixed(1)} of 255`);
});

test('the sun moves the shadows, and the same hour gives the same picture', async (browser) => {
  const query = await overview();
  const at = async (time) => {
    const page = await open_three(browser, `${query}&time=${time}`, { viewport: { width: 640, height: 480 }, quality: 'full' });
    const picture = await pixels(page);
    await page.context().close();
    return picture;
  };
  const morning = await at('2026-06-21T07:00Z');
  const again = await at('2026-06-21T07:00Z');
  const afternoon = await at('2026-06-21T15:30Z');
  expect(difference(morning, again) < 1, `one hour, two pictures: ${difference(morning, again)}`);
  expect(difference(morning, afternoon) > 5, `morning and afternoon differ by ${difference(morning, afternoon)} only`);
});

test('the time of the controls turns day to night with lit windows, and now turns it back', async (browser) => {
  const page = await open_three(browser, `${await overview()}&${kNoon}`, { viewport: { width: 900, height: 600 } });
  const day = await pixels(page);
  await page.locator('.foot .button[aria-expanded]').first().click();
  await page.locator('.sheet input[type=range]').fill(String(22 * 60 + 30));
  await at_rest(page);
  const night = await pixels(page);
  expect(brightness(night) < 0.6 * brightness(day), `night ${brightness(night)}, day ${brightness(day)}`);
  let lamps = 0;
  for (let i = 0; i < night.length; i += 3) if (night[i] > 90 && night[i] > 1.15 * night[i + 2]) lamps += 1;
  expect(lamps > 10, `${lamps} warm points`);
  await until(() => parameters(page).time !== undefined && !parameters(page).time.startsWith('2026-06-21T11'), 'the time in the address');
  await page.locator('.sheet .button').click();
  await until(() => parameters(page).time === undefined, 'the address has no time: now');
});

test('a device without WebGL is told so, and keeps its place for map and text', async (browser) => {
  const street = await street_place();
  const page = await open_page(browser, '/?view=text', { viewport: { width: 900, height: 600 } });
  await page.addInitScript(() => {
    const get = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
      return kind.startsWith('webgl') ? null : get.call(this, kind, ...more);
    };
  });
  await page.goto(new URL(`/?view=3d&lat=${street.lat}&lon=${street.lon}`, page.url()).href);
  await page.getByRole('alert').waitFor();
  expect(Math.abs(place_of(page).lat - street.lat) < 1e-5, 'the place is lost');
  await page.locator('header nav a[href*="view=text"]').click();
  await page.locator('#here-title').waitFor();
  expect(Math.abs(place_of(page).lat - street.lat) < 1e-5, 'the text view is elsewhere');
});

test('axe finds nothing in the 3D view with its sheets open, in English and Arabic', async (browser) => {
  const axe = createRequire(new URL('../../web/package.json', import.meta.url)).resolve('axe-core/axe.min.js');
  for (const lang of ['en', 'ar']) {
    const page = await open_three(browser, `${await overview()}&${kNoon}&lang=${lang}`, { viewport: kPhone, bypassCSP: true });
    for (const sheet of [0, 1]) {
      await page.locator('.foot .button[aria-expanded]').nth(sheet).click();
      await page.addScriptTag({ path: axe });
      const found = await page.evaluate(async () => (await window.axe.run()).violations.map((v) => `${v.id}: ${v.nodes[0].html}`));
      expect(found.length === 0, found.join('\n'));
    }
    await page.context().close();
  }
});
