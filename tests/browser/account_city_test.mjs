// What officials do in the page: roles, verification, organisations, the audit log, and moderation from report to appeal.
import { readFileSync } from 'node:fs';
import { expect, expect_equal, kAxePath, kDesktop, kPhone, standing_place, test, until } from './harness.mjs';
import { home, open_as, person } from './account_people.mjs';

const said = (page, text) => page.locator('.notices', { hasText: text }).waitFor();
const kAllRoles = ['operator', 'moderator', 'office'];

test('an operator gives a role, takes it back with Undo, and the log tells of both', async (browser) => {
  const [official, one] = [await person('Olga', kAllRoles), await person('Mina')];
  const page = await open_as(browser, official, '/?view=account&part=accounts');
  await page.getByLabel('Name, sign-in name or id').fill(one.id);
  await page.getByRole('button', { name: 'Find' }).click();
  const card = page.locator('main article', { hasText: one.id });
  await card.getByRole('checkbox', { name: 'Teacher' }).check();
  await said(page, 'Mina now has the role “Teacher”.');
  expect_equal((await one.ask('GET', '/api/v1/me')).body.roles, ['teacher'], 'roles');
  await page.getByRole('button', { name: 'Undo' }).click();
  await said(page, 'Mina no longer has the role “Teacher”.');
  expect_equal((await one.ask('GET', '/api/v1/me')).body.roles, [], 'roles');
  await page.goto(`${home}/?view=account&part=audit`);
  const rows = page.locator('tbody tr', { hasText: one.id });
  await rows.nth(1).waitFor();
  expect_equal(await rows.filter({ hasText: 'Role given Teacher' }).count(), 1, 'the role that was given, in the log');
  expect_equal(await rows.filter({ hasText: 'Role taken away Teacher' }).count(), 1, 'the role that was taken away, in the log');
  await rows.first().getByRole('button', { name: one.id }).click();
  await until(async () => (await page.locator('tbody tr').count()) === (await rows.count()), 'only this account is shown');
  expect_equal(page.faults, [], 'faults');
});

test('an office verifies a resident, and one person has one verified account', async (browser) => {
  const [official, one, other] = [await person('Olga', kAllRoles), await person('Mina'), await person('Amal')];
  const page = await open_as(browser, official, '/?view=account&part=accounts');
  const verify = async (who, reference) => {
    await page.getByLabel('Name, sign-in name or id').fill(who.id);
    await page.getByRole('button', { name: 'Find' }).click();
    const card = page.locator('main article', { hasText: who.id });
    await card.getByLabel('Number in the register').fill(reference);
    await card.getByRole('button', { name: 'Verify' }).click();
    return card;
  };
  const reference = `R-${Date.now()}`;
  await verify(one, reference);
  await said(page, 'Mina is now a verified resident.');
  expect_equal((await one.ask('GET', '/api/v1/me')).body.verified, true, 'verified');
  const card = await verify(other, reference);
  await card.getByText('This person already has a verified account.').waitFor();
  await one.ask('GET', '/api/v1/me');
  expect_equal(page.faults.filter((fault) => !/^409 /.test(fault)), [], 'faults');
});

test('a role that reaches others is not shown to those who do not have it', async (browser) => {
  const one = await person('Mina');
  const page = await open_as(browser, one, '/?view=account&part=reports');
  await page.getByRole('heading', { name: 'About you' }).waitFor();
  const parts = await page.locator('main nav a').allInnerTexts();
  expect(!parts.some((part) => /Moderation|Audit|Accounts/.test(part)), `shown: ${parts}`);
  expect_equal(page.faults, [], 'faults');
});

test('an organisation is founded, somebody is invited, joins, and leaves with a way back', async (browser) => {
  const [owner, guest] = [await person('Lea'), await person('Amal')];
  const name = `Gardeners ${Date.now().toString(36)}`;
  const page = await open_as(browser, owner, '/?view=account&part=organisations');
  await page.getByLabel('Name of the organisation').fill(name);
  await page.getByRole('button', { name: 'Found an organisation' }).click();
  await said(page, `${name} is founded.`);
  const card = page.locator('main article', { hasText: name });
  await card.getByLabel('Invite by account id').fill(guest.id);
  await card.getByRole('button', { name: 'Invite' }).click();
  await card.locator('li', { hasText: 'Amal' }).getByText('Invited').waitFor();
  expect_equal(page.faults, [], 'faults');
  const other = await open_as(browser, guest, '/?view=account&part=organisations');
  const theirs = other.locator('main article', { hasText: name });
  await theirs.getByRole('button', { name: 'Join' }).click();
  await theirs.getByText('2 members').waitFor();
  await theirs.getByRole('button', { name: 'Leave' }).click();
  await other.getByRole('button', { name: 'Undo' }).click();
  await theirs.getByText('2 members').waitFor();
  expect_equal(other.faults, [], 'faults');
});

