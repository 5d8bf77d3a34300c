#!/usr/bin/env node
// Asks the addresses about people of a running node: every answer against the contract, every address for what it refuses, and
// what was acknowledged after the node was killed.
import { check, check_at, contract } from './contract.mjs';
import { expect, PracticeNode, verdict, walk } from './practice_node.mjs';

const node = new PracticeNode();

const resolved = (thing) => (thing?.$ref ? [thing.$ref.slice(1).split('/').slice(1).reduce((at, key) => at[key], contract), thing.$ref.slice(1)] : [thing]);
const pointer_of = (key) => key.replaceAll('~', '~0').replaceAll('/', '~1');

// Holds an answer against what the contract says of this operation and status.
function problems_with(template, method, status, type, text) {
  const response = contract.paths[template]?.[method]?.responses?.[status];
  if (!response) return [`the contract has no answer ${status}`];
  const [said, pointer] = resolved(response);
  if (!said.content) return text === '' ? [] : [`a body where none is: ${text.slice(0, 80)}`];
  const media = Object.keys(said.content).find((each) => type?.startsWith(each));
  if (!media) return [`media type ${type}`];
  if (!media.endsWith('json')) return [];
  const place = pointer ?? `/paths/${pointer_of(template)}/${method}/responses/${status}`;
  return check_at(encodeURI(`${place}/content/${pointer_of(media)}/schema`), JSON.parse(text));
}

class Browser {
  jar = new Map();

