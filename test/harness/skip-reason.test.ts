import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { skipReason } from './skip-reason.ts';

describe('a suite that needs something this machine lacks', () => {
  it('is skipped with one sentence that names the missing part and how to install it', () => {
    const sentence = 'left out: browser tests (apt-get install chromium)';
    for (const env of [{}, { CI: '' }, { CI: 'false' }, { CI: '0' }]) {
      assert.equal(skipReason('browser tests', 'apt-get install chromium', env), sentence);
    }
  });

  it('fails in CI', () => {
    for (const CI of ['true', '1', 'yes']) {
      assert.throws(
        () => skipReason('browser tests', 'apt-get install chromium', { CI }),
        /In CI nothing may be left out/,
      );
    }
  });
});
