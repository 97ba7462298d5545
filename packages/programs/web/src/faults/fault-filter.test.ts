import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultListItem } from '@medkit/contract';
import { clearable, entitiesOf, lastEndMs, listedFaults, matchingFaults } from './fault-filter.ts';
import { faultKey, reportsToHeal, statusOf } from './fault-state.ts';

const fault = (fault_code: string, severity: number, more: Partial<FaultListItem> = {}): FaultListItem => ({
  fault_code,
  severity,
  status: 'CONFIRMED',
  entity_id: 'planner',
  entity_type: 'app',
  ...more,
});
const faults = [
  fault('NAV_ABORTED', 2, { description: 'Goal aborted', healed_at: 10 }),
  fault('BATTERY_LOW', 1, { entity_id: 'battery', status: 'CLEARED', cleared_at: 12.5 }),
  fault('MOTOR_HOT', 3, { reporting_sources: ['/nav/motor'], entity_id: undefined }),
];
const codes = (search: string) =>
  matchingFaults(faults, listedFaults(new URLSearchParams(search))).map(({ fault_code }) => fault_code);

describe('the faults that are shown', () => {
  it('are those that the address selects', () => {
    assert.deepEqual(codes(''), ['NAV_ABORTED', 'BATTERY_LOW', 'MOTOR_HOT']);
    assert.deepEqual(codes('severity=2&q=nav'), ['NAV_ABORTED', 'MOTOR_HOT']);
    assert.deepEqual(codes('severity=error&q=Goal+nav'), ['NAV_ABORTED']);
    assert.deepEqual(codes('entity=battery'), ['BATTERY_LOW']);
  });

  it('are the default selection if the address contains nothing valid', () => {
    const usual = listedFaults(new URLSearchParams());
    assert.deepEqual(listedFaults(new URLSearchParams('status=toString&severity=9&by=constructor&muted=x')), usual);
    assert.deepEqual(usual, { status: 'active', severity: 0, q: '', entity: '', by: undefined, withMuted: false });
    const { status, by, withMuted } = listedFaults(new URLSearchParams('status=healed&by=entity&muted=1'));
    assert.deepEqual([status, by, withMuted], ['healed', 'entity', true]);
  });

  it('have a list of entities, a last end, and the ones that can be cleared', () => {
    assert.deepEqual(entitiesOf(faults), ['battery', 'planner']);
    assert.equal(lastEndMs(faults), 12_500);
    assert.equal(lastEndMs([faults[2]!]), undefined);
    assert.deepEqual(clearable(faults, new Set(faults.map(faultKey))), [faults[0]]);
  });
});

describe('the state of a fault', () => {
  it('is given by a text or by an object', () => {
    assert.equal(statusOf(faults[0]!), 'CONFIRMED');
    const recorded = fault('F', 1, { status: { aggregatedStatus: 'passive' } });
    assert.equal(statusOf(recorded), 'PASSIVE');
    assert.equal(statusOf({ ...recorded, 'x-medkit': { status_raw: 'HEALED' } }), 'HEALED');
  });

  it('says after how many good reports it heals', () => {
    assert.equal(reportsToHeal(-1, { healing_enabled: true, healing_threshold: 0 }), 1);
    assert.equal(reportsToHeal(-3, { healing_enabled: true, healing_threshold: 3 }), 6);
    assert.equal(reportsToHeal(-1, { healing_enabled: false, healing_threshold: 0 }), undefined);
  });
});
