// Who the visitor is: asked of the node, and made known to the whole page after signing in and out.
import type { Answer, Me, Problem } from '../lib/api';
import type { Page } from '../lib/page.svelte';

export async function refresh_me(page: Page): Promise<void> {
  const answer = await page.api.send<Me>('GET', '/api/v1/me');
  if (answer.ok) page.me = answer.value;
}

export async function sign_out(page: Page): Promise<boolean> {
  const answer = await page.api.send('POST', '/api/v1/sign-out', {});
  // A session that is over already is what was asked for.
  if (!answer.ok && answer.problem.status !== 401) {
    page.tell(page.explain(answer.problem));
    return false;
  }
  await refresh_me(page);
  page.tell(page.words.say('account.signed_out'));
  return true;
}

/** After every way of signing in: the page knows the person, and says so. */
export async function welcome(page: Page): Promise<void> {
  await refresh_me(page);
  page.tell(page.words.say('account.welcome', { name: page.me?.name ?? '' }));
}

let answered: ((is_in: boolean) => void) | null = null;

/** Opens the sign-in over the page, saying what for; resolves when it closes: whether the visitor is signed in afresh. */
export function ask_sign_in(page: Page, reason: string): Promise<boolean> {
  page.sign_in_for = reason;
  return new Promise((done) => (answered = done));
}
/** The sign-in dialog closed. */
export function sign_in_closed(page: Page, is_in: boolean): void {
  page.sign_in_for = null;
  answered?.(is_in);
  answered = null;
}

/** What can lock an owner out needs a fresh sign-in: when the node asks for it, the visitor signs in again and the request is repeated. */
export async function freshly<T>(page: Page, request: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const answer = await request();
  if (answer.ok || answer.problem.code !== 'sign_in_again') return known(page, answer);
  return (await ask_sign_in(page, page.words.say('account.sign_in_again'))) ? request() : answer;
}

/** A session that has ended is told to the whole page, so that it offers to sign in; other problems are the caller's. */
export function known<T>(page: Page, answer: Answer<T>): Answer<T> {
  if (!answer.ok && answer.problem.status === 401 && page.me?.signed_in) void refresh_me(page);
  return answer;
}

/** The problem, when it is about this member of what was sent; null otherwise. */
export function about(problem: Problem | null, member: string): Problem | null {
  return problem?.parameter === member ? problem : null;
}
