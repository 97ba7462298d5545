import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { passwordProblem } from './password-problem.ts';

const ALICE = { name: 'alice', hostName: 'amr-01' };

describe('a rejected password', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /0 characters; 12 are the least/],
    ['short-word1', /11 characters/],
    ['😀😀😀😀😀😀😀', /7 characters/],
    ['x'.repeat(257), /256 characters are the most/],
    ['x'.repeat(1_000_000), /256 characters are the most/],
    ['password1234', /used most/],
    ['Password1234', /used most/],
    ['1q2w3e4r5t6y', /used most/],
    ['correct horse battery staple', /used most/],
    ['aaaaaaaaaaaaa', /again and again/],
    ['abcabcabcabcab', /again and again/],
    ['alice1234567', /little more than alice/],
    ['alice.1234567890', /little more than alice/],
    ['Alice-Alice-Alice-1', /little more than alice/],
    ['amr-01-amr-01-x', /little more than amr-01/],
    ['medkit-amr-01-1', /little more than amr-01 and medkit/],
    ['MedKit!MedKit!2026', /little more than medkit/],
  ];
  for (const [password, message] of cases) {
    it(`can be ${JSON.stringify(password.slice(0, 24))}`, () => {
      assert.match(passwordProblem(password, ALICE) ?? 'none', message);
    });
  }
});

describe('an accepted password', () => {
  for (const password of [
    'tin roof, rain, Tuesday',
    'hvxq-tkmw-dpnc',
    'x'.repeat(6) + 'abcdefgh'.repeat(31),
    'alice likes seven green apples',
    '山川草木花鳥風月春夏秋冬',
  ]) {
    it(JSON.stringify(password.slice(0, 32)), () => assert.equal(passwordProblem(password, ALICE), undefined));
  }

  it('may contain parts of a name by chance', () => {
    assert.equal(passwordProblem('hvxqtkmwdpnc', { name: 'a', hostName: 'q' }), undefined);
  });
});
