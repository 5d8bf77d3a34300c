// People in the 3D view: they stand there, walk, speak and gesture; while nobody moves nothing is drawn; one sees oneself and is seen.
import { expect, expect_equal, expect_no_faults, test, until } from './harness.mjs';
import { at_rest, difference, frames, open_three, pixels, place_of, street_place } from './three_page.mjs';
import { among_people, some_people } from './people_near.mjs';
import { open_people, tab } from './people_page.mjs';

const kNoon = 'time=2026-06-21T11:00Z';
const kSmall = { viewport: { width: 640, height: 480 } };

/** The 3D view on a street, with people around. */
async function open_among(browser, people, options = {}) {
  const street = await street_place();
  const at = { lat: street.lat, lon: street.lon, z_m: street.ground_m };
  let company;
  const page = await open_three(browser, `lat=${street.lat}&lon=${street.lon}&heading=${Math.round(street.heading)}&${kNoon}`, {
    ...kSmall, ...options,
    before: async (opened) => (company = await among_people(opened, at, people)),
  });
  await until(() => company.is_in, 'the page is among people');
  return { page, company, street };
}
const drawn = (page) => page.evaluate(() => window.drawn);
/** In front of the visitor, on the street. */
const before = (heading_deg, away_m, more = {}) => ({
  person: 1000, x_m: Math.sin((heading_deg * Math.PI) / 180) * away_m, y_m: Math.cos((heading_deg * Math.PI) / 180) * away_m,
  heading_deg: heading_deg + 180, walks: false, gesture: 0, speaking: false, name: 'Amina', look: { skin: 6, outfit: 2, top: 4 }, ...more,
});

const kAway = { x_m: 300, y_m: 300 };

/** As open_among(), with somebody who comes to her place once the picture of the empty street is known; waits until she is seen. */
async function open_with_her(browser, her, others = [], options = {}) {
  const there = { x_m: her.x_m, y_m: her.y_m };
  const opened = await open_among(browser, [{ ...her, ...kAway }, ...others], options);
  await at_rest(opened.page);
  const empty = await pixels(opened.page);
  opened.company.change(0, there);
  await until(async () => difference(empty, await pixels(opened.page)) > 0.5, 'she is in the picture', 60_000);
  await at_rest(opened.page);
  return { ...opened, empty };
}

test('somebody who stands near is in the picture, and then nothing is drawn until they move', async (browser) => {
  const street = await street_place();
  const { page, company } = await open_with_her(browser, before(street.heading, 4));
  const with_her = await pixels(page);
  await at_rest(page);
  const calls = await drawn(page);
  expect_equal(await frames(page, 150), 0, 'draw calls while nobody moves');
  company.change(0, kAway);
  await until(async () => difference(with_her, await pixels(page)) > 0.8, 'she is gone from the picture', 60_000);
  expect((await drawn(page)) > calls, 'a step of hers draws nothing');
  expect_no_faults(page);
});

test('words over a head come when they are said and go by themselves', async (browser) => {
  const street = await street_place();
  const { page, company } = await open_with_her(browser, before(street.heading, 4));
  const silent = await pixels(page);
  company.say({ t: 'said', from: 1000, name: 'Amina', to: 'near', text: 'أهلاً! Is the market open today?', lang: 'ar', at: '2026-06-21T11:00:00Z', id: 'n1' });
  let speaks = 0;
  await until(async () => (speaks = difference(silent, await pixels(page))) > 0.3, 'a bubble changes the picture', 60_000);
  await until(async () => difference(silent, await pixels(page)) < speaks / 3, 'the bubble goes', 60_000);
  expect_no_faults(page);
});

test('a tap on a figure opens the panel at that person', async (browser) => {
  const street = await street_place();
  const { page } = await open_with_her(browser, before(street.heading, 4), [before(street.heading + 100, 9, { person: 1001, name: 'Kofi' })], { hasTouch: true });
  const { x, y, width, height } = await page.locator('canvas').first().boundingBox();
  await page.touchscreen.tap(x + width / 2, y + height / 2);
  const row = page.locator('#people-panel [data-person="1000"]');
  await row.getByText('Amina').waitFor();
  expect_equal(await row.locator('.who').getAttribute('aria-expanded'), 'true', 'her row is open');
  expect_equal(await page.locator('#people-panel [data-person="1001"] .who').getAttribute('aria-expanded'), 'false', 'his row is open');
  await until(() => row.locator('.who').evaluate((button) => button === document.activeElement), 'the focus is at her row');
  expect_no_faults(page);
});

