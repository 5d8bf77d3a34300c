// The text view as a resident uses it: with the pointer, with the keyboard alone, with the back button, without a connection.
import { connect, createServer } from 'node:net';
import { api, base_url, expect, expect_equal, expect_no_faults, kPhone, open_page, parameters, skip, standing_place, test, until } from './harness.mjs';

const kRows = '[aria-labelledby="nearby-title"] a[data-object]';
/** Of something near that has one: a bench cannot be searched by name. */
const a_name = async () => {
  const { query } = await standing_place();
  return (await api(`/api/v1/nearby?${query}&lang=en&limit=50`)).items.find((item) => item.name.length > 5).name;
};
const first_row = (page) => page.locator(kRows).first();

test('the text view says where one is, and what is around, nearest first', async (browser) => {
  const page = await open_page(browser, '/?view=text');
  await first_row(page).waitFor();
  expect((await page.locator('#here-title').textContent()).trim() !== '', 'no name of the place');
  const { lat, lon } = await standing_place();
  const near = await api(`/api/v1/nearby?lat=${lat}&lon=${lon}&radius_m=2000&limit=20&lang=en`);
  const shown = await page.locator(kRows).evaluateAll((rows) => rows.map((row) => row.dataset.object));
  expect_equal(shown, near.items.map((item) => item.id), 'the list');
  expect_no_faults(page);
});

test('a list can be narrowed to a group and to what is open, and the address keeps it', async (browser) => {
  const { place_counts } = await api('/api/v1/city');
  if (!place_counts.food) skip('this city has no food');
  const page = await open_page(browser, '/?view=text');
  await first_row(page).waitFor();
  await page.locator('label', { hasText: 'Food and drink' }).click();
  await page.waitForURL(/kind=food/);
  await page.getByRole('checkbox').check();
  await page.waitForURL(/open=1/);
  await page.reload();
  expect(await page.getByRole('checkbox').isChecked(), 'open only was forgotten');
  expect(await page.getByRole('radio', { name: 'Food and drink' }).isChecked(), 'the group was forgotten');
});

test('an object opens with its facts and source, closes, and opens again by the back button', async (browser) => {
  const page = await open_page(browser, '/?view=text');
  await first_row(page).waitFor();
  const id = await first_row(page).getAttribute('data-object');
  const name = (await first_row(page).locator('.title').textContent()).trim();
  await first_row(page).click();
  await page.locator('article h2', { hasText: name }).waitFor();
  expect_equal(parameters(page).object, id, 'the address');
  expect((await page.locator('article footer').textContent()).includes(id), 'the panel does not say its id');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.locator('article').waitFor({ state: 'detached' });
  await page.goBack();
  await page.locator('article h2', { hasText: name }).waitFor();
  await page.goBack();
  await page.locator('article').waitFor({ state: 'detached' });
  expect_no_faults(page);
});

test('going there moves the place, tells it, and can be undone', async (browser) => {
  const page = await open_page(browser, '/?view=text');
  await page.locator(kRows).nth(3).click();
  const before = parameters(page);
  await page.getByRole('button', { name: 'Go there' }).click();
  await until(() => parameters(page).lat !== before.lat || parameters(page).lon !== before.lon, 'the place changed');
  await page.getByRole('button', { name: 'Undo' }).click();
  await until(() => parameters(page).lat === before.lat && parameters(page).lon === before.lon, 'the place came back');
});

test('walking by the compass moves 25 m and makes no step of history', async (browser) => {
  const { lat, query } = await standing_place();
  const page = await open_page(browser, `/?view=text&${query}`);
  await first_row(page).waitFor();
  const steps = await page.evaluate(() => history.length);
  await page.getByRole('button', { name: 'north', exact: true }).click();
  await until(() => Math.abs((parameters(page).lat - lat) * 111_195 - 25) < 0.5, '25 m north');
  expect_equal(await page.evaluate(() => history.length), steps, 'the length of the history');
});

test('walking along the street stays on it', async (browser) => {
  const page = await open_page(browser, '/?view=text');
  const walk = page.locator('[aria-labelledby="walk-title"]');
  const join = walk.getByRole('button', { name: /^Go to / });
  const along = walk.locator('.ways button');
  await along.first().waitFor();
  if ((await join.count()) > 0) await join.click();
  await page.getByText(/^You are on /).waitFor();
  const before = page.url();
  await walk.locator('.ways button').first().click();
  await until(() => page.url() !== before, 'the place changed');
  await page.getByText(/^You are on /).waitFor();
  expect_no_faults(page);
});

test('areas and streets open on demand', async (browser) => {
  const page = await open_page(browser, '/?view=text');
  await page.getByRole('heading', { name: 'Streets', exact: true }).click();
  const street = page.locator('[aria-labelledby="places-title"] a[data-object^="street-"]').first();
  await street.waitFor();
  const name = (await street.textContent()).trim();
  await street.click();
  await page.locator('article h2', { hasText: name }).waitFor();
});

