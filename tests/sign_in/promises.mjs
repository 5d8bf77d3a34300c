// Holds each answer of the node against what the contract promises there: a status that it names, and JSON of its schema.
import { check_at, contract } from '../contract.mjs';

const pointer = (...keys) => keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
const patterns = Object.keys(contract.paths).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
  parameters: path.split('{').length - 1,
}));
// A literal segment goes before a parameter.
patterns.sort((a, b) => a.parameters - b.parameters);

/** What is wrong with an answer, or nothing. `body` is null for answers without JSON. */
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
  if (!media_type) return body === null ? null : `${method} ${known.path} ${status}: a body where none is promised`;
  const problems = check_at(encodeURI(place + pointer('content', media_type, 'schema')), body);
  return problems.length === 0 ? null : `${method} ${known.path} ${status}: ${problems.join('; ')} in ${JSON.stringify(body)}`;
}
