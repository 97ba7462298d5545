import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { WARNING_KINDS } from './warning-kinds.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** Patterns of warning codes in the sources. */
const WARNINGS = [/\bcode: '([a-z]+(?:_[a-z]+)+)'/g, /\bwarning\(\s*'([a-z_]+)'/g, /: '([a-z]+_id_collision)'/g];

it('the table contains exactly the warnings that the packages use', () => {
  const sources = globSync('packages/**/src/**/*.ts', { cwd: ROOT }).filter(
    (path) =>
      !path.endsWith('.test.ts') && !path.includes('node_modules') && !/\/(?:contract|demo|testing)\//.test(path),
  );
  const codes = new Set(
    sources.flatMap((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return WARNINGS.flatMap((form) => [...text.matchAll(form)].map(([, code]) => code as string));
    }),
  );
  assert.ok(codes.size > 50, String(codes.size));
  assert.deepEqual(
    [...codes].filter((code) => !(code in WARNING_KINDS)),
    [],
  );
  assert.deepEqual(
    Object.keys(WARNING_KINDS).filter((code) => !codes.has(code)),
    [],
  );
});

it('every guide exists', () => {
  for (const [code, { docs }] of Object.entries(WARNING_KINDS))
    assert.ok(existsSync(join(ROOT, docs)), `${code} ${docs}`);
});
