import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { matchesPattern } from './match-rule.ts';

describe('a pattern', () => {
  it('matches texts in which each star stands for any characters or none', () => {
    for (const [pattern, text, isSo] of [
      ['*', '', true],
      ['A*', 'A', true],
      ['*_ABORTED', 'GOAL_ABORTED', true],
      ['*_ABORTED', 'GOAL_ABORTED_2', false],
      ['A*B*C', 'AxBByC', true],
      ['A*B*C', 'AxC', false],
      ['A*A', 'A', false],
      ['*A*', 'xAx', true],
      ['A.C', 'ABC', false],
      ['abc', 'ABC', false],
    ] as const) {
      assert.equal(matchesPattern(pattern, text), isSo, `${pattern} ${text}`);
    }
  });

  it('with many stars takes no longer for a long text that nearly matches', () => {
    assert.equal(matchesPattern(`${'*a'.repeat(50)}b`, 'a'.repeat(5000)), false);
  });
});
