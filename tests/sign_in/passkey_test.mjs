// Passkeys in Debian's Chromium, with the virtual authenticator of its developer protocol (CDP, domain WebAuthn).
import { broken_promise } from './promises.mjs';
import { expect, expect_equal, open_page, test } from './harness.mjs';

/** A page of this node with an authenticator that has a PIN or finger at hand; `options` change it. */
async function page_with_authenticator(node, options = {}) {
  const page = await open_page(`${node.url}/health`);
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('WebAuthn.enable');
  const add = async (more = {}) => {
    const { authenticatorId } = await protocol.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        ...options,
        ...more,
      },
    });
    return authenticatorId;
  };
  return { page, protocol, authenticator: await add(), add };
}

async function call(page, method, path, json) {
  const { url, status, body } = await page.evaluate(
    async ([verb, to, given]) => {
      const headers = given === undefined ? {} : { 'Content-Type': 'application/json' };
      const answer = await fetch(`/api/v1/${to}`, { method: verb, headers, body: given === undefined ? undefined : JSON.stringify(given) });
      const text = await answer.text();
      return { url: answer.url, status: answer.status, body: text === '' ? null : JSON.parse(text) };
    },
    [method, path, json],
  );
  const broken = broken_promise(method, url, status, body);
  expect(!broken, broken);
  return { status, body };
}

const make = async (page, label = 'this device') => {
  const options = await call(page, 'POST', 'me/passkeys/options', {});
  if (options.status !== 200) return options;
  const credential = await page.evaluate(async (given) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(given);
    return (await navigator.credentials.create({ publicKey })).toJSON();
  }, options.body.public_key);
  return call(page, 'POST', 'me/passkeys', { ticket: options.body.ticket, label, credential });
};

const prove = async (page) => {
  const options = await call(page, 'POST', 'sign-in/passkey/options', {});
  const credential = await page.evaluate(async (given) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(given);
    return (await navigator.credentials.get({ publicKey })).toJSON();
  }, options.body.public_key);
  return { ticket: options.body.ticket, credential };
};

const guest = async (page, name) => (await call(page, 'POST', 'sign-in/guest', { name, minor: false })).body;

test('a guest makes a passkey, becomes a member, and signs in again without saying who they are', async ({ node }) => {
  const { page, protocol, authenticator } = await page_with_authenticator(node);
  const { account } = await guest(page, 'Ada');
  const made = await make(page, 'my phone');
  expect_equal([made.status, made.body.label], [201, 'my phone'], 'made');
  const kept = await protocol.send('WebAuthn.getCredentials', { authenticatorId: authenticator });
  expect_equal(kept.credentials.map(({ isResidentCredential, rpId }) => [isResidentCredential, rpId]), [[true, 'localhost']], 'on the device');
  expect_equal((await call(page, 'GET', 'me')).body.guest, false, 'a member');
  await call(page, 'POST', 'sign-out', {});
  expect_equal((await call(page, 'GET', 'me')).body.signed_in, false, 'signed out');
  const signed_in = await call(page, 'POST', 'sign-in/passkey', await prove(page));
  expect_equal([signed_in.status, signed_in.body.account], [200, account], 'signed in');
  const listed = await call(page, 'GET', 'me/passkeys');
  expect_equal(listed.body.passkeys.length, 1, 'listed');
  expect(/^\d{4}-\d{2}-\d{2}$/.test(listed.body.passkeys[0].used_on), 'with the day of its last use');
});

test('a proof is taken once, for the challenge that it answers', async ({ node }) => {
  const { page } = await page_with_authenticator(node);
  await guest(page, 'Ben');
  await make(page);
  const proof = await prove(page);
  const other = await prove(page);
  const mixed = await call(page, 'POST', 'sign-in/passkey', { ...proof, ticket: other.ticket });
  expect_equal([mixed.status, mixed.body.code], [401, 'wrong_passkey'], 'another challenge');
  expect_equal((await call(page, 'POST', 'sign-in/passkey', proof)).status, 200, 'the first time');
  const again = await call(page, 'POST', 'sign-in/passkey', proof);
  expect_equal([again.status, again.body.code], [400, 'ticket_spent'], 'the second time');
});

test('a device that does not check its owner makes no passkey here', async ({ node }) => {
  const { page } = await page_with_authenticator(node, { isUserVerified: false });
  await guest(page, 'Cem');
  const refused = await make(page).catch((error) => error.message);
  expect(/NotAllowedError/.test(refused), `the browser refuses: ${JSON.stringify(refused)}`);
});

test('one device keeps one passkey of an account, and a removed one signs nobody in', async ({ node }) => {
  const { page, protocol, authenticator, add } = await page_with_authenticator(node);
  await guest(page, 'Dia');
  await make(page, 'first');
  const twice = await make(page, 'twice').catch((error) => error.message);
  expect(/InvalidStateError/.test(twice), `the device knows: ${JSON.stringify(twice)}`);
  const only = (await call(page, 'GET', 'me/passkeys')).body.passkeys[0];
  const last = await call(page, 'DELETE', `me/passkeys/${only.id}`);
  expect_equal([last.status, last.body.code], [409, 'last_way_in'], 'the last way in stays');
  const proof = await prove(page);
  await protocol.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: authenticator });
  await add({ transport: 'usb' });
  expect_equal((await make(page, 'second')).status, 201, 'another device');
  expect_equal((await call(page, 'DELETE', `me/passkeys/${only.id}`)).status, 204, 'removed');
  const gone = await call(page, 'POST', 'sign-in/passkey', proof);
  expect_equal([gone.status, gone.body.code], [401, 'wrong_passkey'], 'removed means removed');
  expect_equal((await call(page, 'DELETE', 'me/passkeys/aaaaaaaaaaaaa')).status, 404, 'one that is none');
});

test('what is stored about a passkey is in the export', async ({ node }) => {
  const { page } = await page_with_authenticator(node);
  await guest(page, 'Eli');
  await make(page, 'my watch');
  const { body } = await call(page, 'GET', 'me/export');
  expect_equal(body.passkeys.map(({ label }) => label), ['my watch'], 'passkeys');
  expect_equal(body.sign_in_providers, [], 'providers');
});

test('malformed credentials are refused by name', async ({ node }) => {
  const { page } = await page_with_authenticator(node);
  await guest(page, 'Fay');
  const { body } = await call(page, 'POST', 'me/passkeys/options', {});
  for (const credential of [{}, { type: 'public-key' }, { type: 'public-key', response: { clientDataJSON: '!', attestationObject: '' } }]) {
    const answer = await call(page, 'POST', 'me/passkeys', { ticket: body.ticket, label: 'x', credential });
    expect_equal([answer.status, answer.body.parameter], [400, 'credential'], JSON.stringify(credential));
  }
  const unknown = await call(page, 'POST', 'sign-in/passkey/options', { account: 'x' });
  expect_equal([unknown.status, unknown.body.parameter], [400, 'account'], 'a member that is none');
});
