#!/usr/bin/env node
// Browsers speak through a running node: two from browser to browser, seven through Debian's Janus. Chromium's fake microphone beeps, and
// each must hear it. What is not installed is skipped.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, root } from './contract.mjs';

const kChromium = process.env.CITIVERSE_CHROMIUM ?? '/usr/bin/chromium';
const kJanus = '/usr/bin/janus';
const kParts = '/usr/lib/x86_64-linux-gnu/janus';
if (!existsSync(kChromium) || !existsSync(join(root, 'web/node_modules/playwright-core'))) {
  console.log('chromium or playwright-core is not here');
  process.exit(77);
}
const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core');
const folder = mkdtempSync(join(tmpdir(), 'citiverse-voice-'));
let passed = 0;
let failed = 0;
let skipped = 0;
function expect(name, is_so, why = 'not so') {
  if (is_so) passed += 1;
  else {
    failed += 1;
    console.error(`FAILED  ${name}: ${why}`);
  }
}
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
async function free_port() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

function start_janus(port) {
  const off = 'duktape lua sip nosip videoroom streaming textroom recordplay videocall voicemail echotest'.split(' ').map((name) => `libjanus_${name}.so`);
  const folders = ['plugins', 'transports', 'events', 'loggers'].map((name) => `${name}_folder = "${kParts}/${name}";`).join(' ');
  writeFileSync(
    join(folder, 'janus.jcfg'),
    `general: { configs_folder = "${folder}"; ${folders} debug_level = 3; api_secret = "north"; }\nplugins: { disable = "${off}"; }\n` +
      'transports: { disable = "libjanus_websockets.so,libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_mqtt.so,libjanus_nanomsg.so"; }\n',
  );
  writeFileSync(join(folder, 'janus.transport.http.jcfg'), `general: { base_path = "/janus"; http = true; port = ${port}; ip = "127.0.0.1"; }\n`);
  writeFileSync(join(folder, 'janus.plugin.audiobridge.jcfg'), 'general: { admin_key = "key"; }\n');
  writeFileSync(join(folder, 'secret'), 'north\nkey\n');
  return spawn(kJanus, [`--config=${join(folder, 'janus.jcfg')}`, `--configs-folder=${folder}`, '--disable-colors'], { stdio: 'ignore' });
}

// What runs in each page: the presence socket, a microphone, and a connection a peer. Person 0 is the gateway.
function in_page() {
  const self = { links: new Map(), problems: [], group: undefined, gateway: false };
  window.self_ = self;
  const say = (message) => self.socket.send(new Uint8Array([0x10, ...new TextEncoder().encode(JSON.stringify(message))]));
  const signal = (person, data) => say({ t: 'signal', person, data });
  self.say = say;
  function link_to(person) {
    if (self.links.has(person)) return self.links.get(person);
    const link = new RTCPeerConnection();
    self.links.set(person, link);
    for (const track of self.stream.getTracks()) link.addTrack(track, self.stream);
    link.onicecandidate = ({ candidate }) => signal(person, { candidate: candidate ? candidate.toJSON() : null });
    link.ontrack = ({ streams: [stream] }) => {
      const audio = new Audio();
      audio.srcObject = stream;
      void audio.play();
    };
    return link;
  }
  async function offer_to(person) {
    const link = link_to(person);
    await link.setLocalDescription(await link.createOffer());
    signal(person, { offer: link.localDescription.sdp });
  }
  function unlink(person) {
    self.links.get(person)?.close();
    self.links.delete(person);
  }
  const answers = {
    group: ({ code, members }) => (self.group = { code, members }),
    problem: (message) => self.problems.push(message),
    voice: ({ peers, off, gateway = false }) => {
      for (const person of off) unlink(person);
      for (const person of peers) if (self.person < person && !self.links.has(person)) void offer_to(person);
      if (gateway && !self.gateway) void offer_to(0);
      if (!gateway && self.gateway) unlink(0);
      self.gateway = gateway;
    },
    signal: async ({ from, data }) => {
      const link = link_to(from);
      if (data.offer) {
        await link.setRemoteDescription({ type: 'offer', sdp: data.offer });
        await link.setLocalDescription(await link.createAnswer());
        signal(from, { answer: link.localDescription.sdp });
      } else if (data.answer) await link.setRemoteDescription({ type: 'answer', sdp: data.answer });
      else if (data.candidate) await link.addIceCandidate(data.candidate).catch(() => {});
    },
  };
  self.enter = async (name) => {
    const send = (method, path, body) => fetch(`/api/v1/${path}`, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    await send('POST', 'sign-in/guest', { name, minor: false });
    await send('PUT', 'me/consents/voice', { given: true });
    self.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const terms = await (await fetch('/api/v1/voice')).json();
    self.socket = new WebSocket(`ws://${location.host}/api/v1/presence?space=city`, 'citiverse.presence.1');
    self.socket.binaryType = 'arraybuffer';
    await new Promise((done) => (self.socket.onopen = done));
    const hello = new DataView(new ArrayBuffer(38));
    [1, 1, 0, 2, 32].forEach((byte, i) => hello.setUint8(i, byte));
    hello.setUint16(5, 100, true);
    const welcome = new Promise((done) => {
      let last = Promise.resolve();
      self.socket.onmessage = ({ data }) => {
        const bytes = new Uint8Array(data);
        if (bytes[0] === 0x81) done(new DataView(data).getUint32(2, true));
        if (bytes[0] !== 0x90) return;
        const message = JSON.parse(new TextDecoder().decode(bytes.subarray(1)));
        // One after the other: a candidate must not overtake its offer.
        last = last.then(() => answers[message.t]?.(message)).catch((error) => self.problems.push(String(error)));
      };
    });
    self.socket.send(hello.buffer);
    self.person = await welcome;
    return terms;
  };
  // Sound that arrived: packets and energy of all links, and how many links there are.
  self.heard = async () => {
    const sum = { links: self.links.size, packets: 0, energy: 0, with_sound: 0 };
    for (const link of self.links.values())
      for (const report of (await link.getStats()).values()) {
        if (report.type !== 'inbound-rtp' || report.kind !== 'audio') continue;
        sum.packets += report.packetsReceived;
        sum.energy += report.totalAudioEnergy ?? 0;
        if (report.packetsReceived > 50 && report.totalAudioEnergy > 0) sum.with_sound += 1;
      }
    return sum;
  };
}

async function until(page, wanted, seconds = 40) {
  let heard;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await wait(500)) if (wanted((heard = await page.evaluate(() => window.self_.heard())))) return true;
  console.error(JSON.stringify(heard), JSON.stringify(await page.evaluate(() => window.self_.problems)));
  return false;
}