test('whoever comes into one’s personal space fades, and is whole again when one wishes no such space', async (browser) => {
  const street = await street_place();
  const { page, company } = await open_with_her(browser, before(street.heading, 0.85, { personal_m: 0 }));
  const faded = await pixels(page);
  await open_people(page);
  await tab(page, 'options');
  await page.locator('#people-panel input[type="range"]').fill('0');
  await page.locator('#people-panel').press('Escape');
  await page.locator('#people-panel').waitFor({ state: 'detached' });
  await until(async () => difference(faded, await pixels(page)) > 1, 'she is whole', 60_000);
  await at_rest(page);
  const whole = await pixels(page);
  company.change(0, { x_m: 300, y_m: 300 });
  await until(async () => difference(whole, await pixels(page)) > 2, 'she has gone', 30_000);
  await at_rest(page);
  const nobody = await pixels(page);
  const share = difference(nobody, faded) / difference(nobody, whole);
  expect(share > 0.1 && share < 0.85, `${(share * 100).toFixed(0)} % of her is seen`);
  const said = company.sent.filter((bytes) => bytes[0] === 0x10).map((bytes) => JSON.parse(bytes.subarray(1)));
  expect_equal(said.filter(({ t }) => t === 'space'), [{ t: 'space', personal_m: 0 }], 'what the node is told of the space');
  expect_no_faults(page);
});

test('a gesture moves the body, and the picture comes to rest when it has ended', async (browser) => {
  const street = await street_place();
  const { page, company } = await open_with_her(browser, before(street.heading, 3.5));
  const calls = await drawn(page);
  company.change(0, { gesture: 1 });
  await until(async () => (await drawn(page)) > calls + 5, 'waving draws pictures', 60_000);
  company.change(0, { gesture: 0 });
  await at_rest(page);
});

test('one sees oneself over the shoulder by key and by button, and walks on', async (browser) => {
  const street = await street_place();
  const opened = await open_three(browser, `lat=${street.lat}&lon=${street.lon}&heading=${Math.round(street.heading)}&${kNoon}`, kSmall);
  const button = opened.getByRole('button', { name: 'See yourself' });
  const alone = await pixels(opened);
  await opened.focus('canvas');
  await opened.keyboard.press('KeyV');
  await until(async () => (await button.getAttribute('aria-pressed')) === 'true', 'the button is pressed');
  await until(async () => difference(alone, await pixels(opened)) > 2, 'oneself is in the picture', 60_000);
  await at_rest(opened);
  const { lat, lon } = place_of(opened);
  await opened.focus('canvas');
  await opened.keyboard.down('KeyW');
  await until(() => place_of(opened).lat !== lat || place_of(opened).lon !== lon, 'the address follows the walk', 60_000);
  await opened.keyboard.up('KeyW');
  await button.click();
  await until(async () => (await button.getAttribute('aria-pressed')) === 'false', 'the button is let go');
  expect_no_faults(opened);
});

test('others are told where one walks, on the ground of the city', async (browser) => {
  const { page, company, street } = await open_among(browser, [before(0, 30)]);
  const place = (bytes) => [4, 8, 12].map((at) => bytes.readInt32LE(at) / 100);
  const told = () => company.sent.filter((bytes) => bytes[0] === 0x02).map(place);
  const way = (from, to) => Math.hypot(to[0] - from[0], to[1] - from[1]);
  await page.focus('canvas');
  await page.keyboard.down('KeyW');
  await until(() => told().length > 1 && way(told()[0], told().at(-1)) > 1.5, 'a walk of 1.5 m is told of', 30_000);
  await page.keyboard.up('KeyW');
  const [first, last] = [told()[0], told().at(-1)];
  const way_m = way(first, last);
  const east = Math.sin((street.heading * Math.PI) / 180) * way_m;
  expect(Math.abs(last[0] - first[0] - east) < 0.35 * way_m, 'told of another direction');
  expect(Math.abs(last[2] - street.ground_m) < 1.5, `told of ${last[2]} m, the ground is at ${street.ground_m} m`);
});

test('a hundred people around are drawn, the nearest with names', async (browser) => {
  const { page } = await open_among(browser, some_people(100, 35, true));
  const colours = (picture) => {
    const found = new Set();
    for (let i = 0; i < picture.length; i += 3) found.add(`${picture[i] >> 4},${picture[i + 1] >> 4},${picture[i + 2] >> 4}`);
    return found.size;
  };
  await until(async () => colours(await pixels(page)) > 60, 'many colours are in the picture', 60_000);
  await at_rest(page);
  expect_no_faults(page);
});
