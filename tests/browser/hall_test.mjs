// Being in a space beside the city: text, map and 3D show it instead of the city, in its own frame, and the city is back where one left it.
import { readFileSync } from 'node:fs';
import { api, expect, expect_equal, expect_no_faults, kAxePath, kPhone, parameters, standing_place, test, until } from './harness.mjs';
import { open_as, person } from './account_people.mjs';
import { needs_people, open_guest, open_people, row_of, tab } from './people_page.mjs';
import { at_rest, hold } from './three_page.mjs';

const axe = async (page) => {
  await page.evaluate(readFileSync(kAxePath, 'utf8'));
  return page.evaluate(async () => (await globalThis.axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`));
};

/** Makes a hall 30 m wide, and gives a guest who has gone in and closed the panel, with the host's list to look at them by. */
async function in_hall(browser, { depth_m = 20, ...options } = {}) {
  await needs_people();
  const name = `Hall ${crypto.randomUUID().slice(0, 8)}`;
  const { lat, lon, query } = await standing_place();
  const teacher = await person('Theodora', ['teacher']);
  await teacher.ask('POST', '/api/v1/spaces', { name, about: 'Singing on Sundays.', audience: 'everybody', width_m: 30, depth_m, lat, lon });
  const host = await open_as(browser, teacher, `/?view=text&${query}`);
  await enter(host, name);
  await tab(host, 'near');
  const guest = await open_guest(browser, 'Ben Raum', { place: { lat, lon }, ...options });
  await tab(guest, 'spaces');
  await enter(guest, name);
  const address = guest.url();
  await row_of(host, 'Ben Raum').waitFor();
  await guest.locator('#people-panel .head button').click();
  return { host, guest, name, address };
}
/** By the panel, from the city or straight from outside. */
async function enter(page, name) {
  await open_people(page);
  await page.locator('#people-panel [data-space]', { hasText: name }).getByRole('button', { name: 'Go in' }).press('Enter');
  await page.locator('#people-panel .hall', { hasText: name }).waitFor();
}
const where_in_list = (host) => row_of(host, 'Ben Raum').locator('.where').innerText();
const show = (page, view) => page.getByRole('link', { name: view, exact: true }).or(page.getByRole('button', { name: view, exact: true })).first().click();

test('in a hall the text names it, lists who and what is there and the door, and going out brings back the place in the city', async (browser) => {
  const { guest, name, address } = await in_hall(browser, { viewport: kPhone });
  await guest.getByRole('heading', { level: 1, name }).waitFor();
  await guest.getByText('Singing on Sundays.').waitFor();
  await guest.getByText('30 m by 20 m').waitFor();
  expect_equal(await guest.title(), `Text · ${name} · CitiVerse`, 'title');
  const rows = guest.locator('[data-hall] li');
  await rows.filter({ hasText: 'Theodora' }).waitFor();
  expect_equal(await guest.locator('[aria-labelledby="nearby-title"]').count(), 0, 'lists of the city');
  await guest.getByRole('button', { name: 'In the north' }).press('Enter');
  await rows.filter({ hasText: 'The door to the city' }).filter({ hasText: 'south' }).filter({ hasText: /1\d m|20 m/ }).waitFor();
  expect_equal(guest.url(), address, 'the address in the hall');
  expect_equal(await axe(guest), [], 'axe');
  await rows.filter({ hasText: 'The door to the city' }).locator('.who').press('Enter');
  await rows.getByRole('button', { name: 'Back to the city' }).press('Enter');
  await guest.locator('[aria-labelledby="nearby-title"] a[data-object]').first().waitFor();
  expect_equal(guest.url(), address, 'the address in the city');
  expect_no_faults(guest);
});

test("a hall's map shows its plan; pointing at the floor takes one there, and its door out to the same place of the city's map", async (browser) => {
  const { host, guest, name, address } = await in_hall(browser);
  const before = await where_in_list(host);
  await show(guest, 'Map');
  const plan = guest.getByRole('region', { name: new RegExp(name) });
  await plan.waitFor();
  await guest.locator('.host[aria-busy="false"]').waitFor();
  expect_equal(await guest.locator('h1').innerText(), `Map: ${name}`, 'heading');
  await guest.locator('[data-hall]').waitFor();
  expect_equal(await guest.locator('[data-seen]').count(), 0, "lists of the city's things");
  expect_equal(await axe(guest), [], 'axe');
  const box = await plan.boundingBox();
  // The whole plan lies around the middle: a little to the north-east of that is floor.
  await guest.mouse.click(box.x + box.width / 2 + 60, box.y + box.height / 2 - 60);
  await until(async () => (await where_in_list(host)) !== before, 'the host sees Ben elsewhere', 60_000);
  // The door is the middle of the southern wall; of 30 m by 20 m all is shown within an edge of 84 pixels.
  const is_out = async () => (await guest.locator('[data-hall]').count()) === 0;
  const metre_px = Math.min((box.width - 168) / 30, (box.height - 168) / 20);
  await guest.mouse.click(box.x + box.width / 2, box.y + box.height / 2 + 10 * metre_px);
  await until(is_out, 'the door leads out');
  await guest.locator('[data-seen]').waitFor();
  const now = parameters(guest);
  const then = Object.fromEntries(new URL(address).searchParams);
  expect(Math.abs(now.lat - then.lat) < 1e-5 && Math.abs(now.lon - then.lon) < 1e-5, `the city's map is where one was: ${guest.url()}`);
  expect_no_faults(guest);
});

test("in a hall's 3D one walks within its walls, and comes back to the city's 3D where one was", async (browser) => {
  const init = () => localStorage.setItem('citiverse.three.quality', 'light');
  const { host, guest, name } = await in_hall(browser, { depth_m: 12, before: (page) => page.addInitScript(init) });
  await guest.evaluate(() => {
    window.drawn = 0;
    for (const call of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced']) {
      const draw = WebGL2RenderingContext.prototype[call];
      WebGL2RenderingContext.prototype[call] = function (...given) {
        window.drawn += 1;
        return draw.apply(this, given);
      };
    }
  });
  await show(guest, '3D');
  await guest.locator('.hud').waitFor();
  await at_rest(guest);
  const address = guest.url();
  const { viewpoints } = await api('/api/v1/city');
  expect(viewpoints.length > 0, 'the city has viewpoints, which a hall does not take one to');
  await guest.locator('.hud .here', { hasText: name }).waitFor();
  expect_equal(await axe(guest), [], 'axe');
  // North from the door, until the wall stops one: 10 m on, in the steps in which lists say it.
  await guest.focus('canvas');
  await guest.keyboard.down('Shift');
  const near_wall = async () => /\b10 m/.test(await where_in_list(host));
  for (const end = Date.now() + 60_000; Date.now() < end && !(await near_wall()); ) await hold(guest, ['KeyW'], 1500);
  for (let more = 0; more < 2; more++) await hold(guest, ['KeyW'], 1500);
  await guest.keyboard.up('Shift');
  expect(await near_wall(), `Ben stands at the northern wall: ${await where_in_list(host)}`);
  expect_equal(Math.abs(Number(await guest.locator('canvas').getAttribute('data-ground_m'))), 0, 'the height of the floor');
  expect_equal(guest.url(), address, 'the address in the hall');
  await guest.locator('[data-hall] summary').press('Enter');
  await guest.locator('[data-hall] .who', { hasText: 'The door to the city' }).press('Enter');
  await guest.locator('[data-hall]').getByRole('button', { name: 'Back to the city' }).press('Enter');
  await guest.locator('[data-seen]').waitFor();
  await guest.locator('.hud').waitFor();
  const [now, then] = [parameters(guest), Object.fromEntries(new URL(address).searchParams)];
  expect(Math.abs(now.lat - then.lat) < 2e-5 && Math.abs(now.lon - then.lon) < 2e-5, `the city is where one was: ${guest.url()}`);
  expect_no_faults(guest);
});
