// What the node does for spaces beside the city, in the terms of protocol/openapi.yaml.
import type { Answer, Api } from '../lib/api';
import type { components } from '../lib/api_types';

type Schemas = components['schemas'];
export type Space = Schemas['Space'];
export type NewSpace = Schemas['NewSpace'];
export type SpaceChanges = Schemas['SpaceChanges'];
export type Guest = { account: string; name: string };

/** Whom a space may be open to, the widest first. */
export const kAudiences: readonly Schemas['Audience'][] = ['everybody', 'accounts', 'roles', 'organisation', 'invited'];
export const kName_max = 80;
export const kAbout_max = 1000;
export const kPeople_max = 1000;
export const kSide_m: readonly [number, number] = [4, 400];
/** How accounts are written. */
export const kAccountPattern = '[a-z2-7]{13}';

const v1 = (path: string): string => `/api/v1/${path}`;

export const spaces_api = (api: Api) => ({
  list: (signal?: AbortSignal): Promise<Answer<{ spaces: Space[] }>> => api.send('GET', v1('spaces?limit=200'), undefined, signal),
  make: (given: NewSpace): Promise<Answer<Space>> => api.send('POST', v1('spaces'), given),
  change: (id: string, changes: SpaceChanges): Promise<Answer<Space>> => api.send('PATCH', v1(`spaces/${id}`), changes),
  close: (id: string): Promise<Answer<unknown>> => api.send('DELETE', v1(`spaces/${id}`)),
  reopen: (id: string): Promise<Answer<Space>> => api.send('POST', v1(`spaces/${id}/restoration`), {}),
  guests: (id: string, signal?: AbortSignal): Promise<Answer<{ guests: Guest[] }>> => api.send('GET', v1(`spaces/${id}/guests`), undefined, signal),
  invite: (id: string, account: string): Promise<Answer<unknown>> => api.send('PUT', v1(`spaces/${id}/guests/${account}`)),
  uninvite: (id: string, account: string): Promise<Answer<unknown>> => api.send('DELETE', v1(`spaces/${id}/guests/${account}`)),
  my_organisations: (signal?: AbortSignal): Promise<Answer<{ organisations: Schemas['Organisation'][] }>> =>
    api.send('GET', v1('organisations?mine=true'), undefined, signal),
});
