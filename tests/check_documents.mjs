// Runs the commands of the documents, so that what a newcomer reads is what works: every ```sh block of the README and the guides,
// in order, as a person would type it. A line that serves (./run, citiverse serve) is left running while the rest of its document runs.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const shared = process.env.CITIVERSE_SHARED_DATA ?? join(root, '../shared/data');
const kServeSecondsMax = 120;
const kCommandSecondsMax = 600;
// Commands that this very run is part of, or that install; ./test and install_dependencies have run by now.
const beingRun = /^(\.\/test|tools\/install_dependencies|git clone|cd |sudo )/;
const serving = /^(\.\/run|citiverse serve)\b/;
let passed = 0;
let failed = 0;
let skipped = 0;

const documents = ['README.md', ...readdirSync(join(root, 'docs/guides')).map((name) => `docs/guides/${name}`), 'docs/api.md'];
for (const document of documents) if (existsSync(join(root, document))) await runDocument(document);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed ? 1 : 0);

async function runDocument(document) {
  const inRepository = document === 'README.md';
  const folder = inRepository ? root : mkdtempSync(join(tmpdir(), 'citiverse-documents-'));
  const files = inRepository ? [] : lendFiles(folder);
  const env = { ...process.env, PATH: `${join(root, 'build/release/apps/citiverse')}:${process.env.PATH}` };
  const servers = [];
  for (const [, block] of readFileSync(join(root, document), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)) {
    for (const line of block.replaceAll('\\\n', ' ').split('\n').map((text) => text.trim())) {
      if (!line || line.startsWith('#')) continue;
      if (beingRun.test(line)) {
        skipped++;
        continue;
      }
      const needs = line.match(/\S+\.(osm\.pbf|hgt\.zip)/g) ?? [];
      if (needs.some((file) => !existsSync(join(folder, file)) && !files.includes(file))) {
        console.log(`${document}: skipped, no data: ${line}`);
        skipped++;
        continue;
      }
      const ok = serving.test(line) ? await serve(line, folder, env, servers) : runOnce(line, folder, env);
      if (ok) passed++;
      else failed++;
      console.log(`${document}: ${ok ? 'works' : 'FAILS'}: ${line}`);
    }
  }
  for (const server of servers) if (server.exitCode === null) process.kill(-server.pid, 'SIGTERM');
  await Promise.all(servers.map((server) => new Promise((done) => (server.exitCode === null ? server.once('exit', done) : done()))));
  if (!inRepository) rmSync(folder, { recursive: true });
}

// The names that the guides use for a city's files, where the shared data is at hand.
function lendFiles(folder) {
  const lent = { 'monaco.osm.pbf': 'monaco/monaco-2022-07-19.osm.pbf', 'N43E007.hgt.zip': 'monaco/N43E007.hgt.zip' };
  return Object.entries(lent).flatMap(([name, path]) => {
    if (!existsSync(join(shared, path))) return [];
    symlinkSync(join(shared, path), join(folder, name));
    return [basename(name)];
  });
}

function runOnce(line, cwd, env) {
  const result = spawnSync('bash', ['-euo', 'pipefail', '-c', line], { cwd, env, encoding: 'utf8', timeout: kCommandSecondsMax * 1000 });
  if (result.status !== 0) console.error(result.stdout?.slice(-2000), result.stderr?.slice(-2000), result.error ?? '');
  return result.status === 0;
}

async function serve(line, cwd, env, servers) {
  const port = line.match(/--port (\d+)/)?.[1] ?? '8080';
  const server = spawn('bash', ['-c', `exec ${line.replace(/&\s*$/, '')}`], { cwd, env, detached: true, stdio: 'ignore' });
  servers.push(server);
  for (let second = 0; second < kServeSecondsMax && server.exitCode === null; second += 0.5) {
    await new Promise((done) => setTimeout(done, 500));
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
    if (answer?.ok) return true;
  }
  return false;
}
