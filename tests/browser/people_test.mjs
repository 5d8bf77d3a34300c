// People in the city, as two and three visitors meet it: they see each other in every view, talk, keep away, and come back.
import { readFileSync } from 'node:fs';
import { expect, expect_equal, expect_no_faults, kAxePath, kPhone, standing_place, test, until } from './harness.mjs';
import { does, needs_people, open_guest, open_people, reads, row_of, say, sees, sees_not, tab } from './people_page.mjs';

/** Six decimals, as addresses have them. */
const east_of = ({ lat, lon }, by_m) => ({ lat, lon: Number((lon + by_m / (111_320 * Math.cos((lat * Math.PI) / 180))).toFixed(6)) });
const close = (...pages) => Promise.all(pages.map((page) => page.context().close()));

test('two visitors see each other by name and distance, and talk', async (browser) => {
  await needs_people();
  const here = await standing_place();
  const ana = await open_guest(browser, 'Ana Beispiel', { place: here });
  const ben = await open_guest(browser, 'Ben Beispiel', { place: here, viewport: kPhone });
  await sees(ana, 'Ben Beispiel');
  await sees(ben, 'Ana Beispiel');
  await say(ana, 'Is the market open today?');
  await reads(ben, 'Is the market open today?');
  await say(ben, 'Until noon ☀ نعم');
  await reads(ana, 'Until noon ☀ نعم');
  await tab(ana, 'near');
  await ana.locator('[data-near-people]').first().getByText('Ben Beispiel').waitFor();
  expect_no_faults(ana);
  expect_no_faults(ben);
  await close(ana, ben);
});

test('what is said to one is read by that one only', async (browser) => {
  await needs_people();
  const [ana, ben, eve] = await Promise.all(['Ana Eins', 'Ben Zwei', 'Eve Drei'].map((name) => open_guest(browser, name, { account: true })));
  await sees(ana, 'Ben Zwei');
  await sees(ana, 'Eve Drei');
  await does(ana, 'Ben Zwei', 'Write');
  await ana.locator('#people-panel textarea').fill('This is for Ben alone');
  await ana.keyboard.press('Enter');
  await ana.locator('[data-chat] .mine', { hasText: 'This is for Ben alone' }).waitFor();
  await tab(ben, 'chat');
  await until(async () => (await ben.locator('#people-panel select option').count()) === 2, 'a conversation with Ana begins at Ben');
  await ben.locator('#people-panel select').selectOption({ index: 1 });
  await reads(ben, 'This is for Ben alone');
  await tab(eve, 'chat');
  expect_equal(await eve.locator('#people-panel select option').count(), 1, 'conversations of Eve');
  expect_equal(await eve.getByText('This is for Ben alone').count(), 0, 'lines that Eve reads');
  await close(ana, ben, eve);
});

test('who blocks somebody vanishes for them, and both see each other again when it is taken back', async (browser) => {
  await needs_people();
  const ana = await open_guest(browser, 'Ana Ruhe');
  const ben = await open_guest(browser, 'Ben Laut');
  const eve = await open_guest(browser, 'Eve Dritte');
  await sees(ana, 'Ben Laut');
  await sees(ben, 'Ana Ruhe');
  await does(ana, 'Ben Laut', 'Block');
  await sees_not(ana, 'Ben Laut');
  await sees_not(ben, 'Ana Ruhe');
  await sees(eve, 'Ana Ruhe');
  await sees(eve, 'Ben Laut');
  await say(ben, 'Can you hear me?');
  await reads(eve, 'Can you hear me?');
  await tab(ana, 'chat');
  expect_equal(await ana.getByText('Can you hear me?').count(), 0, 'lines of Ben at Ana');
  await tab(ana, 'near');
  await does(ana, 'Eve Dritte', 'Block');
  await sees_not(eve, 'Ana Ruhe');
  await ana.getByRole('button', { name: 'Undo' }).click();
  await sees(ana, 'Eve Dritte');
  await sees(eve, 'Ana Ruhe');
  await close(ana, ben, eve);
});

test('an invisible visitor is in nobody’s list', async (browser) => {
  await needs_people();
  const ana = await open_guest(browser, 'Ana Schatten');
  const ben = await open_guest(browser, 'Ben Wach');
  await sees(ben, 'Ana Schatten');
  await tab(ana, 'options');
  await ana.getByLabel('Be invisible').check();
  await sees_not(ben, 'Ana Schatten');
  await ana.getByLabel('Be invisible').uncheck();
  await sees(ben, 'Ana Schatten');
  await close(ana, ben);
});

test('a group finds each other again across the city', async (browser) => {
  await needs_people();
  const here = await standing_place();
  const ana = await open_guest(browser, 'Ana Gruppe', { place: here });
  const ben = await open_guest(browser, 'Ben Gruppe', { place: east_of(here, 320) });
  await tab(ana, 'group');
  await ana.getByRole('button', { name: 'Make a group' }).click();
  const code = (await ana.locator('#people-part code').textContent()).trim();
  await tab(ben, 'group');
  await ben.getByLabel('Code of a group').fill(code);
  await ben.getByRole('button', { name: 'Join the group' }).click();
  await ana.getByText('2 members').waitFor();
  await ana.getByRole('button', { name: 'Where are my people?' }).click();
  await ana.getByText(/\d+ m .* of you/).waitFor();
  await ana.getByRole('button', { name: 'Go to them' }).click();
  await until(() => Math.abs(Number(new URL(ana.url()).searchParams.get('lon')) - east_of(here, 320).lon) < 0.0012, 'Ana has come to Ben', 60_000);
  await sees(ben, 'Ana Gruppe');
  await close(ana, ben);
});

