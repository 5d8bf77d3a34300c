// The page around the views: the front door, the switch between views, languages, writing from right to left, light and dark.
import { readFileSync, readdirSync } from 'node:fs';
import { api, expect, expect_equal, expect_no_faults, kAxePath, kDesktop, kPhone, open_page, parameters, standing_place, test, until } from './harness.mjs';

const kLanguages = ['en', 'fr', 'es', 'ar'];
const kFolder = new URL('../../web/src/messages/', import.meta.url);
const kMessages = Object.assign(
  {},
  ...readdirSync(kFolder, { recursive: true })
    .filter((file) => file.endsWith('en.json'))
    .map((file) => JSON.parse(readFileSync(new URL(file, kFolder), 'utf8'))),
);

/** When a view has something to say: its own sign that it stands. */
async function stands(page, view) {
  if (view === 'door') await page.locator('#brings').waitFor();
  else if (view === 'text') await page.locator('[aria-labelledby="nearby-title"] a[data-object]').first().waitFor();
  else await page.locator('main .host[aria-busy="false"]').waitFor({ timeout: 60_000 });
}
const views_of = async (page) =>
  page.locator('header nav a').evaluateAll((links) => links.map((link) => new URL(link.href).searchParams.get('view')));

test('the front door leads into the city, and every way it offers stands', async (browser) => {
  const page = await open_page(browser, '/');
  await stands(page, 'door');
  const { name } = await api('/api/v1/city?lang=en');
  expect_equal((await page.locator('h1').textContent()).trim(), name, 'the heading');
  const ways = await page.locator('.choices a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(ways.length >= 2, `only ${ways.length} ways`);
  for (const way of ways) {
    const next = await open_page(browser, `/${way}`);
    const view = new URL(way, 'http://x').searchParams.get('view');
    if (view === 'text') await next.locator('#here-title').waitFor();
    else await stands(next, view);
    expect_no_faults(next);
    await next.context().close();
  }
});

test('switching the view keeps place, heading and selection, and the back button switches back', async (browser) => {
  const { lat, lon } = await standing_place();
  const near = await api(`/api/v1/nearby?lat=${lat}&lon=${lon}&limit=1`);
  const object = near.items[0].id;
  const page = await open_page(browser, `/?view=text&lat=${lat}&lon=${lon}&heading=45&object=${object}`);
  await page.locator('article').waitFor();
  const views = (await views_of(page)).filter((view) => view !== 'text');
  for (const view of views) {
    await page.locator(`header nav a[href*="view=${view}"]`).click();
    await stands(page, view);
    await page.locator('article').waitFor();
    const now = parameters(page);
    expect_equal([now.view, now.object, now.heading], [view, object, '45'], 'the address');
    expect(Math.abs(now.lat - lat) < 2e-6 && Math.abs(now.lon - lon) < 2e-6, `the place moved to ${now.lat}, ${now.lon}`);
  }
  for (const view of [...views].reverse().slice(1).concat('text')) {
    await page.goBack();
    await until(() => parameters(page).view === view, `back in ${view}`);
  }
  await stands(page, 'text');
});

test('the map lists in words what can be chosen in it', async (browser) => {
  const { lat, lon } = await standing_place();
  const page = await open_page(browser, `/?view=map&lat=${lat}&lon=${lon}&h=200`);
  await stands(page, 'map');
  await page.locator('[data-seen] summary').click();
  const row = page.locator('[data-seen] a[data-object]').first();
  await row.waitFor();
  const id = await row.getAttribute('data-object');
  await row.click();
  await page.locator('article footer', { hasText: id }).waitFor();
  expect_no_faults(page);
});

test('the map moves the place that the other views have', async (browser) => {
  const page = await open_page(browser, '/?view=map&h=400');
  await stands(page, 'map');
  const canvas = page.locator('.maplibregl-canvas');
  await canvas.focus();
  const before = parameters(page);
  await page.keyboard.press('ArrowUp');
  await until(() => Number(parameters(page).lat) > Number(before.lat ?? 0), 'the place moved north');
  const { lat } = parameters(page);
  await page.locator('header nav a[href*="view=text"]').click();
  await stands(page, 'text');
  expect(Math.abs(parameters(page).lat - lat) < 1e-4, 'the text view is elsewhere');
});

test('the search box has focus order and name in every view', async (browser) => {
  const page = await open_page(browser, '/?view=map');
  await stands(page, 'map');
  const landmarks = await page.evaluate(() => ['header', 'main', 'nav', '[role=search]'].map((name) => document.querySelectorAll(name).length));
  expect_equal(landmarks, [1, 1, 1, 1], 'landmarks');
});

for (const language of kLanguages) {
  test(`in ${language} the page says everything in that language, in its direction`, async (browser) => {
    const page = await open_page(browser, `/?view=text&lang=${language}`);
    await stands(page, 'text');
    const { lang, dir } = await page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir }));
    expect_equal([lang, dir], [language, language === 'ar' ? 'rtl' : 'ltr'], 'lang and dir');
    // A key that has no message would stand there as itself.
    const said = await page.evaluate(() => document.body.innerText.split(/[\s,;:()]+/));
    const raw = said.filter((word) => word.includes('.') && word in kMessages);
    expect_equal(raw, [], 'keys instead of words');
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => /\/(en|fr|es|ar)-[^/]*\.js$/.test(name)).map((name) => /\/(..)-/.exec(name.slice(name.lastIndexOf('/')))[1]));
    expect_equal([...new Set(loaded)], [language], 'languages that were loaded');
  });
}

