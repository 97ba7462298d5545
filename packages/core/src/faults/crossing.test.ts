import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isCrossed } from './crossing.ts';

it('compares values below, at and above the threshold of a rule; equality has a tolerance', () => {
  assert.deepEqual(
    (['>', '<', '>=', '<=', '=='] as const).map((operator) =>
      [21, 22, 23].map((value) => isCrossed({ operator, threshold: 22 }, value)),
    ),
    [
      [false, false, true],
      [true, false, false],
      [false, true, true],
      [true, true, false],
      [false, true, false],
    ],
  );
  assert.equal(isCrossed({ operator: '==', threshold: 0.3 }, 0.1 + 0.2), true);
});