test('a report is decided with reasons, the person concerned reads them and appeals, another moderator reverses', async (browser) => {
  const [rude, first, second] = [await person('Rolf'), await person('Mara', ['moderator']), await person('Olga', kAllRoles)];
  const reporter = await person('Mina');
  const { lat, lon } = await standing_place();
  const text = `Everybody here is a fool (${Date.now()})`;
  const notice = (await rude.ask('POST', '/api/v1/notices', { text, lat, lon })).body;
  await reporter.ask('POST', '/api/v1/reports', { whom: { notice: notice.id }, reason: 'harassment', text: 'This is aimed at us.' });

  const desk = await open_as(browser, first, '/?view=account&part=reports');
  const one = desk.locator('main article', { hasText: text });
  await one.getByRole('button', { name: 'Take this case' }).click();
  await one.getByLabel('Decision').selectOption('silence');
  await one.getByLabel('For how long').selectOption('24');
  await one.getByLabel('Reasons').fill('The notice insults everybody who passes. House rule 2.');
  await one.getByRole('button', { name: 'Decide' }).click();
  await said(desk, 'No talking: Rolf');
  // It can be taken back while the notice stands, and then stands where it stood.
  await desk.getByRole('button', { name: 'Undo' }).click();
  await one.getByLabel('Reasons').fill('The notice insults everybody who passes. House rule 2.');
  await one.getByLabel('Decision').selectOption('silence');
  await one.getByRole('button', { name: 'Decide' }).click();
  await said(desk, 'No talking: Rolf');
  await desk.goto(`${home}/?view=account&part=reports`);
  await desk.getByText('Decided', { exact: true }).click();
  await desk.locator('main article', { hasText: text }).getByText('House rule 2').waitFor();
  expect_equal(desk.faults, [], 'faults');

  const concerned = await open_as(browser, rude, '/?view=account&part=safety');
  await concerned.getByText('House rule 2').waitFor();
  await concerned.getByRole('button', { name: 'Appeal' }).click();
  await concerned.getByLabel('Why the decision is wrong').fill('It was a quotation from the play of tonight.');
  await concerned.getByRole('button', { name: 'Send the appeal' }).click();
  await concerned.getByText('The appeal waits for another moderator.').waitFor();
  expect_equal(concerned.faults, [], 'faults');

  await desk.goto(`${home}/?view=account&part=reports`);
  await desk.getByText('Appeals', { exact: true }).click();
  await desk.getByText('No appeal waits for you.').waitFor();
  const other = await open_as(browser, second, '/?view=account&part=reports');
  await other.getByText('Appeals', { exact: true }).click();
  const appeal = other.locator('main li.card', { hasText: 'quotation from the play' });
  await appeal.getByLabel('Reasons').fill('The quotation marks were there.');
  await appeal.getByRole('button', { name: 'Reverse it' }).click();
  await said(other, 'the decision is taken back');
  expect_equal(other.faults, [], 'faults');
  await concerned.reload();
  await concerned.getByText('The appeal was right; the decision is taken back.').waitFor();
});

const kParts = ['profile', 'sign-in', 'sessions', 'safety', 'privacy', 'organisations', 'reports', 'accounts', 'audit'];
const kLooks = {
  en: { scheme: 'light', viewport: kDesktop },
  fr: { scheme: 'dark', viewport: kPhone },
  es: { scheme: 'light', viewport: kPhone },
  ar: { scheme: 'dark', viewport: kDesktop },
};
for (const language of Object.keys(kLooks)) {
  test(`in ${language}, axe finds nothing in any part of the account, and all is said in that language`, async (browser) => {
    const official = await person('Olga', kAllRoles);
    const axe = readFileSync(kAxePath, 'utf8');
    const messages = JSON.parse(readFileSync(new URL('../../web/src/messages/account/en.json', import.meta.url), 'utf8'));
    const findings = [];
    const { scheme, viewport } = kLooks[language];
    const page = await open_as(browser, official, `/?view=account&lang=${language}`, { scheme, viewport });
    const look = async (where) => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      for (const one of violations) findings.push(`${where} ${scheme} ${viewport.width} px: ${one.id}: ${one.nodes.length} × ${one.nodes[0].html.slice(0, 140)}`);
      const raw = (await page.evaluate(() => document.body.innerText.split(/[\s,;:()]+/))).filter((word) => word.includes('.') && word in messages);
      for (const key of raw) findings.push(`${where}: the key ${key} instead of words`);
      const beyond_px = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (beyond_px > 0) findings.push(`${where}: ${beyond_px} px wider than the page`);
    };
    for (const part of kParts) {
      await page.goto(`${home}/?view=account&part=${part}&lang=${language}`);
      await page.locator('#part-title').waitFor();
      await until(async () => (await page.locator('main .skeleton').count()) === 0, `${part} has its answers`);
      await look(part);
    }
    expect_equal(page.faults, [], 'faults');
    await page.context().clearCookies();
    await page.goto(`${home}/?view=text&lang=${language}`);
    await page.locator('header .who button').click();
    const dialog = page.locator('dialog[open]');
    await dialog.locator('h2').waitFor();
    await look('sign-in');
    for (const [way, at] of [['register', 0], ['guest', 1], ['recover', 2]]) {
      await dialog.locator('.ways button').nth(at).click();
      await look(way);
      await dialog.locator('.account-section > div > .button').last().click();
    }
    await page.context().close();
    expect_equal(findings, [], 'findings');
  });
}
