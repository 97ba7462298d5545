import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { COMMAND_TIMEOUT_MS, commandedBase } from './commanded-base.ts';

const AHEAD = { linearMps: 0.5, angularRps: 0 };

test('a base executes its last command for half a second', () => {
  const clock = new SimulatedClock();
  const base = commandedBase(clock);
  assert.equal(base.velocity(), undefined, 'nobody said anything');
  base.command(AHEAD);
  clock.advance(COMMAND_TIMEOUT_MS);
  assert.deepEqual(base.velocity(), AHEAD);
  clock.advance(1);
  assert.equal(base.velocity(), undefined);
  base.command(AHEAD);
  assert.deepEqual(base.velocity(), AHEAD);
});

test('an invalid command changes nothing, and does not extend the motion', () => {
  const clock = new SimulatedClock();
  const base = commandedBase(clock);
  base.command(AHEAD);
  clock.advance(COMMAND_TIMEOUT_MS);
  base.command({ linearMps: Number.NaN, angularRps: 0 });
  base.command({ linearMps: 0, angularRps: Number.POSITIVE_INFINITY });
  assert.deepEqual(base.velocity(), AHEAD);
  clock.advance(1);
  assert.equal(base.velocity(), undefined);
});
