// protocol/openapi.yaml as a judge: holds values against its schemas.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const program = process.env.CITIVERSE ?? join(root, 'build/release/apps/citiverse/citiverse');
const parts = join(root, 'build/contract');
if (!existsSync(join(parts, 'node_modules/ajv-formats'))) {
  mkdirSync(parts, { recursive: true });
  execFileSync('npm', ['install', '--silent', '--prefix', parts, 'ajv@8.17.1', 'ajv-formats@3.0.1', 'yaml@2.6.1']);
}
const require = createRequire(join(parts, 'package.json'));
const Ajv = require('ajv/dist/2020').default;
export const contract = require('yaml').parse(readFileSync(join(root, 'protocol/openapi.yaml'), 'utf8'));

const ajv = new Ajv({ strict: false, allErrors: true });
require('ajv-formats').default(ajv);
ajv.addSchema({ $id: 'contract', ...contract });
const validators = new Map();

/** What is wrong with a value, by a place in the contract such as "/components/schemas/City". */
export function check_at(pointer, value) {
  if (!validators.has(pointer)) validators.set(pointer, ajv.compile({ $ref: `contract#${pointer}` }));
  const validate = validators.get(pointer);
  return validate(value) ? [] : validate.errors.slice(0, 3).map((e) => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);
}
export const check = (schema, value) => check_at(`/components/schemas/${schema}`, value);
