import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultStatus } from '@medkit/core';
import { SEVERITY } from '../fault/severity.ts';
import { FaultSimulation, failed, type Letter, rulesOf } from '../testing/fault-simulation.ts';

type Announcement = 'confirmed' | 'updated' | 'cleared' | '-';
/** Event, counter, status, announcement, occurrence count, and `nm` for a near miss. */
type Line = readonly [Letter, number | '-', FaultStatus | '-', Announcement, number, 'nm'?];

/** Replays the events of a worked table and compares each line with the result. */
function plays(life: FaultSimulation, lines: readonly Line[]): void {
  const found = lines.map(([letter]): Line => {
    const { fault, announced, nearMiss } = life.meet(letter);
    const announcement = (announced?.slice('fault_'.length) ?? '-') as Announcement;
    const line = [
      letter,
      fault?.counter ?? '-',
      fault?.status ?? '-',
      announcement,
      fault?.occurrenceCount ?? 0,
    ] as const;
    return nearMiss === undefined ? line : [...line, 'nm'];
  });
  assert.deepEqual(found, lines);
}

const seconds = (s: number): bigint => BigInt(s) * 1_000_000_000n;

describe('worked examples of debounce', () => {
  it('4.1: the defaults confirm immediately, never heal, and start again after a clear', () => {
    const life = new FaultSimulation();
    plays(life, [
      ['P', '-', '-', '-', 0],
      ['F', -1, 'CONFIRMED', 'confirmed', 1],
      ['F', -1, 'CONFIRMED', 'updated', 1],
      ['P', 0, 'CONFIRMED', 'updated', 1],
      ['P', 1, 'CONFIRMED', 'updated', 1],
      ['P', 2, 'CONFIRMED', 'updated', 1],
      ['P', 3, 'CONFIRMED', 'updated', 1],
      ['P', 3, 'CONFIRMED', 'updated', 1],
      ['F', 2, 'CONFIRMED', 'updated', 1],
      ['clear', 2, 'CLEARED', 'cleared', 1],
      ['P', 2, 'CLEARED', '-', 1],
      ['F', -1, 'CONFIRMED', 'confirmed', 2],
    ]);
    assert.equal(life.fault?.firstOccurredNs, seconds(12));
    assert.equal(life.fault?.lastOccurredNs, seconds(12));
    assert.equal(life.fault?.lastPassedNs, seconds(8));
  });

  it('4.2: three reports confirm, the counter must rise to heal, and fall all the way back to confirm again', () => {
    plays(new FaultSimulation(rulesOf({ confirmationThreshold: -3, healingEnabled: true })), [
      ['F', -1, 'PREFAILED', '-', 1, 'nm'],
      ['F', -2, 'PREFAILED', '-', 1, 'nm'],
      ['F', -3, 'CONFIRMED', 'confirmed', 1],
      ['P', -2, 'CONFIRMED', 'updated', 1],
      ['P', -1, 'CONFIRMED', 'updated', 1],
      ['P', 0, 'CONFIRMED', 'updated', 1],
      ['P', 1, 'CONFIRMED', 'updated', 1],
      ['P', 2, 'CONFIRMED', 'updated', 1],
      ['P', 3, 'HEALED', 'cleared', 1],
      ['P', 3, 'HEALED', '-', 1],
      ['F', 2, 'HEALED', '-', 1, 'nm'],
      ['F', 1, 'HEALED', '-', 1, 'nm'],
      ['F', 0, 'HEALED', '-', 1, 'nm'],
      ['F', -1, 'HEALED', '-', 1, 'nm'],
      ['F', -2, 'HEALED', '-', 1, 'nm'],
      ['F', -3, 'CONFIRMED', 'confirmed', 2],
      ['F', -3, 'CONFIRMED', 'updated', 2],
    ]);
  });

  it('4.3: a healing threshold of 0 heals with one PASSED', () => {
    plays(new FaultSimulation(rulesOf({ healingEnabled: true, healingThreshold: 0 })), [
      ['F', -1, 'CONFIRMED', 'confirmed', 1],
      ['P', 0, 'HEALED', 'cleared', 1],
      ['P', 0, 'HEALED', '-', 1],
      ['F', -1, 'CONFIRMED', 'confirmed', 2],
    ]);
  });

  it('4.4: a healing threshold of 1 needs two PASSED, and two FAILED to return', () => {
    plays(new FaultSimulation(rulesOf({ healingEnabled: true, healingThreshold: 1 })), [
      ['F', -1, 'CONFIRMED', 'confirmed', 1],
      ['P', 0, 'CONFIRMED', 'updated', 1],
      ['P', 1, 'HEALED', 'cleared', 1],
      ['P', 1, 'HEALED', '-', 1],
      ['F', 0, 'HEALED', '-', 1, 'nm'],
      ['F', -1, 'CONFIRMED', 'confirmed', 2],
    ]);
  });

  it('4.5: CRITICAL confirms immediately; after a clear a report of lower severity is debounced again', () => {
    const life = new FaultSimulation(rulesOf({ confirmationThreshold: -3 }));
    plays(life, [
      ['FC', -1, 'CONFIRMED', 'confirmed', 1],
      ['P', 0, 'CONFIRMED', 'updated', 1],
      ['P', 1, 'CONFIRMED', 'updated', 1],
      ['P', 2, 'CONFIRMED', 'updated', 1],
      ['P', 3, 'CONFIRMED', 'updated', 1],
      ['F', 2, 'CONFIRMED', 'updated', 1],
      ['clear', 2, 'CLEARED', 'cleared', 1],
      ['F', -1, 'PREFAILED', '-', 2, 'nm'],
      ['F', -2, 'PREFAILED', '-', 2, 'nm'],
      ['F', -3, 'CONFIRMED', 'confirmed', 2],
    ]);
    assert.equal(life.fault?.severity, SEVERITY.ERROR, 'the new occurrence was never critical');
  });

  it('4.6: CRITICAL on a healed fault leaves the counter unchanged', () => {
    plays(new FaultSimulation(rulesOf({ confirmationThreshold: -3, healingEnabled: true })), [
      ['F', -1, 'PREFAILED', '-', 1, 'nm'],
      ['P', 0, 'PREFAILED', '-', 1],
      ['P', 1, 'PREPASSED', '-', 1],
      ['P', 2, 'PREPASSED', '-', 1],
      ['P', 3, 'HEALED', 'cleared', 1],
      ['FC', 2, 'CONFIRMED', 'confirmed', 2],
      ['P', 3, 'HEALED', 'cleared', 2],
    ]);
  });

  it('4.7: an approach recedes and returns', () => {
    plays(new FaultSimulation(rulesOf({ confirmationThreshold: -3 })), [
      ['F', -1, 'PREFAILED', '-', 1, 'nm'],
      ['F', -2, 'PREFAILED', '-', 1, 'nm'],
      ['P', -1, 'PREFAILED', '-', 1],
      ['P', 0, 'PREFAILED', '-', 1],
      ['P', 1, 'PREPASSED', '-', 1],
      ['P', 2, 'PREPASSED', '-', 1],
      ['F', 1, 'PREPASSED', '-', 1, 'nm'],
      ['F', 0, 'PREPASSED', '-', 1, 'nm'],
      ['F', -1, 'PREFAILED', '-', 1, 'nm'],
      ['F', -2, 'PREFAILED', '-', 1, 'nm'],
      ['F', -3, 'CONFIRMED', 'confirmed', 1],
    ]);
  });

  it('4.8, N19: each report is judged by the band of its source', () => {
    const wide = rulesOf({ confirmationThreshold: -4, healingThreshold: 6, criticalImmediateConfirm: false });
    const narrow = rulesOf({ confirmationThreshold: -4, healingThreshold: 3, criticalImmediateConfirm: false });
    const life = new FaultSimulation(wide);
    plays(life, [
      ['F', -1, 'PREFAILED', '-', 1, 'nm'],
      ['P', 0, 'PREFAILED', '-', 1],
      ...[1, 2, 3, 4, 5, 6].map((counter): Line => ['P', counter, 'PREPASSED', '-', 1]),
    ]);
    life.rules = narrow;
    plays(life, [['F', 2, 'PREPASSED', '-', 1, 'nm']]);
  });

  it('4.9: a motor and a lidar share a code', () => {
    const motor = rulesOf({ confirmationThreshold: -5, healingEnabled: true, healingThreshold: 10 });
    const lidar = rulesOf({ confirmationThreshold: -1, healingEnabled: true, healingThreshold: 1 });
    const life = new FaultSimulation(motor);
    plays(life, [['F', -1, 'PREFAILED', '-', 1, 'nm']]);
    life.rules = lidar;
    plays(life, [['F', -1, 'CONFIRMED', 'confirmed', 1]]);
    life.rules = motor;
    plays(
      life,
      [0, 1, 2, 3].map((counter): Line => ['P', counter, 'CONFIRMED', 'updated', 1]),
    );
    life.rules = lidar;
    plays(life, [['F', 0, 'CONFIRMED', 'updated', 1]]);
  });

  it('4.10, N17: the return to a fault is distinguished from an approach that receded', () => {
    const life = new FaultSimulation(
      rulesOf({
        confirmationThreshold: -4,
        healingEnabled: true,
        healingThreshold: 2,
        criticalImmediateConfirm: false,
      }),
    );
    plays(life, [
      ['F', -1, 'PREFAILED', '-', 1, 'nm'],
      ['P', 0, 'PREFAILED', '-', 1],
      ['P', 1, 'PREPASSED', '-', 1],
      ['P', 2, 'HEALED', 'cleared', 1],
      ...[1, 0, -1, -2, -3].map((counter): Line => ['F', counter, 'HEALED', '-', 1, 'nm']),
      ['F', -4, 'CONFIRMED', 'confirmed', 2],
    ]);
    const statuses = life.nearMisses.map(({ resultingStatus }) => resultingStatus);
    assert.deepEqual(statuses, ['PREFAILED', 'HEALED', 'HEALED', 'HEALED', 'HEALED', 'HEALED']);
  });

  it('4.11: a fault that stays prefailed is confirmed by time, ten seconds after its last FAILED', () => {
    const rules = rulesOf({ confirmationThreshold: -3, autoConfirmAfterNs: seconds(10) });
    const once = new FaultSimulation(rules);
    once.at(0).meet('F');
    assert.equal(once.at(5).meet('elapsed').fault?.status, 'PREFAILED');
    assert.equal(once.at(15).meet('elapsed').announced, 'fault_confirmed');
    assert.deepEqual([once.fault?.counter, once.fault?.confirmedAtNs], [-1, seconds(15)]);
    assert.equal(once.at(16).meet('P').fault?.status, 'CONFIRMED');

    const twice = new FaultSimulation(rules);
    twice.at(0).meet('F');
    twice.at(8).meet('F');
    assert.equal(twice.at(15).meet('elapsed').fault?.status, 'PREFAILED');
    assert.equal(twice.at(18).meet('elapsed').fault?.status, 'CONFIRMED');
  });

  it('4.13, L04: a level-triggered reporter creates one occurrence', () => {
    const life = new FaultSimulation();
    const announcements = Array.from({ length: 25 }, () => life.meet(failed()).announced);
    assert.deepEqual(announcements, ['fault_confirmed', ...Array.from({ length: 24 }, () => 'fault_updated')]);
    assert.deepEqual([life.fault?.counter, life.fault?.occurrenceCount, life.status], [-1, 1, 'CONFIRMED']);
  });
});
