import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { isOutdated, sourcesOfPages } from './pages.ts';

const root = join(import.meta.dirname, '..', '..');

test('pages are built if they are missing or older than their sources', () => {
  assert.equal(isOutdated(undefined, [1]), true);
  assert.equal(isOutdated(20, [10, 21]), true);
  assert.equal(isOutdated(20, [10, 20]), false);
});

test('the sources of pages are their files and those of the bundled packages, without tests', () => {
  const sources = sourcesOfPages(root);
  for (const path of [
    'packages/programs/web/index.html',
    'packages/programs/web/vite.config.ts',
    'packages/programs/web/src/app/main.tsx',
    'packages/programs/web/src/app/shell.css',
    'packages/programs/web/src/app',
    'packages/base/client/src/index.ts',
    'packages/wire/rtps/src/index.ts',
  ]) {
    assert.ok(sources.includes(path), path);
  }
  assert.deepEqual(
    sources.filter((path) => path.includes('/dist') || path.includes('packages/gateway') || path.endsWith('.test.ts')),
    [],
  );
});
