import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ConditionFlags, type ConditionState, nextConditionState } from './condition-state.ts';

const STATES: readonly ConditionState[] = ['suppressed', 'confirmed', 'healed', 'cleared'];

/** Inactive and not acknowledged. */
const INACTIVE: ConditionFlags = {
  isBranch: false,
  enabled: true,
  shelved: false,
  active: false,
  acknowledged: false,
  confirmed: false,
};

/** Returns the next step for each state, in the order of `STATES`. */
const stepsOf = (flags: Partial<ConditionFlags>, requireConfirm = true) =>
  STATES.map((state) => {
    const next = nextConditionState(state, { ...INACTIVE, ...flags }, requireConfirm);
    return next.fault === 'as-it-was' ? next.state : `${next.state} ${next.fault}`;
  });

describe('the state of a condition', () => {
  it('is not changed by an event of a branch, whatever its other fields', () => {
    assert.deepEqual(stepsOf({ isBranch: true, active: true }), STATES);
    assert.deepEqual(stepsOf({ isBranch: true, enabled: false }), STATES);
    assert.deepEqual(stepsOf({ isBranch: true, acknowledged: true, confirmed: true }), STATES);
  });

  it('is cleared when it is disabled while it has a fault, even while it is active', () => {
    const expected = ['suppressed', 'cleared clear', 'cleared clear', 'suppressed'];
    assert.deepEqual(stepsOf({ enabled: false }), expected);
    assert.deepEqual(stepsOf({ enabled: false, active: true, shelved: true }), expected);
  });

  it('is cleared when it is shelved while it has a fault, even while it is active', () => {
    const expected = ['suppressed', 'cleared clear', 'cleared clear', 'suppressed'];
    assert.deepEqual(stepsOf({ shelved: true }), expected);
    assert.deepEqual(stepsOf({ shelved: true, active: true }), expected);
  });

  it('is confirmed while it is active, and raises its fault unless it was confirmed already', () => {
    const expected = ['confirmed raise', 'confirmed', 'confirmed raise', 'confirmed raise'];
    assert.deepEqual(stepsOf({ active: true }), expected);
    assert.deepEqual(stepsOf({ active: true, acknowledged: true, confirmed: true }), expected);
  });

  it('is healed, with its fault unchanged, until its inactive state is acknowledged and confirmed', () => {
    const healed = ['healed', 'healed', 'healed', 'healed'];
    assert.deepEqual(stepsOf({}), healed);
    assert.deepEqual(stepsOf({ acknowledged: true }), healed);
    assert.deepEqual(stepsOf({ confirmed: true }), healed);
  });

  it('is cleared once it is inactive, acknowledged and confirmed', () => {
    const expected = ['cleared', 'cleared clear', 'cleared clear', 'cleared'];
    assert.deepEqual(stepsOf({ acknowledged: true, confirmed: true }), expected);
  });

  it('needs no confirmation if none is required, but always an acknowledgement', () => {
    assert.deepEqual(stepsOf({ acknowledged: true }, false), ['cleared', 'cleared clear', 'cleared clear', 'cleared']);
    assert.deepEqual(stepsOf({ confirmed: true }, false), ['healed', 'healed', 'healed', 'healed']);
  });
});
