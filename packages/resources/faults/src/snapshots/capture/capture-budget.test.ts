import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { CaptureBudget, MAX_HELD_OCTETS_PER_SECOND } from './capture-budget.ts';

it('bytes of messages are left to faults of other sources while one source takes as many as it can', () => {
  const clock = new SimulatedClock();
  const budget = new CaptureBudget(clock);
  const half = MAX_HELD_OCTETS_PER_SECOND / 2;
  assert.equal(budget.remainingFor('/flood'), half);
  budget.spend(half, '/flood');
  assert.deepEqual([budget.remainingFor('/flood'), budget.remainingFor('/quiet')], [0, half / 2]);
  assert.equal(budget.remainingFor(undefined), half);
  budget.refuse();
  const { owners, largest, refused } = budget.figures();
  assert.deepEqual([owners, largest, refused], [1, half, 1]);
  clock.advance(1000);
  assert.deepEqual([budget.figures().held, budget.figures().refused], [0, 1]);
  assert.equal(budget.remainingFor('/flood'), half, 'the next second has room again');
});
