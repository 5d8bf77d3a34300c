// Signing in by OpenID Connect, from this node's page to the provider's and back, as a browser would.
import { Browser } from './browser.mjs';
import { expect, expect_equal, test } from './harness.mjs';

const me = async (browser, node) => (await browser.json(`${node.url}/api/v1/me`)).body;
const comes_back = (url) => url.includes('/api/v1/sign-in/oidc/') && url.includes('/callback');

/** Goes to the provider, signs in there as `sub`, agrees, and gives the address that leads back here. */
async function walk(browser, node, provider, sub, query = '', headers = {}) {
  const start = await browser.fetch(`${node.url}/api/v1/sign-in/oidc/${provider}/start${query}`, { headers });
  expect_equal(start.status, 303, 'start');
  let url = start.headers.get('location');
  for (let forms = 0; forms < 3; forms += 1) {
    const page = await browser.follow(url, comes_back);
    if (comes_back(page.url)) return page.url;
    const html = await page.answer.text();
    const prompt = html.match(/name="prompt" value="(\w+)"/)?.[1];
    expect(prompt !== undefined, `a form of the provider: ${html.slice(0, 300)}`);
    const answer = await browser.fetch(page.url, { method: 'POST', form: { prompt, login: sub, password: 'x' } });
    url = new URL(answer.headers.get('location'), page.url).href;
    if (comes_back(url)) return url;
  }
  throw new Error(`${url}: the provider does not let go`);
}

async function sign_in(browser, node, provider, sub, query, headers) {
  const back = await browser.fetch(await walk(browser, node, provider, sub, query, headers));
  expect_equal(back.status, 303, 'callback');
  return back.headers.get('location');
}

for (const provider of ['rs256', 'es256', 'eddsa']) {
  test(`a person signs in by a provider that signs with ${provider}, and comes back to the same account`, async ({ node, people }) => {
    people.set(`ada-${provider}`, { nickname: 'Ada' });
    const browser = new Browser();
    expect_equal(await sign_in(browser, node, provider, `ada-${provider}`, '?return=/%3Fview%3Dmap'), '/?view=map', 'where to');
    const first = await me(browser, node);
    expect_equal([first.signed_in, first.guest, first.name], [true, false, 'Ada'], 'who');
    const elsewhere = new Browser();
    await sign_in(elsewhere, node, provider, `ada-${provider}`);
    expect_equal((await me(elsewhere, node)).account, first.account, 'the account on another device');
  });
}

test('who is a resident by the claim is verified, until the claim goes', async ({ node, people }) => {
  people.set('rita', { nickname: 'Rita', resident: true });
  const browser = new Browser();
  await sign_in(browser, node, 'rs256', 'rita');
  const before = await me(browser, node);
  expect_equal([before.verified, before.verified_by, before.roles], [true, 'rs256', ['resident']], 'verified');
  people.set('rita', { nickname: 'Rita', resident: false });
  await sign_in(browser, node, 'rs256', 'rita');
  expect_equal((await me(browser, node)).verified, false, 'no longer verified');
});

test('a child by birthdate is a minor, and so is who says so', async ({ node, people }) => {
  people.set('kim', { birthdate: `${new Date().getUTCFullYear() - 10}-01-01` });
  const child = new Browser();
  await sign_in(child, node, 'es256', 'kim');
  expect_equal((await me(child, node)).minor, true, 'by birthdate');
  const other = new Browser();
  await sign_in(other, node, 'es256', 'lee', '?minor=true');
  expect_equal((await me(other, node)).minor, true, 'by word');
});

test('a guest who signs in keeps the account, under a new cookie', async ({ node }) => {
  const browser = new Browser();
  const guest = await browser.json(`${node.url}/api/v1/sign-in/guest`, { method: 'POST', json: { name: 'Gus', minor: false } });
  const cookie = browser.cookie(node.url, 'citiverse_session');
  await sign_in(browser, node, 'rs256', 'gus');
  const after = await me(browser, node);
  expect_equal([after.account, after.guest, after.name], [guest.body.account, false, 'Gus'], 'the same account');
  expect(browser.cookie(node.url, 'citiverse_session') !== cookie, 'the cookie from before signing in is replaced');
});

