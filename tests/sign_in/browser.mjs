// As much of a browser as signing in needs: cookies by host, redirections one at a time, forms.
import { broken_promise } from './promises.mjs';

export class Browser {
  #cookies = new Map();

  cookie(url, name) {
    return this.#jar(url).get(name);
  }
  set_cookie(url, name, value) {
    this.#jar(url).set(name, value);
  }
  #jar(url) {
    const { host } = new URL(url);
    if (!this.#cookies.has(host)) this.#cookies.set(host, new Map());
    return this.#cookies.get(host);
  }

  async fetch(url, { method = 'GET', json, form, headers = {} } = {}) {
    const jar = this.#jar(url);
    const sent = { ...headers };
    if (jar.size > 0) sent.Cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    if (json !== undefined) sent['Content-Type'] = 'application/json';
    if (method !== 'GET') sent.Origin = new URL(url).origin;
    const body = json !== undefined ? JSON.stringify(json) : form ? new URLSearchParams(form) : undefined;
    const answer = await fetch(url, { method, headers: sent, body, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (value === '' || /max-age=0/i.test(line) || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  /** Of the node: its answer must be what the contract promises. */
  async json(url, options) {
    const answer = await this.fetch(url, options);
    const text = await answer.text();
    const body = text === '' ? null : JSON.parse(text);
    const broken = broken_promise(options?.method ?? 'GET', url, answer.status, body);
    if (broken) throw new Error(broken);
    return { status: answer.status, body };
  }

  /** Follows redirections until an answer is none, or leads to an address for which `stops(url)` holds; gives that address. */
  async follow(url, stops = () => false) {
    for (let steps = 0; steps < 12; steps += 1) {
      const answer = await this.fetch(url);
      const to = answer.headers.get('location');
      if (to === null) return { url, answer };
      url = new URL(to, url).href;
      if (stops(url)) return { url, answer };
    }
    throw new Error(`${url}: too many redirections`);
  }
}
