import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reportedFault } from '../faults/reported-fault.ts';
import { listed } from '../testing/faults.ts';
import { configOf, FEED } from '../testing/read-text.ts';
import { LastValues, sourcesOf } from '../values/last-values.ts';
import { mappedMembers } from './mapped-members.ts';

/** A robot with fixed values for all members, except for those in `changes`. */
function robot(changes: Readonly<Record<string, string>> = {}) {
  const values = {
    position: '{ x: { value: 1 }, y: { value: 2 }, theta: { value: 0 }, map: { value: hall } }',
    velocity: '{ vx: { value: 0 }, vy: { value: 0 }, omega: { value: 0 } }',
    battery: '{ charge: { value: 80 }, charging: { value: false } }',
    emergency_stop: '{ value: NONE }',
    field_violation: '{ value: false }',
    ...changes,
  };
  const lines = Object.entries(values).map(([name, value]) => `  ${name}: ${value}\n`);
  const map = configOf(`${FEED}values:\n${lines.join('')}`).values;
  const held = new LastValues();
  return {
    receive: (message: unknown, nowMs = 0) => {
      for (const source of sourcesOf(map)) held.take(source, message, nowMs);
    },
    at: (nowMs: number, ...codes: readonly string[]) =>
      mappedMembers(map, { held, nowMs, isComplete: true, faults: codes.map((code) => reportedFault(listed(code))) }),
    atSilence: (nowMs: number) => mappedMembers(map, { held, nowMs, isComplete: false, faults: [] }),
  };
}

describe('the members of a state', () => {
  it('are those that the integrator configured, whatever the robot sends', () => {
    const { members, missing, errors } = robot().at(1e9);
    assert.deepEqual([missing, errors], [[], []]);
    assert.deepEqual(members?.position, { mapId: 'hall', x: 1, y: 2, theta: 0, localized: true });
    assert.deepEqual([members?.driving, members?.operatingMode], [false, 'MANUAL']);
  });

  it('have no position if the robot cannot know one', () => {
    assert.equal(robot({ position: 'none' }).at(0).members?.position, undefined);
  });

  it('are missing until each has had a value, with the reason', () => {
    const { receive, at } = robot({
      battery: '{ from: apps/bms/data/state, charge: soc, charging: { value: false } }',
    });
    assert.deepEqual(at(0).missing, [{ member: 'battery.charge', reason: 'no value received yet' }]);
    receive({ soc: 'full' });
    assert.deepEqual(at(0).missing, [
      { member: 'battery.charge', reason: 'apps/bms/data/state: soc is "full", which is not a number' },
    ]);
    receive({ soc: 130 });
    assert.equal(at(0).members?.battery.chargePercent, 100);
    receive({ soc: 'full' });
    assert.equal(at(0).members?.battery.chargePercent, 100, 'the last good one');
  });

  it('omit the voltage if none arrives', () => {
    const { at } = robot({
      battery: '{ charge: { value: 8 }, charging: { value: true }, voltage: { from: apps/b/data/v } }',
    });
    assert.deepEqual(at(0).members?.battery, { chargePercent: 8, charging: true });
  });

  it('are sent with their last value and a warning when they are old, a position as one that cannot be trusted', () => {
    const { receive, at } = robot({
      position: '{ from: apps/amcl/data/pose, x: x, y: y, theta: { value: 0 }, map: { value: hall }, max_age_s: 2 }',
    });
    receive({ x: 5, y: 6 });
    assert.deepEqual(at(2000).errors, []);
    const { members, errors, stale } = at(2001);
    assert.deepEqual([members?.position?.x, members?.position?.localized], [5, false]);
    assert.deepEqual([...stale], ['position.x', 'position.y']);
    assert.deepEqual(
      errors.map(({ type, level, description }) => [type, level, description]),
      [
        [
          'STALE_VALUE',
          'WARNING',
          'position.x, position.y: no new value from apps/amcl/data/pose; the last value is sent',
        ],
      ],
    );
  });

  it('report a driving robot if its velocity is above the noise of sensors', () => {
    const odom = { velocity: '{ from: apps/base/data/odom, vx: x, vy: y, omega: w }' };
    for (const [message, isDriving] of [
      [{ x: 0.001, y: -0.001, w: 0.001 }, false],
      [{ x: -0.3, y: 0, w: 0 }, true],
      [{ x: 0, y: 0, w: -0.2 }, true],
    ] as const) {
      const { receive, at } = robot(odom);
      receive(message);
      assert.equal(at(0).members?.driving, isDriving);
    }
    assert.equal(robot({ driving: '{ value: true }' }).at(0).members?.driving, true);
  });

  it('have a violated field while one of the faults is active, limited to an entity if one is configured', () => {
    const { at } = robot({ field_violation: '{ faults: ["*_STOP"], of: apps/motor }' });
    assert.equal(at(0).members?.safety.fieldViolation, false);
    assert.equal(at(0, 'PROTECTIVE_STOP').members?.safety.fieldViolation, true);
    const other = robot({ field_violation: '{ faults: ["*_STOP"], of: apps/gate }' });
    assert.equal(other.at(0, 'PROTECTIVE_STOP').members?.safety.fieldViolation, false);
  });

  it('have the last known value of a field that not every gateway can report, with a warning', () => {
    const { members, errors } = robot({ field_violation: '{ faults: [PROTECTIVE_STOP] }' }).atSilence(0);
    assert.equal(members?.safety.fieldViolation, false);
    assert.deepEqual(
      errors.map(({ type, references }) => [type, references]),
      [['STALE_VALUE', [{ key: 'member', value: 'field_violation' }]]],
    );
    assert.deepEqual(robot().atSilence(0).errors, [], 'that of the integrator is as good as ever');
  });
});
