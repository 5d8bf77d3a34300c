// Signing in by OpenID Connect as a person does it: from the account page of the client to the provider's pages and back.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../contract.mjs';
import { Skip, expect_equal, open_page, test } from './harness.mjs';

/** The account page in a fresh browser, with the dialog for signing in. */
async function account_page(node) {
  if (!existsSync(join(root, 'web/dist/index.html'))) throw new Skip('the client is not built');
  const page = await open_page(`${node.url}/?view=account&part=sign-in`);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(String(error)));
  await page.getByRole('dialog').waitFor();
  return page;
}
const choose = (page, provider) => page.getByRole('dialog').getByRole('link', { name: `Sign in with ${provider}` }).click();
const is_back = (page, node) => page.waitForURL((url) => url.origin === new URL(node.url).origin && url.searchParams.get('view') === 'account');
/** The provider's own pages: who one is, and that this city may know it. */
async function agree(page, login) {
  await page.locator('input[name="login"]').fill(login);
  await page.locator('input[name="password"]').fill('x');
  await page.locator('button[type="submit"]').click();
  await page.locator('input[name="prompt"][value="consent"]').waitFor({ state: 'attached' });
  await page.locator('button[type="submit"]').click();
}

test('from the account page one signs in at a provider, comes back signed in, adds another provider and removes it', async ({ node, people }) => {
  people.set('zoe', { nickname: 'Zoë' });
  const page = await account_page(node);
  await choose(page, 'Provider rs256');
  await agree(page, 'zoe');
  await is_back(page, node);
  expect_equal(new URL(page.url()).searchParams.get('part'), 'sign-in', 'the part of the account that one came from');
  const own = page.getByRole('region', { name: 'Other services that sign you in' });
  await own.getByText('Provider rs256', { exact: true }).waitFor();
  expect_equal((await (await page.request.get(`${node.url}/api/v1/me`)).json()).name, 'Zoë', 'who is signed in');

  await own.getByRole('link', { name: 'Add Provider es256' }).click();
  await agree(page, 'zoe-too');
  await is_back(page, node);
  const added = own.locator('li', { hasText: 'Provider es256' });
  await added.waitFor();
  await added.getByRole('button', { name: /^Remove/ }).click();
  await page.getByText('Provider es256 no longer signs you in.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await added.waitFor();
  expect_equal(page.faults, [], 'errors of the page');
});

test('who turns back at the provider, or whose provider is down, is told why and may try again', async ({ node, people }) => {
  people.set('yan', { nickname: 'Yan' });
  const page = await account_page(node);
  await choose(page, 'Provider es256');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await is_back(page, node);
  await page.getByText('The sign-in service did not let you in, or you turned back.').waitFor();
  expect_equal(new URL(page.url()).searchParams.get('sign_in_problem'), null, 'the reason in the address, which is told once');
  await choose(page, 'Gone');
  await page.getByText('This sign-in service cannot be reached at present.').waitFor();
  await choose(page, 'Provider es256');
  await agree(page, 'yan');
  await is_back(page, node);
  await page.getByRole('region', { name: 'Other services that sign you in' }).getByText('Provider es256', { exact: true }).waitFor();
  expect_equal(page.faults, [], 'errors of the page');
});
