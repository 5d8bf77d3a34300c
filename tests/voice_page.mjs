// What the tests of voice share: visitors by script in Chromium with a microphone that beeps, and the node and the servers they speak through.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, root } from './contract.mjs';

const kChromium = process.env.CITIVERSE_CHROMIUM ?? '/usr/bin/chromium';
export const has_chromium = existsSync(kChromium) && existsSync(join(root, 'web/node_modules/playwright-core'));
export const wait = (ms) => new Promise((done) => setTimeout(done, ms));
/** For the files of one test, removed with it. */
export const open_folder = () => mkdtempSync(join(tmpdir(), 'citiverse-voice-'));
export const remove_folder = (folder) => rmSync(folder, { recursive: true, force: true });

export const open_chromium = () =>
  createRequire(join(root, 'web/package.json'))('playwright-core').chromium.launch({
    executablePath: kChromium,
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required', '--disable-gpu'],
  });

export async function free_port() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** A node on the practice city; gives its process and its address. */
export async function start_node(folder, options) {
  let city = join(root, 'build/cities/practice');
  if (!existsSync(join(city, 'city.gpkg'))) {
    city = join(folder, 'city');
    execFileSync(program, ['generate', '--seed', '1', '--people', '2000', '--out', city], { stdio: 'ignore' });
  }
  const given = ['serve', city, '--port', '0', '--requests-per-second', '0', '--state', join(folder, 'state'), ...options];
  const node = spawn(program, given, { stdio: ['ignore', 'pipe', 'ignore'] });
  const base = await new Promise((resolve, reject) => {
    let text = '';
    node.stdout.on('data', (bytes) => {
      const found = /http:\/\/\S+:(\d+)\//.exec((text += bytes));
      if (found) resolve(`http://127.0.0.1:${found[1]}`);
    });
    node.on('exit', (code) => reject(new Error(`the node ended with ${code}`)));
  });
  return { node, base };
}

/** A visitor's page on the node, with what in_page() brings. */
export async function open_visitor(browser, base, ice = {}) {
  const context = await browser.newContext({ permissions: ['microphone'], serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(`${base}/health`);
  await page.evaluate(in_page, ice);
  return page;
}
/** Makes a group, or joins that of a code, and speaks in it; gives the group's code. */
export async function speak_in_group(page, code) {
  await page.evaluate((join_code) => window.self_.say(join_code ? { t: 'group', join: join_code } : { t: 'group', make: true }), code);
  await page.waitForFunction(() => window.self_.group?.code, undefined, { timeout: 20_000 });
  await page.evaluate(() => window.self_.say({ t: 'voice', on: true, scope: 'group' }));
  return page.evaluate(() => window.self_.group.code);
}

// What runs in each page: the presence socket, a microphone, and a connection a peer. Person 0 is the gateway.
export function in_page(ice = {}) {
  const self = { links: new Map(), problems: [], group: undefined, gateway: false, ice };
  window.self_ = self;
  const say = (message) => self.socket.send(new Uint8Array([0x10, ...new TextEncoder().encode(JSON.stringify(message))]));
  const signal = (person, data) => say({ t: 'signal', person, data });
  self.say = say;
  function play(link) {
    link.ontrack = ({ track }) => {
      const audio = new Audio();
      audio.srcObject = new MediaStream([track]);
      void audio.play();
    };
  }
  function link_to(person) {
    if (self.links.has(person)) return self.links.get(person);
    const link = new RTCPeerConnection(self.ice);
    self.links.set(person, link);
    for (const track of self.stream.getTracks()) link.addTrack(track, self.stream);
    link.onicecandidate = ({ candidate }) => signal(person, { candidate: candidate ? candidate.toJSON() : null });
    play(link);
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
  // The way that a connection goes: the kinds of both ends' candidates.
  self.way = async () => {
    const [link] = self.links.values();
    const reports = await link.getStats();
    for (const report of reports.values()) {
      if (report.type !== 'candidate-pair' || !report.nominated || report.state !== 'succeeded') continue;
      return { local: reports.get(report.localCandidateId)?.candidateType, remote: reports.get(report.remoteCandidateId)?.candidateType };
    }
    return {};
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

/** Waits until what is heard is as wanted; says what was there when it does not come. */
export async function until(page, wanted, seconds = 40) {
  let heard;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await wait(500)) if (wanted((heard = await page.evaluate(() => window.self_.heard())))) return true;
  console.error(JSON.stringify(heard), JSON.stringify(await page.evaluate(() => window.self_.problems)));
  return false;
}
