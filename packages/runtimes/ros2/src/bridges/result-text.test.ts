import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@medkit/ros2';
import { resultText } from './result-text.ts';

describe('the failure text of a result', () => {
  it('is the text and the code of Nav2', () => {
    const result = { result: {}, error_code: 105, error_msg: 'Failed to make progress' };
    assert.equal(resultText(result), 'Failed to make progress (error_code 105)');
    assert.equal(resultText({ error_code: 105, error_msg: '' }), 'error_code 105');
    assert.equal(
      resultText({ error_code: 0, error_msg: 'A newer goal has taken its place' }),
      'A newer goal has taken its place',
    );
  });

  it('supports the fields of control_msgs and of MoveIt', () => {
    assert.equal(resultText({ error_code: -4, error_string: 'elbow lags' }), 'elbow lags (error_code -4)');
    const moveit = { error_code: { val: -1, message: 'no plan', source: 'move_group' } };
    assert.equal(resultText(moveit), 'no plan (error_code -1)');
  });

  it('is none if the result has no such fields', () => {
    const odd: readonly JsonObject[] = [
      {},
      { sequence: [1, 2] },
      { error_code: 0 },
      { error_code: 'x', error_msg: 7 },
      { error_code: [3] },
    ];
    for (const result of odd) assert.equal(resultText(result), '');
  });
});
