#!/usr/bin/env node
// Browsers speak through a running node: two from browser to browser, seven through Debian's Janus. Chromium's fake microphone beeps, and
// each must hear it. What is not installed is skipped.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { free_port, has_chromium, open_chromium, open_folder, open_visitor, remove_folder, speak_in_group, start_node, until } from './voice_page.mjs';

const kJanus = '/usr/bin/janus';
const kParts = '/usr/lib/x86_64-linux-gnu/janus';
if (!has_chromium) {
  console.log('chromium or playwright-core is not here');
  process.exit(77);
}
const folder = open_folder();
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

let node;
let janus;
let browser;
try {
  const options = [];
  if (existsSync(kJanus)) {
    const port = await free_port();
    janus = start_janus(port);
    options.push('--janus', `http://127.0.0.1:${port}/janus`, '--janus-secret-file', join(folder, 'secret'));
  }
  const started = await start_node(folder, options);
  node = started.node;
  browser = await open_chromium();
  const pages = [];
  async function come(code) {
    const page = await open_visitor(browser, started.base);
    const terms = await page.evaluate((name) => window.self_.enter(name), `Guest ${pages.length + 1}`);
    pages.push(page);
    await speak_in_group(page, code);
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
  remove_folder(folder);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
