// Holds each answer of the node against protocol/openapi.yaml: its status must be promised, its JSON must have the schema.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

const contract = parse(readFileSync(new URL('../../protocol/openapi.yaml', import.meta.url), 'utf8'));
const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ $id: 'contract', ...contract });

const pointer = (...keys) => keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
const patterns = Object.keys(contract.paths).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
  parameters: path.split('{').length - 1,
}));
// A literal segment goes before a parameter.
patterns.sort((a, b) => a.parameters - b.parameters);

const compiled = new Map();
function schema_at(place) {
  if (!compiled.has(place)) compiled.set(place, ajv.compile({ $ref: `contract#${encodeURI(place)}` }));
  return compiled.get(place);
}

/** What is wrong with an answer, or nothing. `body` is undefined for answers without JSON. */
export function broken_promise(method, url, status, body) {
  const { pathname } = new URL(url);
  const known = patterns.find(({ pattern }) => pattern.test(pathname));
  const operation = known && contract.paths[known.path][method.toLowerCase()];
  if (!operation) return `${method} ${pathname} is not in the contract`;
  let place = pointer('paths', known.path, method.toLowerCase(), 'responses', status);
  let response = operation.responses[status];
  if (!response) return `${method} ${known.path} answers ${status}, which the contract does not say: ${JSON.stringify(body)}`;
  if (response.$ref) {
    place = response.$ref.slice(1);
    response = contract.components.responses[response.$ref.split('/').at(-1)];
  }
  const [media_type] = Object.keys(response.content ?? {});
  if (!media_type) return body === undefined || body === null ? null : `${method} ${known.path} ${status}: a body where none is promised`;
  const validate = schema_at(place + pointer('content', media_type, 'schema'));
  if (validate(body)) return null;
  const [{ instancePath, message, params }] = validate.errors;
  return `${method} ${known.path} ${status}: ${instancePath || '/'} ${message} ${JSON.stringify(params)} in ${JSON.stringify(body)}`;
}
