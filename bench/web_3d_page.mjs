// What the bars of the 3D view share: a browser without graphics chip, a page that counts its frames, and a node to ask.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { chromium } = createRequire(path.join(root, 'web/package.json'))('playwright-core');

const kSoftwareGl = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];
const kReady_ms_max = 20_000;

/**
 * The address of a node that serves the city: CITIVERSE_URL if it is set, else `citiverse serve` is started with the city folder
 * of the command line, of CITIVERSE_CITY, or Monaco as `./test cities` made it. `stop` ends what was started here.
 */
export async function open_node(port) {
  if (process.env.CITIVERSE_URL) return { url: process.env.CITIVERSE_URL, stop: () => {} };
  const city = process.argv[2] ?? process.env.CITIVERSE_CITY ?? path.join(root, 'build/cities/monaco');
  const program = path.join(root, 'build/release/apps/citiverse/citiverse');
  if (!existsSync(city) || !existsSync(program)) {
    console.error('give a node by CITIVERSE_URL, or a city folder (and build the release preset): bench/web_3d_… FOLDER');
    process.exit(2);
  }
  const url = `http://127.0.0.1:${port}`;
  const node = spawn(program, ['serve', city, '--port', String(port), '--web', path.join(root, 'web/dist')], { stdio: 'ignore' });
  const until_ms = Date.now() + kReady_ms_max;
  while (!(await fetch(`${url}/health`).then((answer) => answer.ok, () => false))) {
    if (Date.now() > until_ms) throw new Error(`no answer from ${url}/health`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
  return { url, stop: () => node.kill() };
}

export const open_browser = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: kSoftwareGl });

/** Counts in the page: `drawn.frames` has the time of each frame in which something was drawn. */
export async function count_frames(page) {
  await page.addInitScript(() => {
    const drawn = { frames: [], triangles: 0, first_picture_ms: null };
    window.drawn = drawn;
    let frame = 0;
    let last = -1;
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (act) => ask((now) => {
      frame = now;
      act(now);
    });
    for (const name of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced']) {
      const draw = WebGL2RenderingContext.prototype[name];
      WebGL2RenderingContext.prototype[name] = function (...given) {
        const count = name.startsWith('drawArrays') ? given[2] : given[1];
        drawn.triangles += (count / 3) * (name.endsWith('Instanced') ? given.at(-1) : 1);
        if (frame !== last) drawn.frames.push(performance.now());
        last = frame;
        return draw.apply(this, given);
      };
    }
  });
}

/** The last line of a bar. `met` by what `bar` says: 'at least' or 'at most'. */
export function judge(name, figure, unit, kind, bar) {
  const met = kind === 'at least' ? figure >= bar : figure <= bar;
  console.log(`${name}: ${Number(figure.toFixed(2))} ${unit} (bar: ${kind} ${bar} ${unit}) ${met ? 'met' : 'missed'}`);
  return met;
}
