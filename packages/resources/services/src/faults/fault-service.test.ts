import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, isPromise, openModel, type Providers } from '@medkit/core';
import { app, fault, memoryFaults, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { createFaultService } from './fault-service.ts';

const KEPT = {
  faults: [{ fault: fault('MOTOR_HOT', { sources: ['/motor'] }), thresholds: [] }],
  muted: [],
  clusters: [],
};

async function setUp(list: NonNullable<Providers['faults']>['list']) {
  const clock = new SimulatedClock();
  const address = { runtime: 'memory', nativeId: '/motor' };
  const runtime = memoryRuntime({
    apps: [app('motor', { fqn: '/motor', address })],
    providers: { faults: { ...memoryFaults(), list } },
  });
  const log = () => undefined;
  const model = await openModel({ runtimes: [runtime], clock, log });
  const faults = createFaultService({
    model,
    entityFrames: { of: () => [] },
    locks: { changeAll: async (_collection, _client, work) => work(), isClosed: () => false },
    log,
  });
  return { clock, faults };
}

describe('lists of faults', () => {
  it('are there at once, the same until one changes, where the manager has them: nobody is watched who waits', async () => {
    const { clock, faults } = await setUp(() => KEPT);
    const waiting = {
      isAbandoned: false,
      get signal(): AbortSignal {
        return assert.fail('no signal is needed');
      },
    };
    const call = () => callContext({ clock, timeoutMs: 1000, waiting });
    const all = [faults.listAll({}, call()), faults.listAll({}, call())];
    const ofApp = [faults.list('app', 'motor', {}, call()), faults.list('app', 'motor', {}, call())];
    for (const [list, again] of [all, ofApp]) {
      assert.ok(list && !isPromise(list));
      assert.equal(list, again);
      assert.deepEqual(
        list.items.map(({ fault_code }) => fault_code),
        ['MOTOR_HOT'],
      );
    }
  });

  it('are waited for where the manager must be asked, and say what fails', async () => {
    const { clock, faults } = await setUp(async () => KEPT);
    const call = () => callContext({ clock, timeoutMs: 1000 });
    const list = faults.listAll({}, call());
    assert.ok(isPromise(list));
    assert.equal((await list).items.length, 1);
    assert.throws(() => faults.listAll({ status: 'none' }, call()), { code: 'invalid-parameter' });
    const broken = await setUp(() => {
      throw new Error('the book is lost');
    });
    await assert.rejects(async () => broken.faults.listAll({}, call()), { code: 'service-unavailable' });
  });
});
