import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leftOut } from './left-out.ts';

describe('a suite whose machine lacks something', () => {
  it('is left out with one sentence that says what, and how to get it', () => {
    const sentence = 'left out: browser tests (apt-get install chromium)';
    for (const env of [{}, { CI: '' }, { CI: 'false' }, { CI: '0' }]) {
      assert.equal(leftOut('browser tests', 'apt-get install chromium', env), sentence);
    }
  });

  it('fails in CI', () => {
    for (const CI of ['true', '1', 'yes']) {
      assert.throws(
        () => leftOut('browser tests', 'apt-get install chromium', { CI }),
        /In CI nothing may be left out/,
      );
    }
  });
});
