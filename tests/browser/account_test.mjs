// Accounts in the page: registering, the ways of signing in, and what is one's own, by pointer and by keyboard.
import { expect, expect_equal, test, until } from './harness.mjs';
import { home, kPassword, open_as, person } from './account_people.mjs';

const dialog = (page) => page.getByRole('dialog', { name: 'Sign in' });
const said = (page, text) => page.locator('.notices', { hasText: text }).waitFor();
/** Faults but the answers of 401 and 4xx that a test provokes. */
const without_refusals = (page) => page.faults.filter((fault) => !/^4\d\d /.test(fault));

async function open_sign_in(page) {
  await page.locator('header').getByRole('button', { name: 'Sign in' }).click();
  await dialog(page).getByRole('heading', { name: 'Sign in' }).waitFor();
}
async function sign_in(page, one) {
  await open_sign_in(page);
  await dialog(page).getByLabel('Name to sign in with').fill(one.sign_in_name);
  await dialog(page).getByLabel('Password', { exact: true }).fill(kPassword);
  await dialog(page).getByRole('button', { name: 'Sign in', exact: true }).click();
  await said(page, `Welcome, ${one.name}`);
}
/** A device with a fingerprint sensor that always agrees (WebDriver's virtual authenticator, by way of CDP). */
async function with_authenticator(page) {
  const wire = await page.context().newCDPSession(page);
  await wire.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await wire.send('WebAuthn.addVirtualAuthenticator', { options });
  return { wire, authenticatorId };
}

