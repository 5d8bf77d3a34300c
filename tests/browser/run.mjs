#!/usr/bin/env node
// Runs the browser tests against a running node (CITIVERSE_URL), or starts one with a city that is there.
//   CITIVERSE_URL=http://127.0.0.1:8080 node tests/browser/run.mjs [part of a file's name or of a sentence]
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const kStart_ms_max = 60_000;
const kTest_ms_max = 300_000;

async function free_port() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Serves the first city that is there; null when there is none, or no program. */
async function start_node() {
  const program = fileURLToPath(new URL('build/release/apps/citiverse/citiverse', root));
  const city = ['monaco', 'practice'].map((name) => fileURLToPath(new URL(`build/cities/${name}`, root))).find(existsSync);
  if (!existsSync(program) || !city) return null;
  const port = await free_port();
  const web = fileURLToPath(new URL('web/dist', root));
  // Accounts belong to a domain; people of these tests are strangers to the next run.
  const state = mkdtempSync(join(tmpdir(), 'citiverse-people-'));
  Object.assign(process.env, { CITIVERSE_PROGRAM: program, CITIVERSE_CITY: city, CITIVERSE_STATE: state });
  const rules = fileURLToPath(new URL('derived.rules.json', import.meta.url));
  const given = ['--host', '127.0.0.1', '--port', String(port), '--web', web, '--state', state, '--public-origin', `http://localhost:${port}`, '--rules', rules];
  const node = spawn(program, ['serve', city, ...given], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const ended = new Promise((done) => node.once('exit', done));
    node.kill('SIGTERM');
    await ended;
    rmSync(state, { recursive: true, force: true });
  };
  for (const end = Date.now() + kStart_ms_max; Date.now() < end; ) {
    const is_ready = await fetch(`${url}/health`).then((answer) => answer.ok, () => false);
    if (is_ready) return { url, stop };
    await new Promise((done) => setTimeout(done, 100));
  }
  await stop();
  throw new Error(`${program}: not ready after ${kStart_ms_max / 1000} s`);
}

let node = null;
if (!process.env.CITIVERSE_URL) {
  node = await start_node();
  if (!node) {
    console.log('no CITIVERSE_URL, and no program with a city in build/cities');
    console.log('0 passed, 0 failed, 1 skipped');
    process.exit(77);
  }
  process.env.CITIVERSE_URL = node.url;
}

const { Skip, open_browser, tests } = await import('./harness.mjs');
const wanted = process.argv[2] ?? '';
for (const file of readdirSync(new URL('.', import.meta.url)).sort()) {
  if (!file.endsWith('_test.mjs')) continue;
  const before = tests.length;
  await import(`./${file}`);
  for (const one of tests.slice(before)) one.file = file;
}

let passed = 0;
let failed = 0;
let skipped = 0;
const failures = [];
const browser = await open_browser();
for (const { sentence, run, file } of tests) {
  if (!file.includes(wanted) && !sentence.includes(wanted)) continue;
  const started = Date.now();
  let timer;
  try {
    const limit = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`longer than ${kTest_ms_max / 1000} s`)), kTest_ms_max);
    });
    await Promise.race([run(browser), limit]);
    passed += 1;
    console.log(`ok      ${sentence} (${Date.now() - started} ms)`);
  } catch (error) {
    if (error instanceof Skip) {
      skipped += 1;
      console.log(`skipped ${sentence}: ${error.message}`);
    } else {
      failed += 1;
      const told = `FAILED  ${file}: ${sentence}\n        ${String(error.message).split('\n').slice(0, 12).join('\n        ')}`;
      failures.push(told);
      console.log(told);
    }
  } finally {
    clearTimeout(timer);
    for (const context of browser.contexts()) await context.close();
  }
}
await browser.close();
await node?.stop();
// Once more at the end: whoever reads only the last lines learns what failed and why.
for (const told of failures) console.log(told);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