test('a provider is added to an account on wish from an own page, listed, and removed unless it is the last way in', async ({ node }) => {
  const browser = new Browser();
  await sign_in(browser, node, 'rs256', 'lina');
  const start = `${node.url}/api/v1/sign-in/oidc/es256/start?link=true`;
  expect_equal((await browser.fetch(start, { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status, 403, 'from elsewhere');
  await sign_in(browser, node, 'es256', 'lina-too', '?link=true', { 'Sec-Fetch-Site': 'same-origin' });
  const own = await browser.json(`${node.url}/api/v1/me/providers`);
  expect_equal(own.body.providers.map(({ id }) => id).sort(), ['es256', 'rs256'], 'listed');
  const remove = (id) => browser.json(`${node.url}/api/v1/me/providers/${id}`, { method: 'DELETE' });
  expect_equal((await remove('es256')).status, 204, 'removed');
  const last = await remove('rs256');
  expect_equal([last.status, last.body.code], [409, 'last_way_in'], 'the last one');
  const other = new Browser();
  await sign_in(other, node, 'rs256', 'otto');
  const taken = await sign_in(other, node, 'rs256', 'lina', '?link=true', { 'Sec-Fetch-Site': 'same-origin' });
  expect_equal(taken, '/', 'the provider still knows otto in this browser, which changes nothing');
});

test('an answer counts in the browser that asked, once, and unchanged', async ({ node }) => {
  const browser = new Browser();
  const back = await walk(browser, node, 'rs256', 'nora');
  const problem = async (who, url) => new URL((await who.fetch(url)).headers.get('location'), node.url).searchParams.get('sign_in_problem');
  expect_equal(await problem(new Browser(), back), 'sign_in_expired', 'in another browser');
  const other = new Browser();
  await other.fetch(`${node.url}/api/v1/sign-in/oidc/rs256/start`);
  expect_equal(await problem(other, back), 'provider_denied', 'in a browser with another sign-in on its way');
  const copy = new Browser();
  copy.set_cookie(node.url, 'citiverse_sign_in', browser.cookie(node.url, 'citiverse_sign_in'));
  const forged = new URL(back);
  forged.searchParams.set('iss', 'https://evil.example');
  expect_equal(await problem(copy, forged.href), 'provider_denied', 'another issuer');
  expect_equal(await problem(browser, back), null, 'in its own');
  expect((await me(browser, node)).signed_in, 'signed in');
  copy.set_cookie(node.url, 'citiverse_sign_in', 'x');
  expect_equal(await problem(copy, back), 'sign_in_expired', 'with a forged ticket');
  const again = new Browser();
  const second = await walk(again, node, 'rs256', 'nora');
  const replay = new Browser();
  replay.set_cookie(node.url, 'citiverse_sign_in', again.cookie(node.url, 'citiverse_sign_in'));
  expect_equal(await problem(again, second), null, 'the first use');
  expect_equal(await problem(replay, second), 'provider_denied', 'the second use of one code');
});

test('who says no at the provider comes back to the page with a reason', async ({ node }) => {
  const browser = new Browser();
  const start = await browser.fetch(`${node.url}/api/v1/sign-in/oidc/rs256/start?return=/%3Fview%3Dtext`);
  const page = await browser.follow(start.headers.get('location'), comes_back);
  const { url } = await browser.follow(`${page.url}/abort`, comes_back);
  const back = await browser.fetch(url);
  expect_equal(back.headers.get('location'), '/?view=text&sign_in_problem=provider_denied', 'where to');
  expect(!(await me(browser, node)).signed_in, 'not signed in');
});

test('addresses that lead elsewhere are refused, and so are unknown providers', async ({ node }) => {
  const browser = new Browser();
  for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', '/a\r\nSet-Cookie: x=y', '/a b', 'a']) {
    const answer = await browser.json(`${node.url}/api/v1/sign-in/oidc/rs256/start?return=${encodeURIComponent(to)}`);
    expect_equal([answer.status, answer.body.parameter], [400, 'return'], to);
  }
  expect_equal((await browser.json(`${node.url}/api/v1/sign-in/oidc/nobody/start`)).status, 404, 'start');
  expect_equal((await browser.json(`${node.url}/api/v1/sign-in/oidc/nobody/callback`)).status, 404, 'callback');
  const { body } = await browser.json(`${node.url}/api/v1/sign-in/oidc`);
  expect_equal(body.providers.map(({ id }) => id), ['rs256', 'es256', 'eddsa', 'gone', 'inside'], 'in the order of the file');
});

test('a provider that is down or in the own network is said to be unavailable, and the operator learns why', async ({ node }) => {
  const browser = new Browser();
  for (const [id, reason] of [['gone', 'no connection'], ['inside', 'leads to an address that is not public']]) {
    const start = await browser.fetch(`${node.url}/api/v1/sign-in/oidc/${id}/start`);
    expect_equal(start.headers.get('location'), '/?sign_in_problem=provider_unavailable', id);
    for (let waits = 0; waits < 40 && !node.log().includes(reason); waits += 1) await new Promise((done) => setTimeout(done, 50));
    expect(node.log().includes(reason), `the log says: ${reason}\n${node.log()}`);
  }
});
