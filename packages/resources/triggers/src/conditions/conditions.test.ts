import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { type JsonObject, type JsonValue, parseJson } from '@medkit/core';
import { errorOf } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { assertCondition, conditionOf } from './read-condition.ts';

const NONE = { get: () => undefined, names: () => [] };

/** Returns the values at which a condition fires. */
function fired(type: string, parameters: JsonObject, values: readonly JsonValue[], messageType?: string): JsonValue[] {
  const condition = conditionOf({ type, parameters }, NONE);
  let before: JsonValue | undefined;
  return values.filter((value) => {
    const gist = condition.gist({ value, type: messageType });
    if (gist === undefined) return false;
    const fires = condition.fires(before, gist) as boolean;
    before = gist;
    return fires;
  });
}

const RANGE = { lower_bound: 0, upper_bound: 22 };

describe('OnChange', () => {
  it('fires at the first value and at each that differs from the previous one', () => {
    assert.deepEqual(fired('OnChange', {}, [1, 1, 2, 2, 1]), [1, 2, 1]);
    assert.deepEqual(fired('OnChange', {}, [{ a: [1] }, { a: [1] }, { a: [2] }]), [{ a: [1] }, { a: [2] }]);
    assert.deepEqual(fired('OnChange', {}, [null, null, false]), [null, false]);
  });
});

describe('OnChangeTo', () => {
  it('fires when the value becomes the target, also at the first value', () => {
    assert.deepEqual(fired('OnChangeTo', { target_value: 3 }, [3, 3, 2, 3]), [3, 3]);
    assert.deepEqual(fired('OnChangeTo', { target_value: { a: 1 } }, [{ a: 2 }, { a: 1 }]), [{ a: 1 }]);
    assert.deepEqual(fired('OnChangeTo', { target_value: null }, [0, null]), [null]);
    assert.deepEqual(fired('OnChangeTo', { target_value: 5 }, [parseJson('5')]), [5]);
  });

  it('compares a plain text or number with the main value of a message', () => {
    const stopped = { data: 'stopped' };
    assert.deepEqual(
      fired('OnChangeTo', { target_value: 'stopped' }, [{ data: 'on' }, stopped], 'std_msgs/msg/String'),
      [stopped],
    );
    assert.deepEqual(fired('OnChangeTo', { target_value: 'failed' }, [{ status: 'failed', progress: 3 }]).length, 1);
    assert.deepEqual(fired('OnChangeTo', { target_value: 'failed' }, [{ state: 'failed' }]), []);
  });
});

describe('EnterRange and LeaveRange', () => {
  it('need a previous value, and include both bounds', () => {
    assert.deepEqual(fired('EnterRange', RANGE, [21, 22.1, 22, 0, -1, 0]), [22, 0]);
    assert.deepEqual(fired('LeaveRange', RANGE, [23, 22, 22.5, 0, -0.1]), [22.5, -0.1]);
    assert.deepEqual(fired('EnterRange', { lower_bound: 1, upper_bound: 1 }, [0, 1]), [1]);
  });

  it('ignore texts, true and NaN', () => {
    for (const nothing of ['21', true, null, '.nan', [21], {}] as const) {
      assert.deepEqual(fired('EnterRange', RANGE, [nothing, 21]), [], 'none is a value before');
      assert.deepEqual(fired('EnterRange', RANGE, [23, nothing, 21]), [21], 'none hides that it fell');
    }
    assert.deepEqual(fired('EnterRange', RANGE, ['.inf', 21]), [21]);
    assert.deepEqual(fired('EnterRange', { lower_bound: 0, upper_bound: 2 ** 60 }, [-1n, 2n ** 59n]), [2n ** 59n]);
  });

  it('evaluate the main number of a message', () => {
    const of = (type: string | undefined, ...values: JsonObject[]) => fired('EnterRange', RANGE, values, type).length;
    assert.equal(of('std_msgs/msg/Float32', { data: 23 }, { data: 21 }), 1);
    assert.equal(
      of('sensor_msgs/msg/Temperature', { temperature: 23, variance: 0 }, { temperature: 21, variance: 0 }),
      1,
    );
    assert.equal(of(undefined, { volts: 23, ok: true, unit: 'V' }, { volts: 21, ok: false, unit: 'V' }), 1);
    assert.equal(of(undefined, { a: 23, b: 23 }, { a: 21, b: 21 }), 0, 'it is not about one number');
    assert.equal(of('std_msgs/msg/Bool', { data: false }, { data: true }), 0);
  });

  it('fire alternately for any values', () => {
    const random = seededRandom(7);
    const values = Array.from({ length: 500 }, () => Math.floor(random.float() * 60) - 10);
    const inside = (value: number) => value >= 0 && value <= 22;
    const expected = values.filter((value, n) => n > 0 && inside(value) && !inside(values[n - 1]!));
    assert.deepEqual(fired('EnterRange', RANGE, values), expected);
    const exits = values.filter((value, n) => n > 0 && !inside(value) && inside(values[n - 1]!));
    assert.deepEqual(fired('LeaveRange', RANGE, values), exits);
  });
});

describe('an invalid condition', () => {
  const refused = (type: string, parameters: JsonObject = {}) => errorOf(assertCondition({ type, parameters }, NONE));

  it('is rejected with the parameter', async () => {
    for (const [type, parameters, message] of [
      ['OnFire', {}, /'OnFire', use one of OnChange, OnChangeTo, EnterRange, LeaveRange/],
      ['x-slope', {}, /Unknown condition_type/],
      ['constructor', {}, /Unknown condition_type/],
      ['OnChangeTo', {}, /target_value/],
      ['EnterRange', { lower_bound: 1 }, /upper_bound/],
      ['EnterRange', { lower_bound: '1', upper_bound: 2 }, /lower_bound/],
      ['LeaveRange', { lower_bound: 1, upper_bound: Number.POSITIVE_INFINITY }, /finite/],
      ['LeaveRange', { lower_bound: 3, upper_bound: 2 }, /lower_bound 3 is above upper_bound 2/],
    ] as const) {
      const error = await refused(type, parameters);
      assert.match(error.message, message);
      assert.deepEqual([error.code, error.parameters], ['invalid-parameter', { parameter: 'trigger_condition' }]);
    }
  });

  it('is rejected with the message of its plugin', async () => {
    const check = async () => {
      throw new SovdError({ code: 'invalid-parameter', message: 'it needs a "slope"' });
    };
    const brought = { get: () => ({ check, evaluate: async () => true }), names: () => ['x-slope'] };
    const error = await errorOf(assertCondition({ type: 'x-slope', parameters: {} }, brought));
    assert.deepEqual([error.code, error.message], ['invalid-parameter', 'x-slope: it needs a "slope"']);
  });
});