let node;
let janus;
let browser;
try {
  const made = join(root, 'build/cities/practice');
  let city = made;
  if (!existsSync(join(made, 'city.gpkg'))) {
    city = join(folder, 'city');
    execFileSync(program, ['generate', '--seed', '1', '--people', '2000', '--out', city], { stdio: 'ignore' });
  }
  const options = ['--port', '0', '--requests-per-second', '0', '--state', join(folder, 'state')];
  if (existsSync(kJanus)) {
    const port = await free_port();
    janus = start_janus(port);
    options.push('--janus', `http://127.0.0.1:${port}/janus`, '--janus-secret-file', join(folder, 'secret'));
  }
  node = spawn(program, ['serve', city, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  const base = await new Promise((resolve, reject) => {
    let text = '';
    node.stdout.on('data', (bytes) => {
      const found = /http:\/\/\S+:(\d+)\//.exec((text += bytes));
      if (found) resolve(`http://127.0.0.1:${found[1]}`);
    });
    node.on('exit', (code) => reject(new Error(`the node ended with ${code}`)));
  });
  browser = await chromium.launch({
    executablePath: kChromium,
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required', '--disable-gpu'],
  });
  const pages = [];
  async function come(code) {
    const context = await browser.newContext({ permissions: ['microphone'], serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.goto(`${base}/health`);
    await page.evaluate(in_page);
    const terms = await page.evaluate((name) => window.self_.enter(name), `Guest ${pages.length + 1}`);
    pages.push(page);
    await page.evaluate((join_code) => window.self_.say(join_code ? { t: 'group', join: join_code } : { t: 'group', make: true }), code);
    await page.waitForFunction(() => window.self_.group?.code, undefined, { timeout: 20_000 });
    await page.evaluate(() => window.self_.say({ t: 'voice', on: true, scope: 'group' }));
    return terms;
  }
  const terms = await come();
  expect('a guest may speak in groups and not to strangers', terms.groups && !terms.near);
  const code = await pages[0].evaluate(() => window.self_.group.code);
  await come(code);
  for (const page of pages.slice(0, 2)) expect('two hear each other from browser to browser', await until(page, (heard) => heard.with_sound === 1), 'no sound');

  if (!janus) skipped += 1;
  else {
    while (pages.length < 7) await come(code);
    for (const [i, page] of pages.entries()) {
      await page.waitForFunction(() => window.self_.gateway && window.self_.links.size === 1 && window.self_.links.has(0), undefined, { timeout: 30_000 }).catch(() => {});
      expect(`${i + 1} of seven hears the others through the gateway`, await until(page, (heard) => heard.links === 1 && heard.with_sound === 1), 'no sound');
    }
    janus.kill('SIGKILL');
    await pages[0].waitForFunction(() => !window.self_.gateway, undefined, { timeout: 30_000 }).catch(() => {});
    expect('all are told when the gateway is lost', await pages[0].evaluate(() => !window.self_.gateway && window.self_.links.size === 0));
  }
} catch (error) {
  expect('walk', false, String(error?.stack ?? error));
} finally {
  await browser?.close();
  node?.kill('SIGTERM');
  janus?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