test('in Arabic the page is mirrored', async (browser) => {
  const page = await open_page(browser, '/?view=text&lang=ar');
  await stands(page, 'text');
  const name = await page.locator('header .name').boundingBox();
  const settings = await page.locator('header .settings').boundingBox();
  expect(name.x > settings.x, 'the name stands left of the settings');
});

test('the language can be changed on the page, and stays', async (browser) => {
  const page = await open_page(browser, '/?view=text');
  await stands(page, 'text');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Language').selectOption('fr');
  await page.getByRole('heading', { name: 'Autour de vous', exact: true }).waitFor();
  await page.goto(new URL('/?view=text', page.url()).href);
  await page.getByRole('heading', { name: 'Autour de vous', exact: true }).waitFor();
});

test('light and dark can be chosen, and stay', async (browser) => {
  const page = await open_page(browser, '/?view=text', { scheme: 'light' });
  await stands(page, 'text');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('radio', { name: 'Dark' }).check();
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.reload();
  await stands(page, 'text');
  expect_equal(await ground(), dark, 'the background after a reload');
});

for (const view of ['door', 'text', 'map', '3d']) {
  test(`axe finds nothing in ${view}, in any language, light or dark, wide or narrow`, async (browser) => {
    const { lat, lon } = await standing_place();
    const near = await api(`/api/v1/nearby?lat=${lat}&lon=${lon}&limit=1`);
    const findings = [];
    for (const language of kLanguages) {
      for (const scheme of ['light', 'dark']) {
        const viewport = (scheme === 'dark') === (language === 'ar') ? kPhone : kDesktop;
        const object = language === 'fr' || language === 'ar' ? `&object=${near.items[0].id}` : '';
        const place = view === 'door' ? '' : `&lat=${lat}&lon=${lon}${object}`;
        const page = await open_page(browser, `/?view=${view}&lang=${language}${place}`, { scheme, viewport });
        if (object && view === 'text') await page.locator('article').waitFor();
        else await stands(page, view);
        if (!object && (view === 'map' || view === '3d')) await page.locator('[data-seen] summary').click();
        // What opens and closes is looked at open.
        if (view === 'text' && language === 'en') await page.getByRole('button', { name: 'Settings' }).click();
        await page.waitForTimeout(300);
        await page.evaluate(readFileSync(kAxePath, 'utf8'));
        const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
        for (const violation of violations) {
          findings.push(`${language} ${scheme} ${viewport.width} px: ${violation.id}: ${violation.nodes.length} × ${violation.nodes[0].html.slice(0, 140)} ${violation.nodes[0].failureSummary?.split('\n')[1] ?? ''}`);
        }
        await page.context().close();
      }
    }
    expect_equal(findings, [], 'findings');
  });
}