test('a visitor in words and one on the map are in the same place', async (browser) => {
  await needs_people();
  const ana = await open_guest(browser, 'Ana Karte', { view: 'map' });
  const ben = await open_guest(browser, 'Ben Worte');
  await sees(ana, 'Ben Worte');
  await sees(ben, 'Ana Karte');
  await ana.locator('.people-dots').waitFor({ state: 'attached' });
  const drawn = () =>
    ana.locator('.people-dots').evaluate((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0));
  await until(drawn, 'a dot on the map');
  await close(ana, ben);
});

test('who walks on is followed in words', async (browser) => {
  await needs_people();
  const ana = await open_guest(browser, 'Ana Still');
  const ben = await open_guest(browser, 'Ben Geht');
  await sees(ana, 'Ben Geht');
  const before = await row_of(ana, 'Ben Geht').locator('.where').textContent();
  await ben.locator('.rose button').first().click();
  await until(async () => (await row_of(ana, 'Ben Geht').locator('.where').textContent()) !== before, 'the distance to Ben changes', 60_000);
  await close(ana, ben);
});

test('a lost connection is made again, and the visitor stands where they stood', async (browser) => {
  await needs_people();
  // The test stands between page and node, and lets the connection fall.
  const sockets = [];
  let is_away = false;
  const before = (page) =>
    page.routeWebSocket(/presence/, (socket) => {
      if (is_away) return void socket.close({ code: 1001 });
      const node = socket.connectToServer();
      sockets.push([socket, node]);
    });
  const ana = await open_guest(browser, 'Ana Zurück', { before });
  const ben = await open_guest(browser, 'Ben Bleibt');
  await sees(ben, 'Ana Zurück');
  const stood = await row_of(ben, 'Ana Zurück').locator('.where').textContent();
  is_away = true;
  for (const pair of sockets.splice(0)) for (const end of pair) await end.close({ code: 1001 });
  await ana.getByText('The connection is lost').waitFor({ timeout: 60_000 });
  is_away = false;
  await ana.getByText('The connection is lost').waitFor({ state: 'detached', timeout: 60_000 });
  await sees(ben, 'Ana Zurück');
  expect_equal(await row_of(ben, 'Ana Zurück').locator('.where').textContent(), stood, 'where Ana stands');
  await sees(ana, 'Ben Bleibt');
  await close(ana, ben);
});

test('three visitors who turn voice on hear each other, browser to browser', async (browser) => {
  await needs_people();
  const names = ['Ana Stimme', 'Ben Stimme', 'Eve Stimme'];
  const pages = [];
  for (const name of names) pages.push(await open_guest(browser, name, { account: true, permissions: ['microphone'] }));
  for (const name of names.slice(1)) await sees(pages[0], name);
  for (const page of pages) {
    await tab(page, 'voice');
    await page.getByRole('button', { name: 'Turn voice on' }).click();
  }
  for (const page of pages) await until(async () => (await page.locator('[data-voice="connected"]').count()) === 2, 'two voices are connected', 30_000);
  await pages[2].getByRole('button', { name: 'Turn voice off' }).click();
  for (const page of pages.slice(0, 2)) await until(async () => (await page.locator('[data-voice]').count()) === 1, 'the third voice is gone', 60_000);
  await tab(pages[0], 'near');
  await row_of(pages[0], 'Ben Stimme').getByText('speaking').waitFor({ timeout: 60_000 });
  await close(...pages);
});

test('the panel of people is found by axe to be without fault, in light, dark and Arabic, and is walked by keyboard', async (browser) => {
  await needs_people();
  const ben = await open_guest(browser, 'Ben Nachbar');
  for (const more of [{ scheme: 'light' }, { scheme: 'dark', viewport: kPhone }, { scheme: 'light', viewport: kPhone, locale: 'ar-EG' }]) {
    const ana = await open_guest(browser, 'Ana Prüft', more);
    await sees(ana, 'Ben Nachbar');
    await row_of(ana, 'Ben Nachbar').locator('.who').click();
    await row_of(ana, 'Ben Nachbar').locator('.does .button').last().click();
    await ana.evaluate(readFileSync(kAxePath, 'utf8'));
    for (const name of ['near', 'chat', 'group', 'voice', 'options']) {
      await tab(ana, name);
      const found = await ana.evaluate(async () => (await globalThis.axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`));
      expect_equal(found, [], `axe in ${name}, ${JSON.stringify(more)}`);
    }
    await ana.locator('#people-tab-near').focus();
    await tab(ana, 'near');
    await ana.keyboard.press(more.locale === 'ar-EG' ? 'ArrowLeft' : 'ArrowRight');
    expect_equal(await ana.locator('[role="tab"][aria-selected="true"]').getAttribute('id'), 'people-tab-chat', 'the tab after an arrow key');
    await ana.keyboard.press('Escape');
    await until(async () => (await ana.locator('#people-panel').count()) === 0, 'Escape closes the panel');
    expect(await ana.evaluate(() => document.activeElement?.getAttribute('aria-controls') === 'people-panel'), 'the focus is back on the button');
    await open_people(ana);
    expect_no_faults(ana);
    await close(ana);
  }
  await close(ben);
});
