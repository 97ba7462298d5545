import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { goalStatus, signText } from './sign-text.ts';

const goal = (status: number, sec: number, nanosec = 0) => ({ status, goal_info: { stamp: { sec, nanosec } } });

suite('a vital sign', () => {
  test('shows the charge in percent, and nothing for an unknown charge', () => {
    assert.deepEqual(signText({ kind: 'battery' }, 0.874), { text: '87', unit: '%', isBad: false });
    assert.equal(signText({ kind: 'battery' }, 0.1).isBad, true);
    assert.equal(signText({ kind: 'battery' }, null).text, undefined);
  });

  test('shows a robot that stands still without a sign', () => {
    assert.deepEqual(signText({ kind: 'speed', unit: 'm/s' }, -0.001), { text: '0.00', unit: 'm/s' });
    assert.equal(signText({ kind: 'speed', unit: 'm/s' }, -0.3).text, '-0.30');
  });

  test('shows three digits of other numbers, and 64-bit integers exactly', () => {
    assert.equal(signText({ kind: 'value', unit: 'm' }, 0.106442).text, '0.106');
    assert.equal(signText({ kind: 'value' }, 2n ** 63n).text, '9223372036854775808');
    assert.equal(signText({ kind: 'value' }, null).text, undefined);
  });

  test('shows the newest goal, whatever its place in the list', () => {
    assert.equal(goalStatus({ status_list: [goal(2, 20), goal(6, 10, 5), goal(4, 10)] }), 'executing');
    assert.equal(signText({ kind: 'goal' }, { status_list: [goal(6, 1)] }).isBad, true);
    assert.equal(goalStatus({ status_list: [goal(99, 1)] }), 'unknown');
    for (const none of [undefined, null, {}, { status_list: [] }, { status_list: 'x' }])
      assert.equal(goalStatus(none), undefined);
  });
});
