import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, type LifecycleProvider, openModel } from '@medkit/core';
import { app, component, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { createStatusService } from './status-service.ts';

async function setUp(...runtimes: Parameters<typeof memoryRuntime>[0][]) {
  const clock = new SimulatedClock();
  const model = await openModel({ runtimes: runtimes.map(memoryRuntime), clock, log: () => undefined });
  const call = () => callContext({ clock, timeoutMs: 9000 });
  return { clock, call, status: createStatusService({ model, clock }) };
}

function lifecycle(fields: Partial<LifecycleProvider>): { readonly lifecycle: LifecycleProvider } {
  return {
    lifecycle: { status: async () => undefined, change: async () => assert.fail('not of this one'), ...fields },
  };
}

describe('the status of an entity of several runtimes', () => {
  const at = (runtime: string) => ({ runtime, nativeId: '/pump' });

  it('comes from the first runtime with its lifecycle, which also makes transitions', async () => {
    const changed: string[] = [];
    const { status, call } = await setUp(
      { name: 'ros2', priority: 2, apps: [app('pump', { address: at('ros2') })], providers: lifecycle({}) },
      {
        name: 'supervisor',
        apps: [app('pump', { address: at('supervisor') })],
        providers: lifecycle({
          status: async () => ({ status: 'notReady', actions: ['start'] }),
          change: async (nativeId, action) => void changed.push(`${action} ${nativeId}`),
        }),
      },
    );
    assert.deepEqual(await status.get('app', 'pump', call()), {
      status: 'notReady',
      start: '/api/v1/apps/pump/status/start',
    });
    await status.change('app', 'pump', 'start', call());
    assert.deepEqual(changed, ['start /pump']);
  });

  it('waits one second for a runtime at another gateway', async () => {
    const rack = (runtime: string) => [
      component('rack', { address: at(runtime) }),
      component(`${runtime}_shelf`, { parentComponentId: 'rack' }),
    ];
    const { status, call, clock } = await setUp(
      {
        name: 'ros2',
        components: rack('ros2'),
        providers: lifecycle({ status: async () => ({ status: 'ready', actions: [] }) }),
      },
      {
        name: 'peer_b',
        origin: 'peer_b',
        components: rack('peer_b'),
        providers: lifecycle({ status: () => new Promise(() => undefined) }),
      },
    );
    const request = status.get('component', 'rack', call());
    let answer: unknown;
    void request.then((reported) => {
      answer = reported;
    });
    await clock.advanceAsync(999, 111);
    assert.equal(answer, undefined);
    await clock.advanceAsync(1);
    assert.deepEqual(await request, { status: 'ready' });
  });
});
