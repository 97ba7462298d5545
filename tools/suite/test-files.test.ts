import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inOrder, SPECIAL } from './test-files.ts';

const root = join(import.meta.dirname, '..', '..');

describe('the order of the test files', () => {
  it('names existing files, each once', () => {
    const named = SPECIAL.map(({ file }) => file);
    assert.deepEqual(
      named.filter((file) => !existsSync(join(root, file))),
      [],
    );
    assert.equal(new Set(named).size, named.length);
  });

  it('starts with files that measure or take long, then sorts the others by name, and omits none', () => {
    const files = ['test/b.test.ts', 'test/a.test.ts', 'test/scenes/guides.test.ts', 'test/plugins/unruly.test.ts'];
    const order = inOrder(files).map(({ file }) => file);
    assert.deepEqual(order, [
      'test/plugins/unruly.test.ts',
      'test/scenes/guides.test.ts',
      'test/a.test.ts',
      'test/b.test.ts',
    ]);
  });
});
