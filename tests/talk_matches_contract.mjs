#!/usr/bin/env node
// People meet in a running node: they talk, one blocks and reports, a moderator decides, another answers the appeal; notices are pinned,
// and things are put down that stay.
// Every answer is held against the contract, and what was acknowledged is asked again after a kill.
import { check } from './contract.mjs';
import { expect, PracticeNode, walk } from './practice_node.mjs';
import { open_web_socket } from './web_socket.mjs';

const node = new PracticeNode('--stun', 'stun:stun.example:3478');

class Person {
  jar = new Map();

  async ask(method, path, body) {
    const headers = { Origin: node.base, Cookie: this.cookies() };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const response = await fetch(`${node.base}/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^(\w+)=([^;]*)/.exec(cookie);
      this.jar.set(name, value);
    }
    const text = await response.text();
    return { status: response.status, text, value: text ? JSON.parse(text) : undefined };
  }
  cookies() {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }
  /** The answer must have this status and, when a schema is named, its form. */
  async must(status, schema, method, path, body) {
    const answer = await this.ask(method, path, body);
    const problems = answer.status === status ? (status >= 400 ? check('Problem', answer.value) : schema ? check(schema, answer.value) : []) : [`status ${answer.status}: ${answer.text.slice(0, 200)}`];
    expect(`${method} ${path} → ${status}`, problems.length === 0, problems.join('; '));
    return answer.value;
  }
  async must_list(schema, path) {
    const value = await this.must(200, undefined, 'GET', path);
    for (const item of value?.items ?? []) expect(`${path} holds ${schema}`, check(schema, item).length === 0, check(schema, item).join('; '));
    return value?.items ?? [];
  }
  async register(name) {
    await this.must(201, 'Me', 'POST', 'accounts', { sign_in_name: name, password: 'kindly carry seven melons', name: `${name} here`, minor: false });
  }
  /** Into the city's space, as the protocol says; its number there. */
  async enter() {
    this.socket = await open_web_socket(`${node.base}/api/v1/presence?space=city`, 'citiverse.presence.1', { Origin: node.base, Cookie: this.cookies() });
    const hello = Buffer.alloc(38);
    hello.set([1, 1, 0, 2, 32]);
    hello.writeUInt16LE(100, 5);
    this.socket.send(hello);
    const welcome = await this.socket.take((message) => message[0] === 0x81);
    if (!welcome) throw new Error('no welcome');
    this.number = welcome.readUInt32LE(2);
  }
  say(message) {
    this.socket.send(Buffer.concat([Buffer.from([0x10]), Buffer.from(JSON.stringify(message))]));
  }
  /** The next message of this kind that the node tells, and with these words in it, or nothing. */
  async told(kind, wait_ms, words = '') {
    const is_it = (message) => message[0] === 0x90 && JSON.parse(message.subarray(1)).t === kind && message.includes(words);
    const message = await this.socket.take(is_it, wait_ms);
    return message && JSON.parse(message.subarray(1));
  }
}

async function talk(ana, ben) {
  await ana.enter();
  await ben.enter();
  // Who has just come is near others from the next half second on.
  await new Promise((done) => setTimeout(done, 1000));
  ana.say({ t: 'say', to: 'near', text: 'Good morning', lang: 'en' });
  const heard = await ben.told('said');
  expect('who is near reads what is said', heard?.from === ana.number && heard.text === 'Good morning' && heard.proof.length > 40);
  expect('the speaker reads it too', (await ana.told('said'))?.text === 'Good morning');
  ana.say({ t: 'say', to: 'person', person: ben.number, text: 'Are you from here?' });
  expect('a direct message arrives', (await ben.told('said'))?.to === 'person');
  ana.say({ t: 'say', to: 'near', text: 'Look at https://spam.example' });
  expect('a new account sends no web addresses', (await ana.told('problem'))?.code === 'denied');
  expect('and nobody reads it', (await ben.told('said', 300)) === undefined);

  await ben.must(201, 'Relation', 'POST', 'me/mutes', { whom: { person: ana.number, space: 'city' } });
  const [mute] = await ben.must_list('Relation', 'me/mutes');
  ana.say({ t: 'say', to: 'near', text: 'Hello?' });
  expect('who mutes reads nothing', (await ben.told('said', 500)) === undefined);
  await ben.must(204, undefined, 'DELETE', `me/mutes/${mute.id}`);
  // A new account has said enough at once.
  await new Promise((done) => setTimeout(done, 5500));
  ana.say({ t: 'say', to: 'near', text: 'Go away then' });
  return ben.told('said');
}

async function report_and_decide(ana, ben, mod, other_mod, insult) {
  const message = { text: insult.text, proof: insult.proof };
  await ben.must(400, undefined, 'POST', 'reports', { whom: { person: ana.number, space: 'city' }, reason: 'hate', evidence: [{ ...message, text: 'Something worse' }] });
  const report = await ben.must(201, 'Report', 'POST', 'reports', { whom: { person: ana.number, space: 'city' }, reason: 'harassment', evidence: [message], also_block: true });
  await ben.must_list('Report', 'me/reports');
  ana.say({ t: 'say', to: 'near', text: 'Still there?' });
  expect('who is blocked is not heard', (await ben.told('said', 500)) === undefined);
  await new Promise((done) => setTimeout(done, 3000));
  ana.socket.messages.length = 0;
  ana.say({ t: 'say', to: 'person', person: ben.number, text: 'Answer me' });
  expect('who is blocked finds nobody to write to', (await ana.told('problem'))?.code === 'not_found');
  await ana.must(404, undefined, 'POST', 'me/blocks', { whom: { person: ben.number, space: 'city' } });
  await ben.must(403, undefined, 'GET', 'reports');

  const [first] = await mod.must_list('Case', 'reports?state=open');
  expect('the queue shows the proven words', first?.evidence[0]?.text === 'Go away then');
  await mod.must(200, 'Case', 'PUT', `reports/${report.id}/claim`);
  await other_mod.must(409, undefined, 'POST', `reports/${report.id}/decision`, { action: 'none', ground: 'other', reasons: 'x' });
  const decision = await mod.must(201, 'Decision', 'POST', `reports/${report.id}/decision`, { action: 'time_out', hours: 2, ground: 'harassment', reasons: 'You went on after a no.', lang: 'en' });
  expect('a time-out closes the socket', (await ana.socket.closed()) === 4002, `closed with ${ana.socket.close_code}`);
  expect('and keeps the door shut', await ana.enter().then(() => false, (error) => error.status === 403));
  await mod.must(200, 'Case', 'GET', `reports/${report.id}`);
  await mod.must_list('Case', 'reports?state=decided');
  const [told] = await ana.must_list('Decision', 'me/decisions');
  expect('the person concerned reads the reasons', told?.reasons === 'You went on after a no.');
  await ana.must(201, 'Decision', 'POST', `decisions/${decision.id}/appeal`, { reasons: 'It was a misunderstanding.' });
  expect('no moderator judges an appeal of their own decision', (await mod.must_list('AppealCase', 'appeals')).length === 0);
  await mod.must(403, undefined, 'POST', `appeals/${decision.id}/decision`, { outcome: 'upheld', reasons: 'x' });
  await other_mod.must_list('AppealCase', 'appeals');
  await other_mod.must(200, 'Decision', 'POST', `appeals/${decision.id}/decision`, { outcome: 'reversed', reasons: 'It was.' });
  await ana.enter();
  await new Person().must(200, 'Moderation', 'GET', 'moderation');
  const [block] = await ben.must_list('Relation', 'me/blocks');
  const silence = await mod.must(201, 'Decision', 'POST', 'decisions', { whom: { person: ana.number, space: 'city' }, action: 'silence', hours: 1, ground: 'spam', reasons: 'Enough for today.' }).catch(() => undefined);
  if (silence) await mod.must(200, 'Decision', 'POST', `decisions/${silence.id}/revocation`, { reasons: 'On second thought.' });
  await ben.must(204, undefined, 'DELETE', `me/blocks/${block.id}`);
}

async function notices(ana, ben) {
  const { viewpoints } = await ana.must(200, 'City', 'GET', 'city');
  const { lat, lon } = viewpoints[0];
  const notice = await ana.must(201, 'Notice', 'POST', 'notices', { lat, lon, text: 'Chess on Sunday at three', lang: 'en', days: 7 });
  expect('anybody reads a notice near', (await new Person().must_list('Notice', `notices?lat=${lat}&lon=${lon}&radius_m=50`)).length === 1);
  await new Person().must(200, 'Notice', 'GET', `notices/${notice.id}`);
  await ben.must(404, undefined, 'DELETE', `notices/${notice.id}`);
  await ana.must(204, undefined, 'DELETE', `notices/${notice.id}`);
  await new Person().must(404, undefined, 'GET', `notices/${notice.id}`);
  await ana.must(200, 'Notice', 'POST', `notices/${notice.id}/restoration`);
  await ana.must_list('Notice', 'me/notices');
  await ana.must(400, undefined, 'POST', 'notices', { lat, text: 'x' });
  await ana.must(400, undefined, 'POST', 'notices', { lat, lon, text: 'x', colour: 'red' });
  await ana.must(400, undefined, 'GET', 'notices?radius_m=5&object=place-n1&lat=1&lon=1');
  return notice.id;
}

// Ana lets two things stay; a moderator takes one away. Gives the words on the other.
async function things(ana, ben, mod) {
  ana.say({ t: 'object', do: 'make', shape: 'sign', text: 'Cheap watches', stays: true });
  const bad = (await ben.told('objects', 5000, '"thing"'))?.objects[0];
  expect('who is near is told of a thing once it is kept, by its owner’s name', bad?.text === 'Cheap watches' && bad.by === 'ana here' && !('owner' in bad), JSON.stringify(bad));
  // Words on things count as talk, and a new account says only so much at once.
  let table;
  for (let i = 0; i < 10 && !table; i += 1) {
    ana.say({ t: 'object', do: 'make', shape: 'table', text: 'Chess?', stays: true });
    table = await ana.told('objects', 2500, 'Chess?');
  }
  expect('its owner is told that it is theirs', table?.objects[0]?.owner === ana.number);
  await ana.told('objects', 5000, '"thing"');
  for (let i = 0; i < 50 && (await ana.ask('GET', 'me/things')).value.items.length < 2; i += 1) await new Promise((done) => setTimeout(done, 100));
  expect('one’s things are listed', (await ana.must_list('Thing', 'me/things')).length === 2);
  const report = await ben.must(201, 'Report', 'POST', 'reports', { whom: { thing: bad.thing }, reason: 'spam' });
  await ben.must(400, undefined, 'POST', 'reports', { whom: { thing: bad.thing, notice: bad.thing }, reason: 'spam' });
  const seen = await mod.must(200, 'Case', 'GET', `reports/${report.id}`);
  expect('a moderator sees the thing', seen?.thing?.text === 'Cheap watches' && seen.subject.name === 'ana here');
  await mod.must(201, 'Decision', 'POST', `reports/${report.id}/decision`, { action: 'removal', ground: 'spam', reasons: 'Advertising.' });
  expect('what a moderator takes away goes from sight', (await ben.told('objects', 5000, '"gone"'))?.gone[0] === bad.object);
  await ben.must(404, undefined, 'DELETE', `me/things/${bad.thing}`);
  const kept = await ana.must_list('Thing', 'me/things');
  expect('and from the list', kept.length === 1);
  return kept[0]?.text;
}

await walk(node, async () => {
  const [ana, ben, mod, other_mod] = [new Person(), new Person(), new Person(), new Person()];
  for (const [person, name] of [[ana, 'ana'], [ben, 'ben'], [mod, 'mod'], [other_mod, 'other_mod']]) await person.register(name);
  for (const name of ['mod', 'other_mod']) node.grant(name, 'moderator');
  for (let i = 0; i < 100 && (await other_mod.ask('GET', 'reports')).status !== 200; i += 1) await new Promise((done) => setTimeout(done, 200));
  await ana.must(200, 'Contact', 'GET', 'me/contact');
  await ana.must(200, 'Contact', 'PUT', 'me/contact', { direct: 'met' });
  await ana.must(400, undefined, 'PUT', 'me/contact', { direct: 'friends' });
  expect('voice needs a consent', (await ana.must(200, 'Voice', 'GET', 'voice')).near === false);
  await ana.must(200, undefined, 'PUT', 'me/consents/voice', { given: true });
  expect('and works with it', (await ana.must(200, 'Voice', 'GET', 'voice')).near === true);
  await mod.enter();
  const insult = await talk(ana, ben);
  await report_and_decide(ana, ben, mod, other_mod, insult);
  const notice = await notices(ana, ben);
  const words = await things(ana, ben, mod);
  await node.end('SIGKILL');
  await node.start();
  await new Person().must(200, 'Notice', 'GET', `notices/${notice}`);
  await ben.enter();
  ben.say({ t: 'object', do: 'list' });
  const standing = await ben.told('objects', 5000, '"all"');
  expect('in a killed node stands what it kept, and nothing else', standing?.objects.length === 1 && standing.objects[0].text === words, JSON.stringify(standing));
  await ana.must(204, undefined, 'DELETE', `me/things/${standing?.objects[0]?.thing}`);
  expect('and its owner takes it away from afar', (await ben.told('objects', 5000, '"gone"'))?.gone[0] === standing.objects[0].object);
  expect('a killed node has its decisions', (await ana.must_list('Decision', 'me/decisions')).some((one) => one.appeal.state === 'reversed'));
});