test('whoever registers is known at once, can leave, and comes back with name and password', async (browser) => {
  const page = await open_as(browser, null, '/?view=text');
  await open_sign_in(page);
  await dialog(page).getByRole('button', { name: 'Create an account' }).click();
  await dialog(page).getByLabel('Your name here').fill('Noor');
  await dialog(page).getByRole('radio', { name: 'With a name and a password' }).check();
  const sign_in_name = `noor-${Date.now().toString(36)}`;
  await dialog(page).getByLabel('Name to sign in with').fill(sign_in_name);
  await dialog(page).getByLabel('Password', { exact: true }).fill(kPassword);
  await dialog(page).getByRole('button', { name: 'Create an account' }).click();
  await dialog(page).getByRole('heading', { name: 'Your account is ready' }).waitFor();
  await dialog(page).getByRole('button', { name: 'Make recovery codes' }).click();
  const code = await dialog(page).locator('code').first().textContent();
  expect(/^[a-z2-7]{4}(-[a-z2-7]{4})+$/.test(code), `a code: ${code}`);
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  await page.locator('header').getByRole('button', { name: /Noor/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await said(page, 'You are signed out.');
  await sign_in(page, { sign_in_name, name: 'Noor' });
  expect_equal(page.faults, [], 'faults');
  // A recovery code opens the door once, and leads to where a new password is set.
  await page.locator('header').getByRole('button', { name: /Noor/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await open_sign_in(page);
  await dialog(page).getByRole('button', { name: 'I cannot sign in' }).click();
  await dialog(page).getByLabel('Name to sign in with').fill(sign_in_name);
  await dialog(page).getByLabel('Recovery code').fill(code.toUpperCase());
  await dialog(page).getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'How you sign in' }).waitFor();
  await page.getByText('You have 9 recovery codes.').waitFor();
  expect_equal(page.faults, [], 'faults');
});

test('a wrong password is refused without saying whether the name or the password is wrong', async (browser) => {
  const one = await person('Amal');
  const said_by = [];
  for (const name of [one.sign_in_name, `nobody-${Date.now().toString(36)}`]) {
    const page = await open_as(browser, null, '/?view=text');
    await open_sign_in(page);
    await dialog(page).getByLabel('Name to sign in with').fill(name);
    await dialog(page).getByLabel('Password', { exact: true }).fill('something else entirely');
    await dialog(page).getByRole('button', { name: 'Sign in', exact: true }).click();
    said_by.push(await dialog(page).getByRole('alert').innerText());
    expect_equal(without_refusals(page), [], 'faults');
  }
  expect_equal(said_by[0], said_by[1], 'what is said');
});

test('a name that is taken, and a password that is easy to guess, are said at their field', async (browser) => {
  const one = await person('Amal');
  const page = await open_as(browser, null, '/?view=text');
  await open_sign_in(page);
  await dialog(page).getByRole('button', { name: 'Create an account' }).click();
  await dialog(page).getByLabel('Your name here').fill('Amal');
  await dialog(page).getByRole('radio', { name: 'With a name and a password' }).check();
  const name = dialog(page).getByLabel('Name to sign in with');
  await name.fill(`amal-${Date.now().toString(36)}`);
  await dialog(page).getByLabel('Password', { exact: true }).fill('abcabcabcabcabcabc');
  await dialog(page).getByRole('button', { name: 'Create an account' }).click();
  await dialog(page).locator('[aria-invalid="true"]').waitFor();
  const wrong = dialog(page).getByLabel('Password', { exact: true });
  expect_equal(await wrong.getAttribute('aria-invalid'), 'true', 'the password is marked');
  expect(await wrong.evaluate((field) => field === document.activeElement), 'the focus is where the fault is');
  await wrong.fill(kPassword);
  await name.fill(one.sign_in_name);
  await dialog(page).getByRole('button', { name: 'Create an account' }).click();
  await dialog(page).getByText('Somebody has this name already. Choose another.').waitFor();
  expect_equal(without_refusals(page), [], 'faults');
});

test('a passkey makes an account, and signs in again with nothing typed', async (browser) => {
  const page = await open_as(browser, null, '/?view=text');
  await with_authenticator(page);
  await open_sign_in(page);
  await dialog(page).getByRole('button', { name: 'Create an account' }).click();
  await dialog(page).getByLabel('Your name here').fill('Kei');
  await dialog(page).getByRole('button', { name: 'Create an account' }).click();
  await dialog(page).getByRole('heading', { name: 'Your account is ready' }).waitFor();
  await dialog(page).getByRole('button', { name: 'Done' }).click();
  await page.locator('header').getByRole('button', { name: /Kei/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await said(page, 'You are signed out.');
  await open_sign_in(page);
  await dialog(page).getByRole('button', { name: 'Sign in with a passkey' }).click();
  await said(page, 'Welcome, Kei');
  await page.goto(`${home}/?view=account&part=sign-in`);
  // The only way in cannot be taken away: it comes back, and the page says why.
  await page.getByRole('button', { name: /^Remove / }).click();
  await said(page, 'is removed');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: /^Remove / }).waitFor();
  expect_equal(page.faults, [], 'faults');
});

test('a device without a passkey says what else there is', async (browser) => {
  const page = await open_as(browser, null, '/?view=text');
  const { wire, authenticatorId } = await with_authenticator(page);
  await wire.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await open_sign_in(page);
  await dialog(page).getByRole('button', { name: 'Sign in with a passkey' }).click();
  await dialog(page).getByText('No passkey was used').waitFor();
  expect_equal(page.faults, [], 'faults');
});

test('each place where one is signed in is listed, and can be left from another', async (browser) => {
  const one = await person('Amal');
  const here = await open_as(browser, null, '/?view=text');
  await sign_in(here, one);
  const there = await open_as(browser, null, '/?view=text');
  await sign_in(there, one);
  await here.goto(`${home}/?view=account&part=sessions`);
  const rows = here.locator('main .account-rows > li');
  await rows.nth(1).waitFor();
  expect_equal(await rows.filter({ hasText: 'this device' }).count(), 1, 'sessions marked as this device');
  await here.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await said(here, 'You are signed in only here now.');
  await until(async () => (await rows.count()) === 1, 'one session is left');
  await there.goto(`${home}/?view=account`);
  await dialog(there).waitFor();
  expect_equal(here.faults, [], 'faults');
});

test('what one says of oneself is kept, and can be taken back', async (browser) => {
  const one = await person('Mina');
  const page = await open_as(browser, one, '/?view=account&part=profile');
  await page.getByLabel('Pronouns').fill('they/them');
  await page.getByLabel('Add a language').selectOption('ar');
  await page.getByRole('checkbox', { name: 'Captions' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await said(page, 'Saved.');
  const kept = (await one.ask('GET', '/api/v1/me')).body;
  expect_equal([kept.pronouns, kept.languages, kept.access_needs], ['they/them', ['en', 'ar'], ['captions']], 'what is kept');
  await page.getByRole('button', { name: 'Undo' }).click();
  await until(async () => ((await one.ask('GET', '/api/v1/me')).body.access_needs ?? []).length === 0, 'it is taken back');
  await until(async () => (await page.getByLabel('Pronouns').inputValue()) === '', 'the field is as it was');
  expect_equal(page.faults, [], 'faults');
});

test('consents are given one by one, and what the node knows can be read and carried away', async (browser) => {
  const one = await person('Mina');
  const page = await open_as(browser, one, '/?view=account&part=privacy');
  const captions = page.getByRole('checkbox', { name: /Captions of what I say/ });
  expect(!(await captions.isChecked()), 'nothing is agreed to beforehand');
  await captions.check();
  await said(page, 'Agreed.');
  const { consents } = (await one.ask('GET', '/api/v1/me/consents')).body;
  expect_equal(consents.filter((consent) => consent.given).map((consent) => consent.purpose), ['captions'], 'consents');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download it (JSON)' }).click()]);
  const text = await (await download.createReadStream()).toArray();
  const all = JSON.parse(Buffer.concat(text).toString());
  expect(JSON.stringify(all).includes('Mina') && all.account === one.id, 'the export is about its owner');
  const [reader] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: 'Read it' }).click()]);
  await reader.getByText('Mina').first().waitFor();
  expect_equal(page.faults, [], 'faults');
});

