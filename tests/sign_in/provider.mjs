// An OpenID provider that others certified (npm's oidc-provider), on loopback, with people whose claims a test may change.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const kinds = [
  ['rsa', { modulusLength: 2048 }, 'RS256'],
  ['ec', { namedCurve: 'P-256' }, 'ES256'],
  ['ed25519', {}, 'EdDSA'],
];
const keys = kinds.map(([kind, options, alg]) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
  alg,
  use: 'sig',
  kid: `key-${alg}`,
}));

/** `clients`: { id, algorithm, secret?, redirect_uri }. Gives { issuer, people, stop }; people is a Map from sub to claims. */
export async function start_provider(port, clients) {
  const issuer = `http://127.0.0.1:${port}`;
  const people = new Map();
  const provider = new Provider(issuer, {
    clients: clients.map(({ id, algorithm, secret, redirect_uri }) => ({
      client_id: id,
      ...(secret ? { client_secret: secret } : { token_endpoint_auth_method: 'none' }),
      redirect_uris: [redirect_uri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      id_token_signed_response_alg: algorithm,
    })),
    jwks: { keys },
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'city'],
    claims: { openid: ['sub'], profile: ['nickname', 'birthdate'], city: ['resident'] },
    cookies: { keys: ['a key of a test'] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
  });
  const server = createServer(provider.callback());
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { issuer, people, stop };
}