test('a keyboard alone searches, reads an object, goes there and walks on', async (browser) => {
  const page = await open_page(browser, '/?view=text', { viewport: kPhone });
  await first_row(page).waitFor();
  const name = await a_name();
  await page.keyboard.press('Tab');
  expect_equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content', 'the first stop');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect_equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'combobox', 'the third stop');
  await page.keyboard.type(name.slice(0, 12));
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  expect_equal(await page.evaluate(() => document.activeElement.getAttribute('aria-activedescendant')), 'suggestion-0', 'the suggestion');
  await page.keyboard.press('Enter');
  await page.locator('article').waitFor();
  await until(() => page.evaluate(() => document.activeElement.contains(document.querySelector('article'))), 'the panel has the focus');
  for (let i = 0; i < 8 && !(await page.evaluate(() => document.activeElement.matches('button.main'))); ++i) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.locator('article').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'east', exact: true }).focus();
  const before = page.url();
  await page.keyboard.press('Space');
  await until(() => page.url() !== before, 'the place changed');
  expect_no_faults(page);
});

test('Escape closes the suggestions, then clears the search', async (browser) => {
  const page = await open_page(browser, '/?view=text');
  const box = page.getByRole('combobox', { name: /^Search in/ });
  await box.fill('a');
  await page.locator('#suggestions [role=option]').first().waitFor();
  await box.press('Escape');
  expect_equal(await box.getAttribute('aria-expanded'), 'false', 'aria-expanded');
  expect_equal(await box.inputValue(), 'a', 'the text');
  await box.press('Escape');
  expect_equal(await box.inputValue(), '', 'the text');
});

test('a search without a choice is a list with an address of its own', async (browser) => {
  const page = await open_page(browser, '/?view=text');
  await first_row(page).waitFor();
  const name = await a_name();
  await page.getByRole('combobox', { name: /^Search in/ }).fill(name);
  await page.getByRole('combobox', { name: /^Search in/ }).press('Enter');
  await page.locator('[aria-labelledby="found-title"] a').first().waitFor();
  await until(() => parameters(page).q === name, 'the address has the query');
  await page.reload();
  await page.locator('[aria-labelledby="found-title"] a').first().waitFor();
  expect_equal(await page.getByRole('combobox', { name: /^Search in/ }).inputValue(), name, 'the box');
});

test('an object that is not there is explained', async (browser) => {
  const page = await open_page(browser, '/?view=text&object=building-w1');
  await page.getByRole('alert').filter({ hasText: 'not in the city' }).waitFor();
});

test('a node that cannot be reached is explained, and asked again', async (browser) => {
  const page = await open_page(browser, '/?view=text');
  await first_row(page).waitFor();
  // Nothing is answered before the button was pressed: the page asks by itself too, each time its clock goes on by a minute.
  await page.route('**/api/v1/nearby*', async (route) => ((await page.evaluate(() => window.was_pressed)) ? route.continue() : route.abort()));
  await page.getByRole('checkbox').check();
  await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor();
  await page.evaluate(() => document.addEventListener('click', () => (window.was_pressed = true), { capture: true }));
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('the time of the city can be chosen, and lists follow it', async (browser) => {
  const page = await open_page(browser, '/?view=text');
  await first_row(page).waitFor();
  await page.getByRole('button', { name: 'Settings' }).click();
  const asked = page.waitForRequest((request) => request.url().includes('/nearby') && request.url().includes('time='));
  await page.getByLabel('Date and time in the city').fill('2026-06-21T12:00');
  await page.getByLabel('Date and time in the city').blur();
  await asked;
  await until(() => parameters(page).time?.startsWith('2026-06-21T') === true, 'the address');
  await page.getByRole('group', { name: 'Settings' }).getByRole('button', { name: 'Back to now' }).click();
  await until(() => parameters(page).time === undefined, 'the address');
});

test('on the smallest phone nothing is wider than the screen', async (browser) => {
  const page = await open_page(browser, '/?view=text', { viewport: { width: 280, height: 480 } });
  await first_row(page).waitFor();
  for (const act of [async () => {}, () => first_row(page).click()]) {
    await act();
    await page.waitForTimeout(500);
    const { wide, screen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, screen: innerWidth }));
    expect(wide <= screen, `${wide} px on a screen of ${screen} px`);
  }
});

test('without a connection the page starts, shows what was kept, and says how old it is', async (browser) => {
  const line = await open_line();
  const page = await open_page(browser, `${line.url}/?view=text`, { workers: true });
  await first_row(page).waitFor();
  const name = (await first_row(page).locator('.title').textContent()).trim();
  await page.evaluate(() => navigator.serviceWorker.ready);
  const kept = () => caches.open('answers').then((cache) => cache.keys()).then((keys) => keys.map((key) => new URL(key.url).pathname));
  const needed = ['/api/v1/city', '/api/v1/at', '/api/v1/nearby'];
  await until(async () => {
    const there = await page.evaluate(kept);
    return needed.every((path) => there.includes(path));
  }, 'the answers are kept');
  // The node lets answers be kept for a minute; a minute later, that is over.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.clearBrowserCache');
  await line.cut();
  await page.reload();
  await first_row(page).waitFor();
  expect_equal((await first_row(page).locator('.title').textContent()).trim(), name, 'the first of the list');
  await page.getByText(/You see what was stored/).waitFor();
});

/** A line to the node that can be cut: browsers do not cut that of a service worker. */
async function open_line() {
  const node = new URL(base_url);
  const open = new Set();
  const server = createServer((near) => {
    const far = connect(Number(node.port || 80), node.hostname);
    for (const [from, to] of [[near, far], [far, near]]) {
      open.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const cut = () => {
    for (const socket of open) socket.destroy();
    return new Promise((done) => server.close(done));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, cut };
}