  async ask(method, template, { parameters = {}, query = '', body, origin = node.base } = {}) {
    const path = template.replace(/\{(\w+)\}/g, (_, name) => parameters[name] ?? name);
    const headers = { Origin: origin, Cookie: [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ') };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const response = await fetch(node.base + path + query, { method: method.toUpperCase(), headers, body: body && JSON.stringify(body) });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^(\w+)=([^;]*)/.exec(cookie);
      if (value) this.jar.set(name, value);
      else this.jar.delete(name);
    }
    const text = await response.text();
    const type = response.headers.get('content-type');
    return { status: response.status, type, text, value: type?.endsWith('json') && text ? JSON.parse(text) : undefined };
  }
  // As ask(), and the answer must have this status and the contract's form.
  async must(status, method, template, options) {
    const answer = await this.ask(method, template, options);
    const problems = answer.status === status ? problems_with(template, method, status, answer.type, answer.text) : [`status ${answer.status}: ${answer.text.slice(0, 200)}`];
    verdict(`${method} ${template} → ${status}`, problems);
    return answer.value;
  }
}

const operations = Object.entries(contract.paths).flatMap(([path, operations]) =>
  Object.entries(operations)
    .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
    .map(([method, operation]) => ({ path, method, operation })),
);
const is_unsafe = ({ method }) => method !== 'get';

// Addresses that change something refuse other sites; addresses for people refuse strangers: by the contract's own list.
async function refuse_strangers() {
  const stranger = new Browser();
  for (const each of operations) {
    const name = `${each.method} ${each.path}`;
    if (is_unsafe(each)) {
      const answer = await stranger.ask(each.method, each.path, { origin: 'https://elsewhere.example', body: {} });
      expect(`${name} from elsewhere`, answer.status === 403 && answer.value?.code === 'cross_origin', `${answer.status} ${answer.text}`);
    }
    if (each.operation.responses['401'] && !each.path.startsWith('/api/v1/sign-in/') && !each.operation.responses['101']) {
      const answer = await stranger.ask(each.method, each.path, is_unsafe(each) ? { body: {} } : {});
      const problems = check('Problem', answer.value);
      if (answer.status !== 401 || answer.value?.code !== 'sign_in_needed') problems.push(`${answer.status} ${answer.text}`);
      verdict(`${name} by a stranger`, problems);
    }
  }
}

const kPassword = 'kindly carry seven melons';
const registration = (sign_in_name) => ({ sign_in_name, password: kPassword, name: `${sign_in_name} here`, minor: false });

async function walk_through(ana, ben) {
  await new Browser().must(200, 'get', '/api/v1/me');
  const guest = new Browser();
  await guest.must(201, 'post', '/api/v1/sign-in/guest', { body: { name: 'Wanderer', minor: true, languages: ['ar', 'pt-BR'], pronouns: 'they' } });
  await guest.must(409, 'post', '/api/v1/sign-in/guest', { body: { name: 'Wanderer', minor: true } });
  await guest.must(403, 'post', '/api/v1/me/recovery-codes', { body: {} });
  await guest.must(204, 'delete', '/api/v1/me');
  await ana.must(201, 'post', '/api/v1/accounts', { body: registration('ana') });
  const ben_me = await ben.must(201, 'post', '/api/v1/accounts', { body: registration('ben') });
  await new Browser().must(409, 'post', '/api/v1/accounts', { body: registration('ANA') });
  await new Browser().must(400, 'post', '/api/v1/accounts', { body: { ...registration('eve'), password: 'short' } });
  await new Browser().must(401, 'post', '/api/v1/sign-in/password', { body: { sign_in_name: 'ana', password: 'wrong' } });
  await ana.must(200, 'post', '/api/v1/sign-in/password', { body: { sign_in_name: 'ana', password: kPassword } });
  await ana.must(200, 'patch', '/api/v1/me', { body: { pronouns: 'she', languages: ['fr'], access_needs: ['captions'], look: { skin: 3, aid: 1 } } });
  await ana.must(400, 'patch', '/api/v1/me', { body: { nmae: 'x' } });
  await ana.must(409, 'patch', '/api/v1/me', { body: { sign_in_name: 'ben' } });
  const { sessions } = await ana.must(200, 'get', '/api/v1/me/sessions');
  expect('the asking session is marked', sessions.filter((each) => each.current).length === 1);
  await ana.must(204, 'delete', '/api/v1/me/sessions');
  await ana.must(404, 'delete', '/api/v1/me/sessions/{id}', { parameters: { id: 'aaaaaaaaaaaab' } });
  const { codes } = await ana.must(201, 'post', '/api/v1/me/recovery-codes', { body: {} });
  const phone = new Browser();
  await phone.must(200, 'post', '/api/v1/sign-in/recovery', { body: { sign_in_name: 'ana', code: codes[0].toUpperCase() } });
  await phone.must(204, 'post', '/api/v1/sign-out', { body: {} });
  await ana.must(401, 'put', '/api/v1/me/password', { body: { current_password: 'wrong', new_password: `${kPassword}!` } });
  await ana.must(400, 'put', '/api/v1/me/password', { body: { current_password: kPassword, new_password: 'aaaaaaaaaaaaaaaaaaaa' } });
  await ana.must(204, 'put', '/api/v1/me/password', { body: { current_password: kPassword, new_password: `${kPassword}!` } });
  await ana.must(200, 'get', '/api/v1/me/consents');
  await ana.must(200, 'put', '/api/v1/me/consents/{purpose}', { parameters: { purpose: 'captions' }, body: { given: true } });
  await ana.must(404, 'put', '/api/v1/me/consents/{purpose}', { parameters: { purpose: 'advertising' }, body: { given: true } });
  const everything = await ana.must(200, 'get', '/api/v1/me/export');
  expect('the export holds the consent', everything.identity.consents[0]?.purpose === 'captions');
  await ana.must(200, 'get', '/api/v1/me/export', { query: '?format=html' });
  await ana.must(202, 'delete', '/api/v1/me');
  await ana.must(200, 'delete', '/api/v1/me/erasure');
  return ben_me.account;
}

async function walk_organisations(ana, ben, ben_account) {
  const at = (id) => ({ parameters: { id, account: ben_account } });
  const { id } = await ana.must(201, 'post', '/api/v1/organisations', { body: { name: 'Choir of the Quay', about: 'we sing' } });
  await ana.must(409, 'post', '/api/v1/organisations', { body: { name: 'choir of the quay' } });
  await ana.must(200, 'put', '/api/v1/organisations/{id}/members/{account}', { ...at(id), body: { role: 'member' } });
  await ben.must(200, 'put', '/api/v1/organisations/{id}/members/{account}', { ...at(id), body: { role: 'member' } });
  await ben.must(403, 'patch', '/api/v1/organisations/{id}', { ...at(id), body: { about: 'mine' } });
  await ana.must(200, 'patch', '/api/v1/organisations/{id}', { ...at(id), body: { about: 'we sing louder' } });
  await ben.must(200, 'get', '/api/v1/organisations/{id}/members', at(id));
  await new Browser().must(200, 'get', '/api/v1/organisations', { query: '?q=quay&limit=1' });
  await ben.must(200, 'get', '/api/v1/organisations', { query: '?mine=true' });
  await ana.must(200, 'get', '/api/v1/organisations/{id}', at(id));
  await ben.must(204, 'delete', '/api/v1/organisations/{id}/members/{account}', at(id));
  await ana.must(204, 'delete', '/api/v1/organisations/{id}', at(id));
  await ana.must(404, 'get', '/api/v1/organisations/{id}', at(id));
}

async function walk_roles(ana, ben, ben_account) {
  const at = { parameters: { id: ben_account, role: 'office' } };
  await ana.must(403, 'get', '/api/v1/audit');
  node.grant('ana', 'operator');
  for (let i = 0; i < 100 && (await ana.ask('get', '/api/v1/audit')).status !== 200; i += 1) await new Promise((done) => setTimeout(done, 200));
  await ana.must(200, 'get', '/api/v1/accounts', { query: '?q=be' });
  await ana.must(200, 'get', '/api/v1/accounts/{id}', at);
  await ana.must(200, 'put', '/api/v1/accounts/{id}/roles/{role}', at);
  await ana.must(409, 'delete', '/api/v1/accounts/{id}/roles/{role}', { parameters: { id: (await ana.ask('get', '/api/v1/me')).value.account, role: 'operator' } });
  await ana.must(200, 'put', '/api/v1/accounts/{id}/verification', { ...at, body: { reference: 'R 4711' } });
  const me = await ben.must(200, 'get', '/api/v1/me');
  expect('a verified resident is one at once', me.verified && me.roles.includes('resident') && me.permissions.includes('verify_residents'));
  await ana.must(200, 'delete', '/api/v1/accounts/{id}/verification', at);
  await ana.must(200, 'delete', '/api/v1/accounts/{id}/roles/{role}', at);
  const machine = await ana.must(201, 'post', '/api/v1/machines', { body: { name: 'Air sensors', permissions: ['write_live_values'], days: 30 } });
  await ana.must(400, 'post', '/api/v1/machines', { body: { name: 'Air sensors', permissions: ['moderate'] } });
  const machines = await ana.must(200, 'get', '/api/v1/machines');
  expect('a token is shown once', machine.token.startsWith('cvm_') && machines.machines.length === 1 && !('token' in machines.machines[0]));
  await ana.must(204, 'delete', '/api/v1/machines/{id}', { parameters: { id: machine.id } });
  await ana.must(404, 'delete', '/api/v1/machines/{id}', { parameters: { id: machine.id } });
  const report = { id: 'urn:ngsi-ld:Noise:contract', type: 'Noise', attribute: 'level', value: 54.5, unit: '2N', source: 'contract test' };
  const taken = await ana.must(200, 'post', '/api/v1/live/reports', { body: [report] });
  expect('a report is taken', taken.items === 1 && taken.taken === 1 && taken.refused === 0);
  const refused = await ana.must(400, 'post', '/api/v1/live/reports', { body: [report, { ...report, source: undefined }] });
  expect('a row that is wrong is named', refused.rows.length === 1 && refused.rows[0].row === 2);
  await ana.must(404, 'post', '/api/v1/live/reports/{rule}', { parameters: { rule: 'none' }, body: [report] });
  await ben.must(403, 'post', '/api/v1/live/reports', { body: [report] });
  const page = await ana.must(200, 'get', '/api/v1/audit', { query: '?limit=2' });
  await ana.must(200, 'get', '/api/v1/audit', { query: `?limit=2&cursor=${page.next_cursor}` });
  await new Browser().must(200, 'get', '/api/v1/policy');
}

// Ana is an operator by now: she may make spaces of her own. Gives one that she keeps.
async function walk_spaces(ana, ben, ben_account) {
  const where = (await ana.ask('get', '/api/v1/city')).value.origin ?? { lat: 0, lon: 0 };
  const space = { name: 'Great hall', about: 'for concerts', audience: 'invited', people_max: 20, width_m: 30, lat: where.lat, lon: where.lon };
  await ben.must(403, 'post', '/api/v1/spaces', { body: space });
  const wish = { type: 'urn:Noise', attribute: 'urn:level', is: 'above', than: 65, place: 'Here', lat: 47, lon: 8, radius_m: 300 };
  await ana.must(400, 'post', '/api/v1/me/alerts', { body: { ...wish, radius_m: 3 } });
  const { id: alert } = await ana.must(201, 'post', '/api/v1/me/alerts', { body: wish });
  const { alerts } = await ana.must(200, 'get', '/api/v1/me/alerts');
  expect('an alert is kept', alerts.length === 1 && alerts[0].id === alert);
  await ben.must(404, 'delete', '/api/v1/me/alerts/{id}', { parameters: { id: alert } });
  await ana.must(204, 'delete', '/api/v1/me/alerts/{id}', { parameters: { id: alert } });
  await ana.must(400, 'post', '/api/v1/spaces', { body: { ...space, width_m: 3 } });
  const { id } = await ana.must(201, 'post', '/api/v1/spaces', { body: space });
  const at = { parameters: { id, account: ben_account } };
  await ben.must(404, 'get', '/api/v1/spaces/{id}', at);
  await ana.must(204, 'put', '/api/v1/spaces/{id}/guests/{account}', at);
  await ana.must(200, 'get', '/api/v1/spaces/{id}/guests', at);
  const listed = await ben.must(200, 'get', '/api/v1/spaces');
  expect('who is invited finds the space and may enter', listed.spaces.some((each) => each.id === id && each.may_enter && each.on_list && !each.may_change));
  await ben.must(403, 'patch', '/api/v1/spaces/{id}', { ...at, body: { name: 'Mine' } });
  await ana.must(200, 'patch', '/api/v1/spaces/{id}', { ...at, body: { audience: 'roles', roles: ['teacher'] } });
  await ben.must(200, 'get', '/api/v1/spaces/{id}', at);
  await ben.must(204, 'delete', '/api/v1/spaces/{id}/guests/{account}', at);
  await ana.must(204, 'delete', '/api/v1/spaces/{id}', at);
  await ana.must(409, 'delete', '/api/v1/spaces/{id}', at);
  await ana.must(200, 'post', '/api/v1/spaces/{id}/restoration', { ...at, body: {} });
  return id;
}

async function kill_and_come_back(ana, space) {
  const before = (await ana.ask('get', '/api/v1/me')).value;
  const audit = (await ana.ask('get', '/api/v1/audit')).value.entries.length;
  await ana.must(200, 'patch', '/api/v1/me', { body: { name: 'Ana after all' } });
  await node.end('SIGKILL');
  await node.start();
  const after = await ana.must(200, 'get', '/api/v1/me');
  expect('a killed node knows who is signed in', after.account === before.account && after.session.id === before.session.id);
  const kept = await ana.must(200, 'get', '/api/v1/spaces/{id}', { parameters: { id: space } });
  expect('a killed node has its spaces with their rules', kept.audience === 'roles' && kept.people_max === 20 && kept.may_change);
  expect('a killed node has what it acknowledged', after.name === 'Ana after all');
  expect('a killed node has its audit log', (await ana.ask('get', '/api/v1/audit')).value.entries.length === audit);
}

// Many at once, from one address: no more than the limit are tried, and who is signed in does not notice.
async function spray(ana) {
  const attempts = Array.from({ length: 60 }, (_, i) =>
    new Browser().ask('post', '/api/v1/sign-in/password', { body: { sign_in_name: `person${i}`, password: 'summer of twenty-six' } }),
  );
  await ana.must(200, 'get', '/api/v1/me');
  const answers = await Promise.all(attempts);
  const tried = answers.filter((each) => each.status === 401).length;
  expect('spraying is cut off', tried <= 20 && answers.every((each) => [401, 429, 503].includes(each.status)), `${tried} tried`);
  await ana.must(200, 'post', '/api/v1/sign-in/password', { body: { sign_in_name: 'ana', password: `${kPassword}!` } });
}

await walk(node, async () => {
  const [ana, ben] = [new Browser(), new Browser()];
  await refuse_strangers();
  const ben_account = await walk_through(ana, ben);
  await walk_organisations(ana, ben, ben_account);
  await walk_roles(ana, ben, ben_account);
  const space = await walk_spaces(ana, ben, ben_account);
  await kill_and_come_back(ana, space);
  await spray(ana);
});
