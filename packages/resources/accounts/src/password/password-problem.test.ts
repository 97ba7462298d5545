import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { passwordProblem } from './password-problem.ts';

const ALICE = { name: 'alice', hostName: 'amr-01' };

describe('a rejected password', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /0 characters; the minimum is 12/],
    ['short-word1', /11 characters/],
    ['😀😀😀😀😀😀😀', /7 characters/],
    ['x'.repeat(257), /the maximum is 256 characters/],
    ['x'.repeat(1_000_000), /the maximum is 256 characters/],
    ['password1234', /common password/],
    ['Password1234', /common password/],
    ['1q2w3e4r5t6y', /common password/],
    ['correct horse battery staple', /common password/],
    ['aaaaaaaaaaaaa', /repeats the same few characters/],
    ['abcabcabcabcab', /repeats the same few characters/],
    ['alice1234567', /consists mainly of alice/],
    ['alice.1234567890', /consists mainly of alice/],
    ['Alice-Alice-Alice-1', /consists mainly of alice/],
    ['amr-01-amr-01-x', /consists mainly of amr-01/],
    ['medkit-amr-01-1', /consists mainly of amr-01 and medkit/],
    ['MedKit!MedKit!2026', /consists mainly of medkit/],
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
