import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wrappedAngle } from './numbers.ts';

describe('an angle', () => {
  it('within half a turn stays unchanged', () => {
    for (const angle of [-Math.PI, -1, 0, 1e-300, Math.PI]) assert.equal(wrappedAngle(angle), angle);
  });

  it('beyond half a turn points the same way', () => {
    for (const angle of [3.2, -3.2, 7, -7, 100]) {
      const wrapped = wrappedAngle(angle);
      assert.ok(Math.abs(wrapped) <= Math.PI, `${angle}: ${wrapped}`);
      assert.ok(Math.abs(Math.cos(wrapped) - Math.cos(angle)) < 1e-12);
      assert.ok(Math.abs(Math.sin(wrapped) - Math.sin(angle)) < 1e-12);
    }
  });

  it('is within half a turn however large it was', () => {
    for (const angle of [1e20, -1e300, Number.MAX_VALUE]) assert.ok(Math.abs(wrappedAngle(angle)) <= Math.PI);
  });
});
