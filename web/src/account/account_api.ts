// What the node does for accounts, sessions, organisations and officials, in the terms of protocol/openapi.yaml.
import type { Answer, Me } from '../lib/api';
import type { components, paths } from '../lib/api_types';
import type { Page } from '../lib/page.svelte';
import type { JsonObject } from './passkey';

type Schemas = components['schemas'];
export type ProfileChange = Schemas['ProfileChange'];
export type AccessNeed = Schemas['AccessNeeds'][number];
export type Session = Schemas['Sessions']['sessions'][number];
export type Consent = Schemas['Consent'];
export type Organisation = Schemas['Organisation'];
export type Member = Schemas['OrganisationMember'];
export type OrganisationRole = Schemas['OrganisationRole'];
export type AccountSummary = Schemas['AccountSummary'];
export type GivenRole = Schemas['GivenRole'];
export type AuditPage = Schemas['AuditPage'];
export type AuditEntry = AuditPage['entries'][number];
type BodyOf<Path extends keyof paths> = paths[Path] extends { post: { requestBody: { content: { 'application/json': infer Body } } } } ? Body : never;
export type Registration = BodyOf<'/api/v1/accounts'>;
export type Guest = BodyOf<'/api/v1/sign-in/guest'>;

export type Passkey = Schemas['Passkey'];
export type PasskeyRequest = Schemas['PasskeyRequest'];
type Got<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: { content: { 'application/json': infer Body } } } } } ? Body : never;
export type Providers = Got<'/api/v1/sign-in/oidc'>;
export type MyProviders = Got<'/api/v1/me/providers'>;
/** What the start of a provider's sign-in is told: whether it is for a minor, and whether to add it to the present account. */
export interface StartOptions {
  minor?: boolean;
  link?: boolean;
}

