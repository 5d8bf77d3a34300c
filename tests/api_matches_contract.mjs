#!/usr/bin/env node
// Asks every address of protocol/openapi.yaml of a running node and holds each answer against its schema.
// Usage: tests/api_matches_contract.mjs CITY_FOLDER…; a folder that is not there is skipped.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { check, program, root } from './contract.mjs';

let passed = 0;
let failed = 0;
let skipped = 0;
function verdict(name, problems) {
  if (problems.length === 0) passed += 1;
  else {
    failed += 1;
    console.error(`FAILED  ${name}: ${problems.join('; ')}`);
  }
}

async function ask(base, path, schema, status = 200) {
  const response = await fetch(base + path);
  const text = await response.text();
  const problems = [];
  if (response.status !== status) problems.push(`status ${response.status}, expected ${status}: ${text.slice(0, 200)}`);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    problems.push(`no JSON: ${text.slice(0, 80)}`);
  }
  if (problems.length === 0) problems.push(...check(status < 400 ? schema : 'Problem', value));
  if (status === 200 && path.startsWith('/api/') && problems.length === 0) {
    const etag = response.headers.get('etag');
    const again = await fetch(base + path, { headers: { 'If-None-Match': etag ?? '' } });
    await again.arrayBuffer();
    // Answers that tell the time may have moved on by a minute in between.
    if (!etag) problems.push('no ETag');
    else if (again.status !== 304 && again.headers.get('etag') === etag) problems.push(`revalidation gives ${again.status}`);
  }
  verdict(path, problems);
  return value;
}

// Follows next_cursor to the end and sees each object once.
async function walkPages(base, path, schema) {
  const seen = new Set();
  let cursor;
  for (let page = 0; page < 300; page += 1) {
    const value = await ask(base, cursor ? `${path}&cursor=${cursor}` : path, schema);
    for (const item of value?.items ?? []) {
      if (seen.has(item.id)) verdict(path, [`${item.id} is on two pages`]);
      seen.add(item.id);
    }
    cursor = value?.next_cursor;
    if (!cursor) return seen;
  }
  verdict(path, ['the pages do not end']);
  return seen;
}

const wrong = [
  ['/api/v1/nearby', 'lat'],
  ['/api/v1/nearby?lat=91&lon=0', 'lat'],
  ['/api/v1/nearby?lat=1', 'lon'],
  ['/api/v1/nearby?lat=0&lon=-170', 'lat'],
  ['/api/v1/nearby?LAT&limit=0', 'limit'],
  ['/api/v1/nearby?LAT&limit=1.5', 'limit'],
  ['/api/v1/nearby?LAT&kinds=place,dragon', 'kinds'],
  ['/api/v1/nearby?LAT&cursor=x', 'cursor'],
  ['/api/v1/nearby?LAT&time=yesterday', 'time'],
  ['/api/v1/nearby?LAT&open_now=perhaps', 'open_now'],
  ['/api/v1/nearby?LAT&radius=5', 'radius'],
  ['/api/v1/nearby?LAT&lat=1', 'lat'],
  ['/api/v1/search', 'q'],
  ['/api/v1/live', 'object'],
  ['/api/v1/live/stream', 'bbox'],
  ['/api/v1/live?bbox=1,2,3', 'bbox'],
  ['/api/v1/live?LAT&at=yesterday', 'at'],
  ['/api/v1/live?LAT&at=2999-01-01T00:00:00Z', 'at'],
  ['/api/v1/live/history', 'entity'],
  ['/api/v1/live/history?entity=urn:a:b', 'attribute'],
  ['/api/v1/live/history?entity=urn:a:b&attribute=c&from=soon', 'from'],
  ['/api/v1/live/history/export?entity=urn:a:b&attribute=c&format=pdf', 'format'],
  ['/api/v1/search?q=', 'q'],
  ['/api/v1/search?q=a&lang=!', 'lang'],
  [`/api/v1/search?q=${'a'.repeat(201)}`, 'q'],
  ['/api/v1/at?lat=x&lon=1', 'lat'],
];

