// GitHub's API description as the tests use it, and answers made from it.
//
// The description knows JSON alone. GitHub's own pages say more about some paths, and that is added here: the diff and
// raw media types, and errors with a message on every path. A path that is there twice under two names for the same
// segments is kept once, because a proxy can only match one.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

export function description() {
  const spec = JSON.parse(fs.readFileSync(path.join(here, 'github.json'), 'utf8'));
  delete spec.paths['/repos/{owner}/{repo}/compare/{base}...{head}'];
  const text = { schema: { type: 'string' } };
  const media = {
    '/repos/{owner}/{repo}/pulls/{pull_number}': ['application/vnd.github.diff', 'application/vnd.github.patch'],
    '/repos/{owner}/{repo}/contents/{path}': ['application/vnd.github.raw'],
    '/repos/{owner}/{repo}/git/blobs/{file_sha}': ['application/vnd.github.raw'],
  };
  for (const [name, types] of Object.entries(media)) {
    for (const type of types) spec.paths[name].get.responses['200'].content[type] = text;
  }
  const refusal = {
    description: 'an error with a message',
    content: { 'application/json': { schema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] } } },
  };
  for (const operations of Object.values(spec.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (method === 'parameters') continue;
      for (const status of ['401', '403', '404', '422', '429', '502']) operation.responses[status] ??= refusal;
    }
  }
  return spec;
}

// The smallest value that a schema takes, with `over` laid on top: an answer that holds what a test is about and is
// valid in everything else.
export class Answers {
  constructor(spec) { this.schemas = spec.components.schemas; }

  make(name, over = {}) { return merge(this.sample({ $ref: `#/components/schemas/${name}` }), over); }

  sample(schema) {
    if (schema.$ref) return this.sample(this.schemas[schema.$ref.split('/').pop()]);
    if (schema.nullable) return null;
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => this.sample(part)));
    if (schema.oneOf || schema.anyOf) return this.sample((schema.oneOf ?? schema.anyOf)[0]);
    if (schema.enum) return schema.enum[0];
    if (schema.type === 'object' || schema.properties) {
      const out = {};
      for (const key of schema.required ?? []) out[key] = this.sample(schema.properties?.[key] ?? {});
      return out;
    }
    if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => this.sample(schema.items ?? {}));
    if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1);
    if (schema.type === 'boolean') return false;
    if (schema.format === 'date-time') return '2025-10-09T08:53:20Z';
    if (schema.format === 'date') return '2025-10-09';
    if (schema.format === 'uri') return 'https://example.org/';
    if (schema.format === 'email') return 'ada@example.org';
    return schema.minLength ? 'x'.repeat(schema.minLength) : 'x';
  }
}

function merge(base, over) {
  if (over === undefined) return base;
  if (over === null || base === null || typeof over !== 'object' || typeof base !== 'object' || Array.isArray(over)) return over;
  const out = { ...base };
  for (const [key, value] of Object.entries(over)) if (value !== undefined) out[key] = merge(base[key], value);
  return out;
}

// `node description.mjs FILE` writes it for the proxy.
if (process.argv[1] === fileURLToPath(import.meta.url)) fs.writeFileSync(process.argv[2], JSON.stringify(description()));
