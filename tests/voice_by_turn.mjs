#!/usr/bin/env node
// Two browsers that may use nothing but a relay speak through Debian's coturn, with the credentials that a running node gives to those who
// turn voice on; wrong and expired ones are refused. What is not installed is skipped.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { existsSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { free_port, has_chromium, open_chromium, open_folder, open_visitor, remove_folder, speak_in_group, start_node, until, wait } from './voice_page.mjs';

const kTurn = '/usr/bin/turnserver';
const kSecret = 'a secret of north and south';
if (!has_chromium || !existsSync(kTurn)) {
  console.log('chromium, playwright-core or coturn is not here');
  process.exit(77);
}
const folder = open_folder();
let passed = 0;
let failed = 0;
function expect(name, is_so, why = 'not so') {
  if (is_so) passed += 1;
  else {
    failed += 1;
    console.error(`FAILED  ${name}: ${why}`);
  }
}
/** Chromium sends nothing to a relay from the loopback alone. */
const address = Object.values(networkInterfaces()).flat().find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';

async function start_turn(port) {
  const file = join(folder, 'turnserver.conf');
  const lines = ['use-auth-secret', `static-auth-secret=${kSecret}`, 'realm=city.example', `listening-ip=${address}`, `relay-ip=${address}`];
  lines.push(`listening-port=${port}`, 'no-tls', 'no-dtls', 'no-cli', 'no-multicast-peers', 'log-file=stdout', `pidfile=${join(folder, 'pid')}`, `userdb=${join(folder, 'db')}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  const turn = spawn(kTurn, ['-c', file], { stdio: 'ignore' });
  for (const end = Date.now() + 30_000; Date.now() < end && turn.exitCode === null; ) if (await answers(port)) return turn;
  throw new Error(`coturn does not answer; it ended with ${turn.exitCode}`);
}
/** Whether something answers a binding request there (RFC 8489, 5 and 7). */
function answers(port) {
  const socket = createSocket('udp4');
  const request = Buffer.alloc(20);
  request.writeUInt16BE(1, 0);
  request.writeUInt32BE(0x2112a442, 4);
  return new Promise((done) => {
    const end = (is_there) => {
      clearTimeout(late);
      socket.close();
      done(is_there);
    };
    const late = setTimeout(() => end(false), 300);
    socket.on('error', () => end(false));
    socket.on('message', (bytes) => end(bytes.readUInt16BE(0) === 0x0101));
    socket.send(request, port, address);
  });
}
/** As in the draft of TURN's REST interface. */
const credential_of = (username) => createHmac('sha1', kSecret).update(username).digest('base64');

/** The kinds of candidates that a browser finds with an ICE server, and what the server refused, by code. */
const gathered = (page, server) =>
  page.evaluate(async (ice_server) => {
    const link = new RTCPeerConnection({ iceServers: [ice_server], iceTransportPolicy: 'relay' });
    const found = { kinds: [], refused: [] };
    link.onicecandidate = ({ candidate }) => candidate?.type && found.kinds.push(candidate.type);
    link.onicecandidateerror = ({ errorCode }) => found.refused.push(errorCode);
    link.addTransceiver('audio');
    await link.setLocalDescription();
    await new Promise((done) => {
      link.onicegatheringstatechange = () => link.iceGatheringState === 'complete' && done();
    });
    link.close();
    return found;
  }, server);

let node;
let turn;
let browser;
try {
  const port = await free_port();
  turn = await start_turn(port);
  writeFileSync(join(folder, 'turn'), `${kSecret}\n`);
  const started = await start_node(folder, ['--turn', `turn:${address}:${port}?transport=udp`, '--turn-secret-file', join(folder, 'turn')]);
  node = started.node;
  browser = await open_chromium();

  const stranger = await open_visitor(browser, started.base);
  const refused = await stranger.evaluate(async () => (await fetch('/api/v1/voice')).status);
  expect('whoever is not signed in gets no credentials', refused === 401, String(refused));
  const silent = await stranger.evaluate(async () => {
    const headers = { 'Content-Type': 'application/json' };
    await fetch('/api/v1/sign-in/guest', { method: 'POST', headers, body: JSON.stringify({ name: 'Silent', minor: false }) });
    return (await fetch('/api/v1/voice')).json();
  });
  expect('whoever has not turned voice on gets none either', silent.ice_servers?.length === 0, JSON.stringify(silent));

  const pages = [];
  let code;
  let terms;
  for (const name of ['Ada', 'Ben']) {
    const page = await open_visitor(browser, started.base);
    terms = await page.evaluate((one) => window.self_.enter(one), name);
    await page.evaluate((servers) => (window.self_.ice = { iceServers: servers, iceTransportPolicy: 'relay' }), terms.ice_servers);
    code = await speak_in_group(page, code);
    pages.push(page);
  }
  for (const page of pages) {
    expect('two hear each other through the relay alone', await until(page, (heard) => heard.with_sound === 1), 'no sound');
    const pair = await page.evaluate(() => window.self_.way());
    expect('both ends of the way are relayed', pair.local === 'relay' && pair.remote === 'relay', JSON.stringify(pair));
  }

  const [server] = terms.ice_servers;
  const left_s = Number(server.username.split(':')[0]) - Date.now() / 1000;
  expect('credentials end within four hours', left_s > 0 && left_s <= 4 * 3600 + 60, `${left_s} s`);
  expect('they are of the secret that both share', server.credential === credential_of(server.username));
  const good = await gathered(pages[0], server);
  expect('with them the server relays', good.kinds.includes('relay'), JSON.stringify(good));
  const past = `${Math.floor(Date.now() / 1000) - 60}:late`;
  const bad = {
    'a wrong credential': { ...server, credential: credential_of(`${server.username}x`) },
    'an expired one': { ...server, username: past, credential: credential_of(past) },
    'one whose end was put off': { ...server, username: server.username.replace(/^\d+/, (end) => String(Number(end) + 3600)) },
  };
  for (const [name, one] of Object.entries(bad)) {
    const found = await gathered(pages[0], one);
    expect(`${name} is refused`, found.kinds.length === 0 && found.refused.includes(401), JSON.stringify(found));
  }
} catch (error) {
  expect('walk', false, String(error?.stack ?? error));
} finally {
  await browser?.close();
  node?.kill('SIGTERM');
  turn?.kill('SIGTERM');
  await wait(200);
  remove_folder(folder);
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed > 0 ? 1 : 0);