async function judge(base) {
  await ask(base, '/health', 'Health');
  const city = await ask(base, '/api/v1/city', 'City');
  await ask(base, '/api/v1/city?lang=fr', 'City');
  const here = `lat=${city.viewpoints[0].lat}&lon=${city.viewpoints[0].lon}`;
  const kinds = Object.keys(city.counts).filter((kind) => city.counts[kind] > 0);
  for (const kind of kinds) {
    const page = await ask(base, `/api/v1/nearby?${here}&radius_m=20000&kinds=${kind}&limit=40`, 'SummaryPage');
    const distances = page.items.map((item) => item.distance_m);
    if (distances.some((d, i) => i > 0 && d < distances[i - 1])) verdict(kind, ['not nearest first']);
    if (page.items.length === 0) verdict(kind, ['counted, and not found nearby']);
    for (const item of page.items) await ask(base, `/api/v1/objects/${item.id}?geometry=true`, 'Object');
  }
  await ask(base, `/api/v1/nearby?${here}&open_now=true&time=2026-05-04T18:30`, 'SummaryPage');
  await ask(base, `/api/v1/nearby?${here}&classes=shop,food&lang=fr`, 'SummaryPage');
  await walkPages(base, `/api/v1/nearby?${here}&radius_m=500&limit=20`, 'SummaryPage');
  const streets = await walkPages(base, '/api/v1/streets?limit=100', 'StreetPage');
  if (streets.size === 0 && city.counts.street > 0) console.error('no street has a name');
  await ask(base, `/api/v1/streets?${here}&limit=5`, 'StreetPage');
  await ask(base, `/api/v1/at?${here}`, 'Here');
  await ask(base, `/api/v1/live?${here}`, 'LiveAnswer');
  await ask(base, '/api/v1/live?object=stop-n1', 'LiveAnswer');
  await ask(base, '/api/v1/live/rules', 'LiveRules');
  await ask(base, `/api/v1/live?${here}&at=2026-05-04T18:30:00Z`, 'LiveAnswer');
  const areas = await ask(base, '/api/v1/areas', 'Areas');
  for (const area of areas.areas.slice(0, 10)) await ask(base, `/api/v1/areas/${area.id}?limit=5`, 'AreaSummary');
  for (const query of ['a', 'rue', 'pharmacie', 'сад', 'مدينة', '%F0%9F%8F%99', 'x y z']) {
    await ask(base, `/api/v1/search?q=${encodeURI(query)}&${here}`, 'SearchAnswer');
  }
  for (const [path, parameter] of wrong) {
    const problem = await ask(base, path.replace('LAT', here), 'Problem', 400);
    if (problem?.parameter !== parameter) verdict(path, [`names ${problem?.parameter}, expected ${parameter}`]);
  }
  for (const path of ['/api/v1/objects/building-g99999999999', '/api/v1/objects/x', '/api/v1/areas/x', '/api/v1/nothing', '/tiles/none/3d/tileset.json/x']) {
    await ask(base, path, 'Problem', 404);
  }
}

async function judgeFolder(folder) {
  if (!existsSync(join(folder, 'city.pack')) && !existsSync(join(folder, 'city.gpkg'))) {
    skipped += 1;
    return;
  }
  const node = spawn(program, ['serve', folder, '--port', '0', '--requests-per-second', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const base = await new Promise((resolve, reject) => {
      let text = '';
      node.stdout.on('data', (bytes) => {
        text += bytes;
        const found = /http:\/\/\S+:(\d+)\//.exec(text);
        if (found) resolve(`http://127.0.0.1:${found[1]}`);
      });
      node.on('exit', (code) => reject(new Error(`${folder}: the node ended with ${code}`)));
    });
    await judge(base);
  } catch (error) {
    verdict(folder, [String(error)]);
  } finally {
    node.removeAllListeners('exit');
    const ended = new Promise((resolve) => node.on('exit', resolve));
    node.kill('SIGTERM');
    const code = await ended;
    verdict(`${folder}: stopping`, code === 0 ? [] : [`the node ended with ${code}`]);
  }
}

const folders = process.argv.slice(2);
for (const folder of folders.length > 0 ? folders : ['practice', 'monaco', 'krems', 'berlin'].map((name) => join(root, 'build/cities', name))) {
  await judgeFolder(folder);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : passed > 0 ? 0 : 77);
