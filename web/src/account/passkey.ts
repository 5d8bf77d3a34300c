// Passkeys in the browser (Web Authentication Level 3): the node's options as JSON in, the authenticator's answer as JSON out.
// Browsers that lack the JSON forms of section 5.1.8 to 5.1.10 get them here: binary members are base64url (RFC 4648, section 5).

export type JsonObject = Record<string, unknown>;

/** A passkey belongs to a domain: at a bare network address there is none (clause 5.1.3, effective domain). */
export function can_use_passkeys(): boolean {
  const is_address = /^[\d.]+$|^\[/.test(location.hostname);
  return typeof PublicKeyCredential === 'function' && window.isSecureContext && !is_address;
}

/** The visitor turned away, or the device has no fitting passkey: browsers do not tell which, so that sites cannot probe. */
export class PasskeyRefused extends Error {}
/** This device has a passkey for the account already. */
export class PasskeyExists extends Error {}

export function bytes_of(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
export function base64url_of(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const with_bytes = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list ?? []) as { id: string; type: 'public-key' }[]).map((one) => ({ ...one, id: bytes_of(one.id) }));

export function creation_options(json: JsonObject): PublicKeyCredentialCreationOptions {
  const user = json['user'] as { id: string; name: string; displayName: string };
  return {
    ...(json as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytes_of(json['challenge'] as string),
    user: { ...user, id: bytes_of(user.id) },
    excludeCredentials: with_bytes(json['excludeCredentials']),
  };
}
export function request_options(json: JsonObject): PublicKeyCredentialRequestOptions {
  return {
    ...(json as unknown as PublicKeyCredentialRequestOptions),
    challenge: bytes_of(json['challenge'] as string),
    allowCredentials: with_bytes(json['allowCredentials']),
  };
}

function credential_json(credential: PublicKeyCredential): JsonObject {
  const answer = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const response: JsonObject = { clientDataJSON: base64url_of(answer.clientDataJSON) };
  if ('attestationObject' in answer) {
    response['attestationObject'] = base64url_of(answer.attestationObject);
    response['transports'] = answer.getTransports?.() ?? [];
  } else {
    const assertion = credential.response as AuthenticatorAssertionResponse;
    response['authenticatorData'] = base64url_of(assertion.authenticatorData);
    response['signature'] = base64url_of(assertion.signature);
    if (assertion.userHandle) response['userHandle'] = base64url_of(assertion.userHandle);
  }
  return { id: credential.id, rawId: base64url_of(credential.rawId), type: credential.type, response };
}

async function asked(question: Promise<Credential | null>): Promise<JsonObject> {
  try {
    const credential = await question;
    if (!credential) throw new PasskeyRefused();
    return credential_json(credential as PublicKeyCredential);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError') throw new PasskeyExists();
    throw new PasskeyRefused();
  }
}

export function make_passkey(options: JsonObject): Promise<JsonObject> {
  return asked(navigator.credentials.create({ publicKey: creation_options(options) }));
}
export function use_passkey(options: JsonObject): Promise<JsonObject> {
  return asked(navigator.credentials.get({ publicKey: request_options(options) }));
}
