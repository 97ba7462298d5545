import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SEVERITY } from '../fault/severity.ts';
import { FaultSimulation, failed, rulesOf } from '../testing/fault-simulation.ts';
import type { NearMiss } from './near-miss.ts';

const counters = (series: readonly NearMiss[]): readonly number[] => series.map(({ counter }) => counter);

describe('near misses', () => {
  it('N01, N02: each FAILED below the threshold is a near miss, the confirming one is not', () => {
    const life = new FaultSimulation(rulesOf({ confirmationThreshold: -4 }));
    life.play('F F F F');
    const [first] = life.nearMisses;
    assert.deepEqual(counters(life.nearMisses), [-1, -2, -3]);
    assert.deepEqual(first, {
      faultCode: 'F1',
      occurredAtNs: 1_000_000_000n,
      counter: -1,
      confirmationThreshold: -4,
      severity: SEVERITY.ERROR,
      source: '/source',
      resultingStatus: 'PREFAILED',
    });
  });

  it('N04: the approach after a clear counts again', () => {
    const life = new FaultSimulation(rulesOf({ confirmationThreshold: -4 }));
    life.play('F F F clear F');
    assert.deepEqual(counters(life.nearMisses), [-1, -2, -3, -1]);
  });

  it('N06, N07, N08: PASSED, CRITICAL and a threshold of -1 create none', () => {
    const life = new FaultSimulation(rulesOf({ confirmationThreshold: -4 }));
    life.play('FC P P');
    const instant = new FaultSimulation();
    instant.play('F F P F');
    assert.deepEqual([...life.nearMisses, ...instant.nearMisses], []);
  });

  it('N09: a FAILED on a healed fault counts', () => {
    const life = new FaultSimulation(rulesOf({ confirmationThreshold: -2, healingEnabled: true, healingThreshold: 1 }));
    life.play('F P P F');
    assert.deepEqual(counters(life.nearMisses), [-1, 0]);
  });

  it('N14: each describes its own report', () => {
    const life = new FaultSimulation();
    life.meet(failed({ severity: SEVERITY.WARN, source: '/a' }), rulesOf({ confirmationThreshold: -4 }));
    life.meet(failed({ severity: SEVERITY.INFO, source: '/b' }), rulesOf({ confirmationThreshold: -8 }));
    assert.deepEqual(
      life.nearMisses.map(({ confirmationThreshold, severity, source }) => [confirmationThreshold, severity, source]),
      [
        [-4, SEVERITY.WARN, '/a'],
        [-8, SEVERITY.INFO, '/b'],
      ],
    );
  });
});
