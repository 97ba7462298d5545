import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { codeMatcher } from './code-pattern.ts';

describe('patterns of fault codes', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['MOTOR', ['MOTOR'], ['MOTOR_1', 'A_MOTOR', 'motor', '']],
    ['MOTOR_*', ['MOTOR_', 'MOTOR_COMM_FL'], ['MOTOR', 'X_MOTOR_1']],
    ['*_TIMEOUT', ['A_TIMEOUT', '_TIMEOUT'], ['A_TIMEOUT_1', 'TIMEOUT']],
    ['A*Z', ['AZ', 'A_Z'], ['A', 'Z', 'AZA']],
    ['A*B*C', ['ABC', 'A1B2C', 'ABBCC'], ['AC', 'ACB']],
    ['AB*BA', ['ABBA', 'AB_BA'], ['ABA']],
    ['*', ['', 'X'], []],
    ['**', ['', 'X'], []],
    ['', [''], ['X']],
    ['a.b[c]+?', ['a.b[c]+?'], ['axb[c]+?', 'a.bc']],
  ];
  for (const [pattern, matching, others] of cases) {
    it(`K05: "${pattern}" matches ${JSON.stringify(matching)} and not ${JSON.stringify(others)}`, () => {
      const matches = codeMatcher([pattern]);
      for (const code of matching) assert.ok(matches(code), code);
      for (const code of others) assert.ok(!matches(code), code);
    });
  }

  it('K05: one match of a list is enough, and an empty list matches nothing', () => {
    const matches = codeMatcher(['A', 'B_*']);
    assert.deepEqual([matches('A'), matches('B_1'), matches('C'), codeMatcher([])('A')], [true, true, false, false]);
  });

  it('matches the same codes as the equivalent regular expression', () => {
    const random = seededRandom(3);
    const text = (alphabet: string): string =>
      Array.from(
        { length: Math.floor(random.float() * 7) },
        () => alphabet[Math.floor(random.float() * alphabet.length)],
      ).join('');
    for (let round = 0; round < 3000; round += 1) {
      const [pattern, code] = [text('AB*'), text('AB')];
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(code);
      assert.equal(codeMatcher([pattern])(code), expected, `${pattern} ${code}`);
    }
  });
});