const v1 = (path: string): string => `/api/v1/${path}`;
const page_of = (cursor: string | undefined): string => `limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
type Reply<T> = Promise<Answer<T>>;

export const account_api = ({ api }: Page) => ({
  register: (given: Registration): Reply<Me> => api.send('POST', v1('accounts'), given),
  sign_in_guest: (given: Guest): Reply<Me> => api.send('POST', v1('sign-in/guest'), given),
  sign_in_password: (sign_in_name: string, password: string): Reply<Me> => api.send('POST', v1('sign-in/password'), { sign_in_name, password }),
  sign_in_recovery: (sign_in_name: string, code: string): Reply<Me> => api.send('POST', v1('sign-in/recovery'), { sign_in_name, code }),
  passkey_sign_in_options: (signal?: AbortSignal): Reply<PasskeyRequest> => api.send('POST', v1('sign-in/passkey/options'), {}, signal),
  sign_in_passkey: (ticket: string, credential: JsonObject): Reply<Me> => api.send('POST', v1('sign-in/passkey'), { ticket, credential }),
  providers: (): Reply<Providers> => api.send('GET', v1('sign-in/oidc')),
  /** A link, not a request: the browser goes to the provider and comes back to `return_to`. */
  provider_address: (id: string, return_to: string, options: StartOptions = {}): string => {
    const given = new URLSearchParams({ return: return_to });
    for (const [name, is_set] of Object.entries(options)) if (is_set) given.set(name, 'true');
    return v1(`sign-in/oidc/${id}/start?${given}`);
  },

  change_me: (change: ProfileChange): Reply<Me> => api.send('PATCH', v1('me'), change),
  erase_me: (): Reply<Me | undefined> => api.send('DELETE', v1('me')),
  keep_me: (): Reply<Me> => api.send('DELETE', v1('me/erasure')),
  sessions: (signal?: AbortSignal): Reply<{ sessions: Session[] }> => api.send('GET', v1('me/sessions'), undefined, signal),
  end_session: (id: string): Reply<undefined> => api.send('DELETE', v1(`me/sessions/${id}`)),
  end_other_sessions: (): Reply<undefined> => api.send('DELETE', v1('me/sessions')),
  set_password: (new_password: string, current_password?: string): Reply<undefined> =>
    api.send('PUT', v1('me/password'), { new_password, ...(current_password === undefined ? {} : { current_password }) }),
  make_recovery_codes: (): Reply<{ codes: string[] }> => api.send('POST', v1('me/recovery-codes')),
  my_providers: (signal?: AbortSignal): Reply<MyProviders> => api.send('GET', v1('me/providers'), undefined, signal),
  remove_provider: (id: string): Reply<undefined> => api.send('DELETE', v1(`me/providers/${id}`)),
  passkeys: (signal?: AbortSignal): Reply<{ passkeys: Passkey[] }> => api.send('GET', v1('me/passkeys'), undefined, signal),
  passkey_options: (): Reply<PasskeyRequest> => api.send('POST', v1('me/passkeys/options'), {}),
  add_passkey: (ticket: string, label: string, credential: JsonObject): Reply<Passkey> => api.send('POST', v1('me/passkeys'), { ticket, label, credential }),
  remove_passkey: (id: string): Reply<undefined> => api.send('DELETE', v1(`me/passkeys/${id}`)),
  consents: (signal?: AbortSignal): Reply<{ consents: Consent[] }> => api.send('GET', v1('me/consents'), undefined, signal),
  set_consent: (purpose: Consent['purpose'], given: boolean): Reply<Consent> => api.send('PUT', v1(`me/consents/${purpose}`), { given }),

  organisations: (mine: boolean, q: string, cursor?: string, signal?: AbortSignal): Reply<{ organisations: Organisation[]; next_cursor?: string }> =>
    api.send('GET', v1(`organisations?${page_of(cursor)}${mine ? '&mine=true' : ''}${q ? `&q=${encodeURIComponent(q)}` : ''}`), undefined, signal),
  found: (name: string, about: string): Reply<Organisation> => api.send('POST', v1('organisations'), { name, ...(about ? { about } : {}) }),
  close: (id: string): Reply<undefined> => api.send('DELETE', v1(`organisations/${id}`)),
  members: (id: string, signal?: AbortSignal): Reply<{ members: Member[] }> => api.send('GET', v1(`organisations/${id}/members`), undefined, signal),
  set_member: (id: string, account: string, role: OrganisationRole): Reply<Member> => api.send('PUT', v1(`organisations/${id}/members/${account}`), { role }),
  remove_member: (id: string, account: string): Reply<undefined> => api.send('DELETE', v1(`organisations/${id}/members/${account}`)),
  verify_organisation: (id: string): Reply<Organisation> => api.send('PUT', v1(`organisations/${id}/verification`), {}),
  withdraw_organisation: (id: string): Reply<Organisation> => api.send('DELETE', v1(`organisations/${id}/verification`)),

  find_accounts: (q: string, signal?: AbortSignal): Reply<{ accounts: AccountSummary[] }> =>
    api.send('GET', v1(`accounts?q=${encodeURIComponent(q)}`), undefined, signal),
  give_role: (id: string, role: GivenRole): Reply<AccountSummary> => api.send('PUT', v1(`accounts/${id}/roles/${role}`)),
  take_role: (id: string, role: GivenRole): Reply<AccountSummary> => api.send('DELETE', v1(`accounts/${id}/roles/${role}`)),
  verify: (id: string, reference: string, minor?: boolean): Reply<AccountSummary> =>
    api.send('PUT', v1(`accounts/${id}/verification`), { reference, ...(minor === undefined ? {} : { minor }) }),
  withdraw_verification: (id: string): Reply<AccountSummary> => api.send('DELETE', v1(`accounts/${id}/verification`)),
  audit: (about: string, cursor?: string, signal?: AbortSignal): Reply<AuditPage> =>
    api.send('GET', v1(`audit?${page_of(cursor)}${about ? `&about=${about}` : ''}`), undefined, signal),
});
