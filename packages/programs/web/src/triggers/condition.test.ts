import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comparedNumber, conditionState, parseNumber, parseTarget, readCondition } from './condition.ts';

const range = (lower_bound: number, upper_bound: number) => ({
  condition_type: 'EnterRange',
  lower_bound,
  upper_bound,
});
const becomes = (target_value: unknown) => ({ condition_type: 'OnChangeTo', target_value });

describe('the state of a condition', () => {
  it('is that of the only number of a value, both bounds included', () => {
    assert.equal(conditionState(range(0, 22), 21.9), 'holds');
    assert.equal(conditionState(range(0, 22), 22n), 'holds');
    assert.equal(conditionState(range(0, 22), { data: 25.4 }), 'not');
    assert.equal(conditionState(range(0, 22), { header: { stamp: 1 }, range: 3 }), 'holds');
    assert.equal(conditionState(range(0, 22), { x: 1, y: 2 }), 'no-number');
    assert.equal(conditionState(range(0, 22), [1]), 'no-number');
    assert.equal(conditionState({ condition_type: 'EnterRange' }, 1), 'unknown');
  });

  it('ignores texts and booleans in ranges, but fault rules count them', () => {
    for (const value of [true, '3', '', null, Number.NaN]) assert.equal(comparedNumber(value), undefined);
    assert.equal(comparedNumber('.inf'), Number.POSITIVE_INFINITY);
    assert.equal(comparedNumber(true, { lenient: true }), 1);
    assert.equal(comparedNumber({ data: '3.5' }, { lenient: true }), 3.5);
    assert.equal(comparedNumber(' ', { lenient: true }), undefined);
  });

  it('compares a plain target with the status or the only value', () => {
    assert.equal(conditionState(becomes('CONFIRMED'), { status: 'CONFIRMED', code: 'X' }), 'holds');
    assert.equal(conditionState(becomes('on'), { data: 'on' }), 'holds');
    assert.equal(conditionState(becomes(3), 3n), 'holds');
    assert.equal(conditionState(becomes({ a: [1] }), { a: [1] }), 'holds');
    assert.equal(conditionState(becomes('on'), 'off'), 'not');
  });

  it('is unknown for a change, and for conditions of plugins', () => {
    assert.equal(conditionState({ condition_type: 'OnChange' }, 1), 'unknown');
    assert.equal(conditionState({ condition_type: 'x-rising' }, 1), 'unknown');
  });
});

describe('the condition of a trigger', () => {
  it('is read with its parameters', () => {
    assert.deepEqual(readCondition(range(0, 22)), range(0, 22));
    assert.deepEqual(readCondition(becomes(null)), becomes(null));
    assert.deepEqual(readCondition(7), { condition_type: '' });
    assert.deepEqual(readCondition({ condition_type: 'EnterRange', lower_bound: '0' }), {
      condition_type: 'EnterRange',
    });
  });

  it('has a target that is JSON or plain text', () => {
    assert.deepEqual(['3', 'true', '"3"', 'CONFIRMED', ' on ', '{"a":1}'].map(parseTarget), [
      3,
      true,
      '3',
      'CONFIRMED',
      'on',
      { a: 1 },
    ]);
  });

  it('has bounds with a decimal point or comma', () => {
    assert.deepEqual(['0', '-1,5', '1e3', '', 'x', 'Infinity'].map(parseNumber), [
      0,
      -1.5,
      1000,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
