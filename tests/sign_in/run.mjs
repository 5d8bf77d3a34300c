#!/usr/bin/env node
// Runs the tests of signing in against a node and a provider of its own: node tests/sign_in/run.mjs [part of a sentence]
import { existsSync, readdirSync } from 'node:fs';
import { Skip, close_pages, tests } from './harness.mjs';
import { program } from '../contract.mjs';
import { free_port, start_node } from './node.mjs';

const kTest_ms_max = 60_000;

async function main() {
  if (!existsSync(program)) {
    console.log(`${program} is not built\n0 passed, 0 failed, 1 skipped`);
    process.exit(77);
  }
  const { start_provider } = await import('./provider.mjs');
  const port = Number(process.env.CITIVERSE_TEST_PORT ?? (await free_port()));
  const closed_port = await free_port();
  const callback = (id) => `http://localhost:${port}/api/v1/sign-in/oidc/${id}/callback`;
  // Three providers, one an algorithm.
  const clients = [
    { id: 'rs256', algorithm: 'RS256', secret: 'a secret with & and :' },
    { id: 'es256', algorithm: 'ES256' },
    { id: 'eddsa', algorithm: 'EdDSA', secret: 'another' },
  ];
  const providers = [];
  for (const client of clients) providers.push(await start_provider(await free_port(), [{ ...client, redirect_uri: callback(client.id) }]));
  const people = { set: (sub, claims) => providers.forEach((one) => one.people.set(sub, claims)) };
  const node = await start_node(port, {
    providers: [
      ...clients.map(({ id, secret }, i) => ({
        id,
        issuer: providers[i].issuer,
        client_id: id,
        ...(secret ? { client_secret: secret } : {}),
        label: `Provider ${id}`,
        scopes: ['city'],
        ...(id === 'rs256' ? { verified_resident: { claim: 'resident' } } : {}),
      })),
      { id: 'gone', issuer: `http://127.0.0.1:${closed_port}`, client_id: 'x', label: 'Gone' },
      { id: 'inside', issuer: `https://localhost:${closed_port}`, client_id: 'x', label: 'Inside' },
    ],
    trusted_hosts: [...providers.map(({ issuer }) => new URL(issuer).host), `127.0.0.1:${closed_port}`],
  });

  const wanted = process.argv[2] ?? '';
  for (const file of readdirSync(new URL('.', import.meta.url)).sort()) {
    if (file.endsWith('_test.mjs')) await import(`./${file}`);
  }
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const { sentence, run } of tests) {
    if (!sentence.includes(wanted)) continue;
    let timer;
    const limit = new Promise((_, refuse) => {
      timer = setTimeout(() => refuse(new Error(`longer than ${kTest_ms_max / 1000} s`)), kTest_ms_max);
    });
    try {
      await Promise.race([run({ node, people }), limit]);
      passed += 1;
      console.log(`ok      ${sentence}`);
    } catch (error) {
      if (error instanceof Skip) {
        skipped += 1;
        console.log(`skipped ${sentence}: ${error.message}`);
        continue;
      }
      failed += 1;
      console.log(`FAILED  ${sentence}\n        ${error.stack}${error.cause ? `\n        ${error.cause.stack}` : ""}`);
    } finally {
      clearTimeout(timer);
    }
  }
  await close_pages();
  await node.stop();
  for (const provider of providers) await provider.stop();
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

await main();
