// Writing live values as a sensor's gateway does: with a token that the program which serves has made.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { base_url, expect, expect_equal, kAxePath, skip, until } from './harness.mjs';

let token = null;
/** Sends to an address below /ngsi-ld/v1. A running node knows a new token within seconds; what is there already is fine. */
export async function write(path, body, method = 'POST') {
  const { CITIVERSE_PROGRAM: program, CITIVERSE_CITY: city, CITIVERSE_STATE: state } = process.env;
  if (!program) skip('writing live values needs the program that serves');
  token ??= execFileSync(program, ['token', city, 'browser test', '--state', state], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
  let answer = null;
  await until(async () => {
    answer = await fetch(`${base_url}/ngsi-ld/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return answer.status !== 401;
  }, 'the node knows the token');
  expect(answer.status < 300 || answer.status === 409, `${path}: ${answer.status} ${await answer.text()}`);
}

/** A number with all that a door wants to know of it; simulated, as these are. */
export const measured = (value, unitCode, at_ms) => ({
  type: 'Property',
  value,
  unitCode,
  observedAt: new Date(at_ms).toISOString(),
  'https://citiverse.org/ns#status': { type: 'Property', value: 'simulated' },
  'https://citiverse.org/ns#source': { type: 'Property', value: 'Browser test' },
});

export async function expect_axe_finds_nothing(page, where) {
  await page.evaluate(readFileSync(kAxePath, 'utf8'));
  const found = await page.evaluate(async (part) => (await globalThis.axe.run(part)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), where);
  expect_equal(found, [], `axe in ${where}`);
}
