import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIFECYCLE_ACTIONS, SovdError } from '@medkit/contract';
import { LifecycleError, type LifecycleErrorInit, type LifecycleProvider, type LifecycleStatus } from '@medkit/core';
import { app, component } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const ACTIVE: LifecycleStatus = {
  status: 'ready',
  actions: ['restart', 'shutdown'],
  state: 'active',
  lastTransition: { action: 'start', outcome: 'succeeded', step: 'activate', startedMs: 0, endedMs: 1500 },
  terms: { ros2: { node: '/lidar_driver' } },
};

/** A gateway where only `lidar_driver` has a lifecycle. */
async function setUp(fields: Partial<LifecycleProvider> = {}) {
  const calls: string[] = [];
  const gateway = await testGateway({}, undefined, {
    lifecycle: {
      status: async (nativeId) => (nativeId === '/lidar_driver' ? ACTIVE : undefined),
      change: async (nativeId, action) => {
        if (nativeId !== '/lidar_driver') {
          throw new LifecycleError({ failure: 'unsupported', message: `${nativeId} is no managed node` });
        }
        calls.push(`${action} ${nativeId}`);
      },
      ...fields,
    },
  });
  const get = async (path: string) => (await gateway.app.inject(`/api/v1/${path}/status`)).json();
  const put = (path: string) => gateway.app.inject({ method: 'PUT', url: `/api/v1/${path}` });
  return { ...gateway, calls, get, put };
}

describe('status', () => {
  it('of an app with a lifecycle comes from its provider, with the address of every transition it offers', async () => {
    const { get } = await setUp();
    assert.deepEqual(await get('apps/lidar_driver'), {
      status: 'ready',
      restart: '/api/v1/apps/lidar_driver/status/restart',
      shutdown: '/api/v1/apps/lidar_driver/status/shutdown',
      'x-medkit': {
        state: 'active',
        last_transition: {
          action: 'start',
          outcome: 'succeeded',
          step: 'activate',
          started_at: '1970-01-01T00:00:00.000Z',
          ended_at: '1970-01-01T00:00:01.500Z',
        },
        ros2: { node: '/lidar_driver' },
      },
    });
  });

  it('has all five addresses if the provider offers all transitions', async () => {
    const { get } = await setUp({ status: async () => ({ status: 'notReady', actions: LIFECYCLE_ACTIONS }) });
    const base = '/api/v1/apps/lidar_driver/status';
    assert.deepEqual(await get('apps/lidar_driver'), {
      status: 'notReady',
      start: `${base}/start`,
      restart: `${base}/restart`,
      'force-restart': `${base}/force-restart`,
      shutdown: `${base}/shutdown`,
      'force-shutdown': `${base}/force-shutdown`,
    });
  });

  it('of an app without a lifecycle is ready if the app is online', async () => {
    const { get, runtime, clock } = await setUp();
    assert.deepEqual(await get('apps/battery_monitor'), { status: 'ready' });
    runtime.tell({ apps: [app('battery_monitor', { online: false })] });
    clock.advance(10);
    assert.deepEqual(await get('apps/battery_monitor'), { status: 'notReady' });
  });

  it('of a component is ready unless it hosts apps and all of them are offline', async () => {
    const { get, runtime, clock } = await setUp();
    const hosted = (id: string, online: boolean) => app(id, { componentId: 'amr_01', online });
    runtime.tell({
      components: [component('amr_01'), component('group')],
      apps: [hosted('a', false), hosted('b', true)],
    });
    clock.advance(10);
    assert.deepEqual(await get('components/amr_01'), { status: 'ready' });
    assert.deepEqual(await get('components/group'), { status: 'ready' });
    runtime.tell({ apps: [hosted('a', false), hosted('b', false)] });
    clock.advance(10);
    assert.deepEqual(await get('components/amr_01'), { status: 'notReady' });
  });

  it('is served for apps and components only', async () => {
    const { put, app: server } = await setUp();
    for (const path of ['areas/warehouse', 'functions/navigation']) {
      assert.equal((await server.inject(`/api/v1/${path}/status`)).statusCode, 404);
      assert.equal((await put(`${path}/status/start`)).statusCode, 404);
    }
    assert.equal((await put('apps/lidar_driver/status/stop')).json().error_code, 'resource-not-found');
  });

  it('that is neither ready nor notReady is a failure of the provider', async () => {
    const { app: server } = await setUp({ status: async () => ({ status: 'fine' as 'ready', actions: [] }) });
    const reply = await server.inject('/api/v1/apps/lidar_driver/status');
    assert.equal(reply.statusCode, 500);
    assert.equal(reply.json().vendor_code, 'x-medkit-plugin-error');
  });

  it('is advertised by apps and components', async () => {
    const { app: server } = await setUp();
    for (const path of ['apps/lidar_driver', 'components/amr_01']) {
      const { status, capabilities } = (await server.inject(`/api/v1/${path}`)).json();
      assert.equal(status, `/api/v1/${path}/status`);
      assert.ok(capabilities.some(({ name }: { name: string }) => name === 'status'));
    }
  });
});

