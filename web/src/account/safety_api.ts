// What the node does for safety and moderation, in the terms of protocol/openapi.yaml.
import type { Answer } from '../lib/api';
import type { components } from '../lib/api_types';
import type { Page } from '../lib/page.svelte';

type Schemas = components['schemas'];
export type Contact = Schemas['Contact'];
export type DirectFrom = Schemas['DirectFrom'];
export type Relation = Schemas['Relation'];
export type Report = Schemas['Report'];
export type Decision = Schemas['Decision'];
export type NewDecision = Schemas['NewDecision'];
export type Case = Schemas['Case'];
export type AppealCase = Schemas['AppealCase'];
export type Moderation = Schemas['Moderation'];
export type Thing = Schemas['Thing'];
export type RelationKind = 'blocks' | 'mutes';

type Items<T> = Promise<Answer<{ items: T[]; next_cursor?: string }>>;
const v1 = (path: string): string => `/api/v1/${path}`;
const after = (cursor: string | undefined): string => (cursor ? `&cursor=${encodeURIComponent(cursor)}` : '');

// One shape for all: a function a request, so that a part of the page names what it asks.
export const safety_api = ({ api }: Page) => ({
  contact: (signal?: AbortSignal): Promise<Answer<Contact>> => api.send('GET', v1('me/contact'), undefined, signal),
  set_contact: (direct: DirectFrom): Promise<Answer<Contact>> => api.send('PUT', v1('me/contact'), { direct }),
  relations: (kind: RelationKind, signal?: AbortSignal): Items<Relation> => api.send('GET', v1(`me/${kind}`), undefined, signal),
  end_relation: (kind: RelationKind, id: string): Promise<Answer<undefined>> => api.send('DELETE', v1(`me/${kind}/${id}`)),
  my_things: (signal?: AbortSignal): Items<Thing> => api.send('GET', v1('me/things'), undefined, signal),
  take_thing_away: (id: string): Promise<Answer<undefined>> => api.send('DELETE', v1(`me/things/${id}`)),
  my_reports: (signal?: AbortSignal): Items<Report> => api.send('GET', v1('me/reports'), undefined, signal),
  my_decisions: (signal?: AbortSignal): Items<Decision> => api.send('GET', v1('me/decisions'), undefined, signal),
  appeal: (id: string, reasons: string): Promise<Answer<Decision>> => api.send('POST', v1(`decisions/${id}/appeal`), { reasons }),

  cases: (state: 'open' | 'decided', cursor?: string, signal?: AbortSignal): Items<Case> =>
    api.send('GET', v1(`reports?state=${state}${after(cursor)}`), undefined, signal),
  claim: (id: string): Promise<Answer<Case>> => api.send('PUT', v1(`reports/${id}/claim`), {}),
  release: (id: string): Promise<Answer<Case>> => api.send('DELETE', v1(`reports/${id}/claim`)),
  decide: (id: string, decision: NewDecision): Promise<Answer<Decision>> => api.send('POST', v1(`reports/${id}/decision`), decision),
  revoke: (id: string, reasons: string): Promise<Answer<Decision>> => api.send('POST', v1(`decisions/${id}/revocation`), { reasons }),
  appeals: (cursor?: string, signal?: AbortSignal): Items<AppealCase> => api.send('GET', v1(`appeals?limit=50${after(cursor)}`), undefined, signal),
  decide_appeal: (id: string, outcome: 'upheld' | 'reversed', reasons: string): Promise<Answer<Decision>> =>
    api.send('POST', v1(`appeals/${id}/decision`), { outcome, reasons }),
  moderation: (signal?: AbortSignal): Promise<Answer<Moderation>> => api.send('GET', v1('moderation'), undefined, signal),
});
