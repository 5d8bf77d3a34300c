// A node of the practice city with a state folder of its own, for one run of tests.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, root } from '../contract.mjs';

const kStart_ms_max = 30_000;

export async function free_port() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Gives { url, log(), stop() }; the page's name is localhost, where browsers make passkeys. */
export async function start_node(port, sign_in) {
  const folder = mkdtempSync(join(tmpdir(), 'citiverse-sign-in-'));
  const made = join(root, 'build/cities/practice');
  const city = existsSync(made) ? made : join(folder, 'city');
  if (city !== made) execFileSync(program, ['generate', '--seed', '1', '--people', '12000', '--out', city], { stdio: 'ignore' });
  const state = join(folder, 'state');
  mkdirSync(state, { mode: 0o700 });
  writeFileSync(join(state, 'sign_in.json'), JSON.stringify(sign_in), { mode: 0o600 });
  const url = `http://localhost:${port}`;
  const web = join(root, 'web/dist');
  const page = existsSync(web) ? ['--web', web] : [];
  const given = ['--host', '127.0.0.1', '--port', String(port), ...page, '--state', state, '--public-origin', url];
  const node = spawn(program, ['serve', city, ...given], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  node.stderr.on('data', (text) => (log += text));
  let code = null;
  node.on('exit', (number, signal) => (code = signal ?? number));
  const stop = async () => {
    await new Promise((done) => setTimeout(done, 200));
    if (code !== null) console.log(`the node ended by itself (${code}):\n${log.slice(-2000)}`);
    if (node.exitCode === null) {
      node.kill('SIGTERM');
      await new Promise((done) => node.once('exit', done));
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + kStart_ms_max; Date.now() < end && node.exitCode === null; ) {
    if (await fetch(`http://127.0.0.1:${port}/health`).then((answer) => answer.ok, () => false)) return { url, log: () => log, stop };
    await new Promise((done) => setTimeout(done, 100));
  }
  await stop();
  throw new Error(`${program}: not ready\n${log}`);
}
