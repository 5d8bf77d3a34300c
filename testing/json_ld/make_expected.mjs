// Asks jsonld.js, an independent JSON-LD 1.1 processor, what names mean: writes names.json, which src/formats' tests read.
// Usage: npm install --no-save jsonld@8.3.3 && node testing/json_ld/make_expected.mjs
import { writeFileSync } from 'node:fs';
import jsonld from 'jsonld';

const kCoreUrl = 'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld';
const core = {
  '@context': {
    '@version': 1.1,
    'ngsi-ld': 'https://uri.etsi.org/ngsi-ld/',
    geojson: 'https://purl.org/geojson/vocab#',
    location: 'ngsi-ld:location',
    value: 'ngsi-ld:hasValue',
    Property: 'ngsi-ld:Property',
    '@vocab': 'https://uri.etsi.org/ngsi-ld/default-context/',
  },
};
const documents = {
  [kCoreUrl]: core,
  'https://ctx.example/a': { '@context': ['b', { x: 'https://ex.org/a' }] },
  'https://ctx.example/b': { '@context': { x: 'https://ex.org/b', y: 'https://ex.org/y' } },
};
const contexts = [
  {},
  { speed: 'https://ex.org/speed', Car: 'https://ex.org/Car' },
  { ex: 'https://ex.org/', speed: 'ex:speed', deep: 'ex:deep/', 'ex:odd': 'https://ex.org/odd' },
  { ex: 'https://ex.org', speed: 'ex:speed' },
  { ex: { '@id': 'https://ex.org/x-', '@prefix': true }, plain: { '@id': 'https://ex.org/' } },
  { a: 'b', b: 'https://ex.org/b' },
  { '@vocab': 'https://ex.org/v/', name: { '@container': '@set' }, other: 'name' },
  { location: 'https://ex.org/location', value: 'https://ex.org/value' },
  { speed: null, ex: 'https://ex.org/' },
  [{ speed: 'https://ex.org/one' }, { speed: 'https://ex.org/two' }],
  [{ speed: 'https://ex.org/one' }, null, { other: 'https://ex.org/two' }],
  'https://ctx.example/a',
  ['https://ctx.example/a', { '@import': 'https://ctx.example/b', x: 'https://ex.org/mine' }],
  { bb: 'https://ex.org/same', ab: 'https://ex.org/same', aaa: 'https://ex.org/same' },
  { 'ngsi-ld': 'https://evil.example/', x: 'ngsi-ld:x' },
];
const names = ['speed', 'Car', 'ex:wheel', 'ex:deep/x', 'deep:x', 'ex:odd', 'a', 'b', 'name', 'other', 'location', 'value', 'x', 'y',
  'ngsi-ld:x', 'https://ex.org/abs', 'urn:a:b', 'unknown', 'ex', 'plain:x', 'aaa'];
const iris = ['https://ex.org/speed', 'https://ex.org/Car', 'https://ex.org/wheel', 'https://ex.org/deep/x', 'https://ex.org/x-y',
  'https://ex.org/b', 'https://ex.org/v/name', 'https://ex.org/same', 'https://uri.etsi.org/ngsi-ld/location', 'https://ex.org/location',
  'https://uri.etsi.org/ngsi-ld/default-context/speed', 'https://uri.etsi.org/ngsi-ld/default-context/unknown', 'urn:a:b'];

const documentLoader = async (url) => ({ contextUrl: null, documentUrl: url, document: structuredClone(documents[url]) });
const options = { documentLoader, base: null, processingMode: 'json-ld-1.1' };
const cases = [];
for (const context of contexts) {
  const whole = [...(Array.isArray(context) ? context : [context]), kCoreUrl];
  const expanded = {};
  for (const name of names) {
    const [node] = await jsonld.expand({ '@context': whole, [name]: 'v' }, options);
    expanded[name] = Object.keys(node ?? {})[0] ?? '';
  }
  const compacted = {};
  for (const iri of iris) {
    const node = await jsonld.compact({ [iri]: [{ '@value': 'v' }] }, { '@context': whole }, options);
    compacted[iri] = Object.keys(node).find((key) => key !== '@context') ?? '';
  }
  cases.push({ context, expanded, compacted });
}
delete documents[kCoreUrl];
writeFileSync(new URL('names.json', import.meta.url), `${JSON.stringify({ processor: 'jsonld.js 8.3.3', documents, cases }, null, 1)}\n`);