test('erasure is asked for, said everywhere, and taken back in time', async (browser) => {
  const one = await person('Lea');
  const page = await open_as(browser, one, '/?view=account&part=privacy');
  await page.getByRole('button', { name: 'Erase everything about me' }).click();
  await page.getByText('Everything about you will be erased on').waitFor();
  expect((await one.ask('GET', '/api/v1/me')).body.erase_at !== undefined, 'the node knows');
  await page.getByRole('button', { name: 'Keep my account' }).click();
  await said(page, 'Your account stays.');
  expect((await one.ask('GET', '/api/v1/me')).body.erase_at === undefined, 'the node has forgotten the wish');
  expect_equal(page.faults, [], 'faults');
});

test('a guest comes in by a name, and is erased only when the undo has passed', async (browser) => {
  const page = await open_as(browser, null, '/?view=text');
  await open_sign_in(page);
  await dialog(page).getByRole('button', { name: 'Come as a guest' }).click();
  await dialog(page).getByLabel('Your name here').fill('Sam');
  await dialog(page).getByRole('button', { name: 'Enter as a guest' }).click();
  await said(page, 'Welcome, Sam');
  await page.goto(`${home}/?view=account&part=privacy`);
  await page.getByRole('button', { name: 'Erase everything about me' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.reload();
  await page.locator('header').getByRole('button', { name: /Sam/ }).waitFor();
  await page.getByRole('button', { name: 'Erase everything about me' }).click();
  // Leaving the page does at once what waited; the next page may have asked who it is before the node was done.
  await page.goto(`${home}/?view=text`);
  await until(() => page.evaluate(async () => !(await (await fetch('/api/v1/me')).json()).signed_in), 'the guest is erased');
  await page.reload();
  await page.locator('header').getByRole('button', { name: 'Sign in' }).waitFor();
  expect_equal(page.faults, [], 'faults');
});

test('the whole of signing in goes by keyboard, and Escape leads back', async (browser) => {
  const one = await person('Amal');
  const page = await open_as(browser, null, '/?view=text');
  const button = page.locator('header').getByRole('button', { name: 'Sign in' });
  await button.focus();
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.keyboard.press('Escape');
  await until(() => button.evaluate((element) => element === document.activeElement), 'the focus is back at the button');
  await page.keyboard.press('Enter');
  const heading = dialog(page).getByRole('heading', { name: 'Sign in' });
  await until(() => heading.evaluate((element) => element === document.activeElement), 'the reader begins at the heading');
  const reach = async (label) => {
    for (let presses = 0; presses < 12; presses += 1) {
      await page.keyboard.press('Tab');
      if (await dialog(page).getByLabel(label, { exact: true }).evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`${label} cannot be reached by Tab`);
  };
  await reach('Name to sign in with');
  await page.keyboard.type(one.sign_in_name);
  await reach('Password');
  await page.keyboard.type(kPassword);
  await page.keyboard.press('Enter');
  await said(page, `Welcome, ${one.name}`);
  await page.locator('header').getByRole('button', { name: new RegExp(one.name) }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'About you' }).waitFor();
  expect_equal(page.faults, [], 'faults');
});

test('nothing about a person is kept by the offline store', async (browser) => {
  const one = await person('Mina');
  const page = await open_as(browser, one, '/?view=account&part=sessions', { workers: true });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.locator('main .account-rows > li').first().waitFor();
  await page.waitForTimeout(500);
  const kept = await page.evaluate(async () => (await (await caches.open('answers')).keys()).map((request) => new URL(request.url).pathname));
  expect_equal(kept.filter((path) => /\/api\/v1\/(me|accounts|organisations|reports|audit)/.test(path)), [], 'kept answers');
});
