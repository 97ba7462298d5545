import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandFailed } from '../command/failure.ts';
import { conditionOf } from './condition.ts';

test('exactly one option sets the condition of a trigger', () => {
  for (const [values, condition] of [
    [{ change: true }, { condition_type: 'OnChange' }],
    [{ becomes: 'CONFIRMED' }, { condition_type: 'OnChangeTo', target_value: 'CONFIRMED' }],
    [{ becomes: '3' }, { condition_type: 'OnChangeTo', target_value: 3 }],
    [{ enters: '0..22' }, { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22 }],
    [{ leaves: '-0.5..1e3' }, { condition_type: 'LeaveRange', lower_bound: -0.5, upper_bound: 1000 }],
    [{ condition: '{"condition_type":"x-a"}' }, { condition_type: 'x-a' }],
  ] as const) {
    assert.deepEqual(conditionOf(values), condition);
  }
  for (const values of [
    {},
    { change: true, becomes: '1' },
    { enters: '1' },
    { enters: '2..1' },
    { leaves: 'a..b' },
    { enters: '..' },
  ]) {
    assert.throws(() => conditionOf(values), CommandFailed, JSON.stringify(values));
  }
});
