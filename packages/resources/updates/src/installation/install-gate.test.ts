import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { StagedFaults } from '../testing/installed-robot.ts';
import { InstallGate } from './install-gate.ts';

function setUp() {
  const clock = new SimulatedClock();
  const faults = new StagedFaults();
  const { signal } = new AbortController();
  const gate = new InstallGate({ clock, faults, scope: { entities: [] } });
  return { clock, faults, gate, signal };
}

it('a passed gate leaves no listener on the faults or the abort signal', async () => {
  const { clock, faults, gate, signal } = setUp();
  const passed = gate.pass(1000, signal);
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  await clock.advance(1000);
  await passed;
  gate.close();
  assert.deepEqual([getEventListeners(signal, 'abort').length, faults.watchers], [0, 0]);
});

it('a fault at the exact end of the gate time counts', async () => {
  const { clock, faults, gate, signal } = setUp();
  clock.after(1000, () => faults.confirm('LAST'));
  const passed = assert.rejects(gate.pass(1000, signal), /faults LAST, AFTER_IT were confirmed/);
  clock.after(1000, () => faults.confirm('AFTER_IT'));
  await clock.advance(1000);
  await passed;
});
