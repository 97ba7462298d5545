import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { UNIT_TEST_GROUPS, unitTestsIn } from '../../test/harness/unit-tests.ts';
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

describe('the unit tests', () => {
  it('of every package and of the tools are in exactly one group', () => {
    const groups = Object.values(UNIT_TEST_GROUPS).flatMap((folders) => folders.flatMap(unitTestsIn));
    const all = ['packages', 'tools', 'examples'].flatMap(unitTestsIn);
    assert.ok(all.length > 900);
    assert.deepEqual(groups.toSorted(), all.toSorted());
  });

  it('have a file for each group', () => {
    const files = readdirSync(join(root, 'test', 'unit')).map((name) => name.replace('.test.ts', ''));
    assert.deepEqual(files.sort(), Object.keys(UNIT_TEST_GROUPS).sort());
  });
});
