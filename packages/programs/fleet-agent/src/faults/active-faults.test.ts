import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultListItem, FaultListResult } from '@medkit/contract';
import { faultEvent, listed, listOf, peerFault, symptomOf } from '../testing/faults.ts';
import { ActiveFaults } from './active-faults.ts';

/** Returns the faults after this list. */
function standing(...items: readonly FaultListItem[]): ActiveFaults {
  const faults = new ActiveFaults();
  take(faults, listOf(items));
  return faults;
}

function take(faults: ActiveFaults, list: FaultListResult): boolean {
  faults.beginList();
  return faults.takeList(list);
}

const rootsOf = ({ roots }: ActiveFaults) => roots.map(({ code }) => code);

describe('the active faults', () => {
  it('are the confirmed ones of a list, without symptoms and muted ones as separate errors', () => {
    const muted = { muted: { root_cause_code: 'STOP', rule_id: 'r', delay_ms: 1 } };
    const faults = standing(
      listed('STOP'),
      listed('GOAL_ABORTED', { 'x-medkit': symptomOf('STOP') }),
      listed('SLOW', { 'x-medkit': muted }),
      listed('ONCE', { status: 'PREFAILED' }),
      listed('NATIVE', { status: { aggregatedStatus: 'active' }, 'x-medkit': { status_raw: 'CONFIRMED' } }),
    );
    assert.deepEqual(rootsOf(faults), ['STOP', 'NATIVE']);
    assert.deepEqual(
      faults.all.map(({ code }) => code),
      ['STOP', 'GOAL_ABORTED', 'SLOW', 'NATIVE'],
    );
  });

  it('change only with a list that differs', () => {
    const faults = standing(listed('A'));
    assert.equal(take(faults, listOf([listed('A')])), false);
    assert.equal(take(faults, listOf([listed('A', { severity: 3 })])), true);
  });

  it('lose a healed or cleared fault immediately, and the faults that were cleared with it', () => {
    const faults = standing(listed('STOP'), listed('GOAL'), listed('OTHER'));
    const event = faultEvent('fault_cleared', listed('STOP', { status: 'CLEARED' }), { auto_cleared_codes: ['GOAL'] });
    assert.equal(faults.apply(event), 'gone');
    assert.deepEqual(rootsOf(faults), ['OTHER']);
    assert.equal(faults.apply(event), 'nothing', 'it is told twice where a fault healed');
  });

  it('are read when anything else happens, but not when a source says again what is known', () => {
    const faults = standing(listed('A'));
    assert.equal(faults.apply(faultEvent('fault_confirmed', listed('B'))), 'read');
    assert.equal(faults.apply(faultEvent('fault_updated', listed('A'))), 'nothing');
    assert.equal(faults.apply(faultEvent('fault_updated', listed('A', { severity: 3 }))), 'read');
    assert.equal(faults.apply(faultEvent('fault_updated', listed('C'))), 'read');
  });

  it('do not return with a list that was requested before they ended', () => {
    const faults = standing(listed('A'));
    faults.beginList();
    assert.equal(faults.apply(faultEvent('fault_healed', listed('A', { status: 'HEALED' }))), 'gone');
    faults.takeList(listOf([listed('A'), listed('B')]));
    assert.deepEqual(rootsOf(faults), ['B']);
    assert.equal(take(faults, listOf([listed('A', { occurrence_count: 2 }), listed('B')])), true);
    assert.deepEqual(rootsOf(faults), ['A', 'B']);
  });

  it('are taken from a list whose occurrence is later than the ended occurrence', () => {
    const faults = standing(listed('A'));
    faults.beginList();
    faults.apply(faultEvent('fault_healed', listed('A', { status: 'HEALED' })));
    faults.takeList(listOf([listed('A', { occurrence_count: 2 })]));
    assert.deepEqual(rootsOf(faults), ['A']);
  });

  it('stay if the end of an earlier occurrence is reported late; the list decides', () => {
    const faults = standing(listed('A', { occurrence_count: 3 }));
    assert.equal(faults.apply(faultEvent('fault_healed', listed('A', { occurrence_count: 2 }))), 'read');
    assert.deepEqual(rootsOf(faults), ['A']);
  });

  it('keep a symptom as a symptom as long as it is active', () => {
    const symptom = listed('GOAL', { 'x-medkit': symptomOf('STOP') });
    const faults = standing(listed('STOP'), symptom);
    faults.apply(faultEvent('fault_healed', listed('STOP', { status: 'HEALED' })));
    take(faults, listOf([listed('GOAL')]));
    assert.deepEqual(rootsOf(faults), []);
    take(faults, listOf([listed('GOAL', { occurrence_count: 2 })]));
    assert.deepEqual(rootsOf(faults), ['GOAL'], 'it came again, and nothing explains it');
  });

  it('are retained for gateways that did not answer, and for these alone', () => {
    const items = [listed('OWN'), peerFault('arm', 'A'), peerFault('arm/hand', 'H'), peerFault('yard', 'Y')];
    const faults = standing(...items);
    take(faults, listOf([], { partial: true, failed_peers: ['arm'] }));
    assert.deepEqual(rootsOf(faults), ['A', 'H']);
    assert.equal(faults.isComplete, false);
    assert.equal(
      faults.apply(
        faultEvent('fault_healed', peerFault('arm', 'A', { status: 'HEALED' }), { 'x-medkit-origin': 'arm' }),
      ),
      'gone',
    );
    assert.deepEqual(rootsOf(faults), ['H']);
    take(faults, listOf([]));
    assert.deepEqual([rootsOf(faults), faults.isComplete], [[], true]);
  });

  it('are retained for the gateway itself if a part of it did not answer', () => {
    const faults = standing(listed('OWN'), peerFault('arm', 'A'));
    const silent = { entity_id: 'host', runtime: 'plc', message: 'late' };
    take(faults, listOf([], { partial: true, failed_members: [silent] }));
    assert.deepEqual(rootsOf(faults), ['OWN']);
    take(faults, listOf([], { partial: true }));
    assert.deepEqual(rootsOf(faults), ['OWN'], 'nobody said whose part is missing');
  });

  it('are two if two gateways have the same code', () => {
    const faults = standing(listed('A'), peerFault('arm', 'A'));
    faults.apply(faultEvent('fault_healed', listed('A', { status: 'HEALED' }), { 'x-medkit-origin': 'arm' }));
    assert.deepEqual(
      faults.roots.map(({ origin }) => origin),
      ['local'],
    );
  });

  it('have the time of their copy if their gateway did not answer', () => {
    const faults = standing(peerFault('arm', 'A', { 'x-medkit': { as_of: '2026-01-01T00:00:00Z' } }));
    assert.equal(faults.roots[0]?.asOf, '2026-01-01T00:00:00Z');
    assert.equal(faults.isComplete, false);
    const update = faultEvent('fault_updated', listed('A'), { 'x-medkit-origin': 'arm' });
    assert.equal(faults.apply(update), 'read', 'its gateway is back');
  });

  it('are the most severe ones if there are more than the limit', () => {
    const many = Array.from({ length: 1100 }, (_, at) => listed(`F${at}`, { severity: at === 1099 ? 3 : 1 }));
    const faults = standing(...many);
    assert.equal(faults.all.length, 1024);
    assert.ok(faults.all.some(({ code }) => code === 'F1099'));
  });

  it('leave room for another source while one source exceeds its share', () => {
    const flood = Array.from({ length: 1100 }, (_, at) => listed(`F${at}`, { reporting_sources: ['/flood'] }));
    const faults = standing(...flood, listed('OTHER', { reporting_sources: ['/quiet'] }));
    assert.equal(faults.all.length, 1024);
    assert.ok(faults.all.some(({ code }) => code === 'OTHER'));
  });
});
