import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { MUTATIONS } from './mutations.ts';

const root = join(import.meta.dirname, '..', '..');

it('each mutation changes a rule that its file contains exactly once', () => {
  for (const { file, rule, mutant } of MUTATIONS) {
    const found = readFileSync(join(root, file), 'utf8').split(rule).length - 1;
    assert.equal(found, 1, `${file} contains ${JSON.stringify(rule)} ${found} times`);
    assert.notEqual(rule, mutant);
  }
});

it('each mutation names unit tests in the folder of its package', () => {
  for (const { file, tests } of MUTATIONS) {
    assert.ok(tests.length > 0, file);
    const [packageFolder = ''] = file.split('/src/');
    for (const test of tests) {
      assert.ok(test.startsWith(`${packageFolder}/src/`) && test.endsWith('.test.ts'), test);
      assert.ok(existsSync(join(root, test)), test);
    }
  }
});
