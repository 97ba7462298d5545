import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rangeProblem } from './range-problem.ts';

const integer = (value: bigint, step = 0n) =>
  rangeProblem({ integerRange: { from: -4n, to: 9n, step } }, { type: 'int', value });
const float = (value: number, step = 0) =>
  rangeProblem({ floatRange: { from: 0.1, to: 2, step } }, { type: 'double', value });

describe('a value within a range', () => {
  it('of integers is between the ends or one of them', () => {
    for (const value of [-4n, 0n, 9n]) assert.equal(integer(value), undefined);
    for (const value of [-5n, 10n, 2n ** 62n]) assert.equal(integer(value), 'must be from -4 to 9');
  });

  it('of integers with a step is on a step, or the upper end', () => {
    for (const value of [-4n, -1n, 8n, 9n]) assert.equal(integer(value, 3n), undefined);
    assert.equal(integer(0n, 3n), 'must be from -4 to 9 in steps of 3');
  });

  it('of floats is between the ends or one of them', () => {
    for (const value of [0.1, 0.1 - 1e-17, 1, 2]) assert.equal(float(value), undefined);
    for (const value of [0.09, 2.01, Number.NaN, -Infinity]) assert.equal(float(value), 'must be from 0.1 to 2');
  });

  it('of floats with a step is on a step except for rounding', () => {
    for (const value of [0.3, 0.1 + 0.2, 1.1, 2]) assert.equal(float(value, 0.1), undefined);
    assert.equal(float(0.35, 0.1), 'must be from 0.1 to 2 in steps of 0.1');
    for (const value of [0.1, 0.8, 2]) assert.equal(float(value, 0.7), undefined);
  });

  it('is unrestricted if the range is of the other type', () => {
    const both = { integerRange: { from: 0n, to: 1n, step: 0n }, floatRange: { from: 0, to: 1, step: 0 } };
    assert.equal(rangeProblem({ floatRange: both.floatRange }, { type: 'int', value: 5n }), undefined);
    assert.equal(rangeProblem(both, { type: 'int_array', value: [5n] }), undefined);
    assert.equal(rangeProblem(both, { type: 'string', value: '5' }), undefined);
  });
});