describe('a transition', () => {
  it('that has begun answers 202 with an empty body and the address of the status', async () => {
    const { put, calls } = await setUp();
    for (const action of LIFECYCLE_ACTIONS) {
      const { statusCode, body, headers } = await put(`apps/lidar_driver/status/${action}`);
      assert.deepEqual([statusCode, body], [202, '']);
      assert.equal(headers['location'], '/api/v1/apps/lidar_driver/status');
      assert.equal(calls.at(-1), `${action} /lidar_driver`);
    }
  });

  it('answers 501 without a provider, and if the provider does not handle the entity', async () => {
    const without = await testGateway();
    for (const { app: server } of [without, await setUp()]) {
      for (const path of ['apps/battery_monitor', 'components/amr_01', 'components/arm']) {
        for (const action of LIFECYCLE_ACTIONS) {
          const { statusCode, ...reply } = await server.inject({
            method: 'PUT',
            url: `/api/v1/${path}/status/${action}`,
          });
          assert.equal(statusCode, 501);
          const { error_code, parameters } = reply.json();
          assert.deepEqual([error_code, parameters], ['not-implemented', undefined]);
        }
      }
    }
  });

  it('of an unknown entity, or of one of another kind, is rejected', async () => {
    const { put } = await setUp();
    assert.equal((await put('apps/nobody/status/start')).json().error_code, 'entity-not-found');
    assert.equal((await put('apps/amr_01/status/start')).json().error_code, 'invalid-parameter');
    assert.equal((await put('apps/a.b/status/start')).json().error_code, 'invalid-parameter');
  });

  const ROWS: readonly (readonly [LifecycleErrorInit, number, string])[] = [
    [{ failure: 'access-denied', message: 'not you' }, 403, 'insufficient-access-rights'],
    [{ failure: 'precondition-failed', message: 'not now' }, 409, 'precondition-not-fulfilled'],
    [{ failure: 'unsupported', message: 'not here' }, 501, 'not-implemented'],
    [{ failure: 'entity-not-found', message: 'gone' }, 404, 'x-medkit-plugin-error'],
    [{ failure: 'transport-error', message: 'mute' }, 502, 'x-medkit-plugin-error'],
    [{ failure: 'internal', message: 'broken' }, 500, 'x-medkit-plugin-error'],
    [{ failure: 'entity-not-found', message: 'gone for good', status: 410 }, 410, 'x-medkit-plugin-error'],
    [{ failure: 'transport-error', message: 'mute', status: 504 }, 504, 'x-medkit-plugin-error'],
    [{ failure: 'internal', message: 'too low', status: 200 }, 400, 'x-medkit-plugin-error'],
    [{ failure: 'internal', message: 'too high', status: 900 }, 599, 'x-medkit-plugin-error'],
    [{ failure: 'internal', message: 'no number', status: Number.NaN }, 500, 'x-medkit-plugin-error'],
    [{ failure: 'access-denied', message: 'its own', status: 500 }, 403, 'insufficient-access-rights'],
  ];
  for (const [init, status, code] of ROWS) {
    const hint = init.status === undefined ? '' : `, hinted ${init.status}`;
    it(`that a provider refuses with ${init.failure}${hint} is ${status} ${code}`, async () => {
      const refuse = () => Promise.reject(new LifecycleError(init));
      const { put, app: server } = await setUp({ change: refuse, status: refuse });
      for (const reply of [
        await put('apps/lidar_driver/status/restart'),
        await server.inject('/api/v1/apps/lidar_driver/status'),
      ]) {
        const vendor = code.startsWith('x-medkit-');
        assert.equal(reply.statusCode, status);
        assert.deepEqual(reply.json(), {
          error_code: vendor ? 'vendor-error' : code,
          message: init.message,
          ...(vendor && { vendor_code: code }),
        });
      }
    });
  }

  it('has an error message that is truncated if it is too long', async () => {
    const change = () => Promise.reject(new LifecycleError({ failure: 'internal', message: 'a'.repeat(2000) }));
    const { put } = await setUp({ change });
    assert.equal((await put('apps/lidar_driver/status/start')).json().message, `${'a'.repeat(512)}...`);
  });

  it('fails with 500 x-medkit-plugin-error if its provider throws, and the reason is only logged', async () => {
    const change = () => Promise.reject(new TypeError('secret path'));
    const { put, log } = await setUp({ change });
    const reply = await put('apps/lidar_driver/status/start');
    assert.equal(reply.statusCode, 500);
    assert.equal(reply.json().vendor_code, 'x-medkit-plugin-error');
    assert.equal(reply.body.includes('secret'), false);
    assert.match(log.join(), /secret path/);
  });

  it('returns the error of its provider', async () => {
    const change = () => Promise.reject(new SovdError({ code: 'service-unavailable', message: 'try again' }));
    const { put } = await setUp({ change });
    assert.equal((await put('apps/lidar_driver/status/start')).statusCode, 503);
  });
});
