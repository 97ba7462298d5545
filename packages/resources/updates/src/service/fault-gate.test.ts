import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type FaultSeverity, openModel } from '@medkit/core';
import {
  app,
  component,
  fault,
  faultEvent,
  type MemoryFaultsOptions,
  memoryFaults,
  memoryRuntime,
} from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { faultGate, type GateScope } from './fault-gate.ts';

/** An arm with a driver on a base, and a camera next to them; collects the faults that the gate reports. */
async function setUp(scope: GateScope, faults: MemoryFaultsOptions = {}, leastSeverity: FaultSeverity = 2) {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const log = (_: string, message: string) => void logged.push(message);
  const runtime = memoryRuntime({
    components: [component('base'), component('arm', { parentComponentId: 'base' }), component('head')],
    apps: [
      app('driver', { componentId: 'arm', node: '/arm/driver' }),
      app('camera', { componentId: 'head', node: '/camera' }),
    ],
    providers: { faults: memoryFaults(faults) },
  });
  const model = await openModel({ runtimes: [runtime], clock, log });
  const codes: string[] = [];
  const stop = faultGate({ model, clock, log, leastSeverity }).watch(scope, (code) => codes.push(code));
  let id = 0;
  const confirm = (
    source: string,
    severity: FaultSeverity = 2,
    type: 'fault_confirmed' | 'fault_updated' = 'fault_confirmed',
  ) => {
    const of = fault(`F${++id}`, { sources: [source], severity });
    model.events.emit('fault.event', { runtime: 'memory', event: faultEvent(id, { type, fault: of }) });
  };
  return { codes, confirm, stop, logged, clock, model };
}

it('faults count for the named entities and their members, and not for unknown entities', async () => {
  const { codes, confirm, stop } = await setUp({ entities: ['base'] });
  for (const source of ['/arm/driver', '/camera', '/gone']) confirm(source);
  assert.deepEqual(codes, ['F1', 'F3']);
  stop();
  confirm('/arm/driver');
  assert.equal(codes.length, 2);
});

it('a fault without a known reporter counts', async () => {
  const { codes, model } = await setUp({ entities: ['base'] });
  const event = faultEvent(1, { type: 'fault_confirmed', fault: fault('ORPHAN', { sources: [], severity: 2 }) });
  model.events.emit('fault.event', { runtime: 'memory', event });
  assert.deepEqual(codes, ['ORPHAN']);
});

it('all faults count if no entity is named, or no known one', async () => {
  for (const entities of [[], ['wheels']]) {
    const { codes, confirm } = await setUp({ entities });
    confirm('/camera');
    assert.deepEqual(codes, ['F1']);
  }
});

it('only confirmed faults count, and only from a severity on', async () => {
  const { codes, confirm } = await setUp({ entities: [] }, {}, 3);
  confirm('/camera', 2);
  confirm('/camera', 3, 'fault_updated');
  confirm('/camera', 3);
  assert.deepEqual(codes, ['F3']);
});

it('faults confirmed since an earlier time are included', async () => {
  const sinceMs = 1_770_201_000_000;
  const at = (ms: number) => ({ confirmedAtNs: BigInt(ms) * 1_000_000n, sources: ['/arm/driver'] });
  const faults = [
    fault('BEFORE', at(sinceMs - 1)),
    fault('SINCE', at(sinceMs + 1)),
    fault('ELSEWHERE', { ...at(sinceMs + 1), sources: ['/camera'] }),
    fault('HEALED', { ...at(sinceMs + 1), status: 'HEALED' }),
  ];
  const { codes } = await setUp({ entities: ['arm'], sinceMs }, { faults });
  for (let turns = 0; turns < 4; turns++) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(codes, ['SINCE']);
});

const turns = async () => {
  for (let count = 0; count < 8; count++) await new Promise((resolve) => setImmediate(resolve));
};

it('if earlier faults cannot be read, that is logged once, new faults count, and the read is retried', async () => {
  let isGone = true;
  let calls = 0;
  const onCall = () => {
    calls++;
    if (isGone) throw new Error('gone');
  };
  const faults = [fault('SINCE', { confirmedAtNs: 1n, sources: ['/camera'] })];
  const { codes, confirm, logged, clock, stop } = await setUp({ entities: [], sinceMs: 0 }, { onCall, faults });
  await turns();
  confirm('/camera');
  await clock.advance(1000);
  await turns();
  assert.deepEqual([codes, calls], [['F1'], 2]);
  assert.equal(logged.filter((line) => line.includes('Faults that appeared during an update are unknown')).length, 1);
  isGone = false;
  await clock.advance(1000);
  await turns();
  assert.deepEqual(codes, ['F1', 'SINCE']);
  stop();
  await clock.advance(5000);
  assert.equal(calls, 3);
});

it('without listeners the faults are not read any more', async () => {
  let calls = 0;
  const onCall = () => {
    calls++;
    throw new Error('gone');
  };
  const { clock, stop } = await setUp({ entities: [], sinceMs: 0 }, { onCall });
  await turns();
  stop();
  await clock.advance(5000);
  await turns();
  assert.equal(calls, 1);
});
