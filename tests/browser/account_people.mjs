// People for the tests of accounts: made by the API as a browser would make them, with roles given on the command line.
import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { base_url, open_page, skip } from './harness.mjs';

/** Passkeys belong to a domain, so the pages of accounts are opened by name. */
export const home = base_url.replace('127.0.0.1', 'localhost');
export const kPassword = 'plum cobbler under a tin roof';

/** One request as the page makes it. The answer: { status, body, cookie }. */
export function send(method, path, { body, cookie } = {}) {
  const url = new URL(path, home);
  const headers = { origin: url.origin, ...(cookie ? { cookie } : {}), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
  return new Promise((done, failed) => {
    const asked = request(url, { method, headers }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += part));
      answer.on('end', () => {
        const set = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]);
        const is_json = /json/.test(answer.headers['content-type'] ?? '');
        done({ status: answer.statusCode, body: is_json ? JSON.parse(text) : text, cookie: set.length > 0 ? set.join('; ') : cookie });
      });
    });
    asked.on('error', failed);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
async function sent(method, path, options) {
  const answer = await send(method, path, options);
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

const known = new Map();
/** A registered person, made once a run: { name, sign_in_name, id, cookie, ask }. A node takes few new accounts from one address. */
export async function person(name, roles = []) {
  if (known.has(name)) return known.get(name);
  const sign_in_name = `${name.toLowerCase()}-${Date.now().toString(36)}`;
  const body = { sign_in_name, password: kPassword, name, minor: false, languages: ['en'] };
  const made = await sent('POST', '/api/v1/accounts', { body });
  const one = { name, sign_in_name, id: made.body.account, cookie: made.cookie };
  one.ask = (method, path, given) => sent(method, path, { cookie: one.cookie, ...(given === undefined ? {} : { body: given }) });
  for (const role of roles) grant(sign_in_name, role);
  // A privileged role counts from the next sign-in on.
  if (roles.length > 0) one.cookie = (await sent('POST', '/api/v1/sign-in/password', { body: { sign_in_name, password: kPassword } })).cookie;
  known.set(name, one);
  return one;
}

/** Gives a role as the operator of the machine does. */
export function grant(sign_in_name, role) {
  const { CITIVERSE_PROGRAM: program, CITIVERSE_CITY: city, CITIVERSE_STATE: state } = process.env;
  if (!program || !city || !state) skip('no CITIVERSE_PROGRAM, CITIVERSE_CITY and CITIVERSE_STATE to give roles with');
  execFileSync(program, ['grant', city, sign_in_name, role, '--state', state], { stdio: 'pipe' });
}

/** Opens a page as somebody, or as nobody. */
export async function open_as(browser, who, path, options = {}) {
  const page = await open_page(browser, 'about:blank', options);
  if (who) {
    const cookies = who.cookie.split('; ').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url: home, httpOnly: true }));
    await page.context().addCookies(cookies);
  }
  await page.goto(home + path);
  return page;
}
