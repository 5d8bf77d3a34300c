// A node on the practice city with people of its own, that a test kills and starts again; and the count of what the test found.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program, root } from './contract.mjs';

let passed = 0;
let failed = 0;
/** Holds when nothing is wrong. */
export function verdict(name, problems) {
  if (problems.length === 0) passed += 1;
  else {
    failed += 1;
    console.error(`FAILED  ${name}: ${problems.join('; ')}`);
  }
}
export const expect = (name, is_so, why = 'not so') => verdict(name, is_so ? [] : [why]);

export class PracticeNode {
  /** Where it is reached, from start() on. */
  base = '';
  #folder = mkdtempSync(join(tmpdir(), 'citiverse-node-'));
  #state = join(this.#folder, 'state');
  #city = join(root, 'build/cities/practice');
  #given;
  #process;

  /** `given`: further arguments of `citiverse serve`. */
  constructor(...given) {
    this.#given = given;
    if (existsSync(join(this.#city, 'city.gpkg'))) return;
    this.#city = join(this.#folder, 'city');
    execFileSync(program, ['generate', '--seed', '1', '--people', '2000', '--out', this.#city], { stdio: 'ignore' });
  }
  async start() {
    const given = ['serve', this.#city, '--port', '0', '--requests-per-second', '0', '--state', this.#state, ...this.#given];
    const node = (this.#process = spawn(program, given, { stdio: ['ignore', 'pipe', 'ignore'] }));
    this.base = await new Promise((resolve, reject) => {
      let text = '';
      node.stdout.on('data', (bytes) => {
        const found = /http:\/\/\S+:(\d+)\//.exec((text += bytes));
        if (found) resolve(`http://127.0.0.1:${found[1]}`);
      });
      node.on('exit', (code) => reject(new Error(`the node ended with ${code}`)));
    });
  }
  /** Gives its exit code. */
  async end(signal) {
    this.#process.removeAllListeners('exit');
    const ended = new Promise((resolve) => this.#process.on('exit', resolve));
    this.#process.kill(signal);
    return ended;
  }
  /** A role, as the operator of the machine gives it. */
  grant(sign_in_name, role) {
    execFileSync(program, ['grant', this.#city, sign_in_name, role, '--state', this.#state]);
  }
  remove() {
    this.#process?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A whole test: `steps` on a started node, its orderly end, and the program's with the count. */
export async function walk(node, steps) {
  try {
    await node.start();
    await steps();
    expect('stopping', (await node.end('SIGTERM')) === 0);
  } catch (error) {
    verdict('walk', [String(error?.stack ?? error)]);
  } finally {
    node.remove();
  }
  console.log(`${passed} passed, ${failed} failed, 0 skipped`);
  process.exit(failed > 0 ? 1 : 0);
}
