import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { DataListResult } from '@medkit/contract';
import { type CallContext, callContext, type Model, openModel, type Runtime } from '@medkit/core';
import { app, area, component, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { createDataService, type DataService } from '@medkit/entities';

/** The peer of each gateway is the next one. */
const NAMES = ['dock', 'hall', 'yard'] as const;
/** A request loop is assumed after this many requests. */
const ENDLESS = 100;

const opened: Model[] = [];
afterEach(async () => {
  for (const model of opened.splice(0)) await model.close();
});

/**
 * Three gateways in a ring. Each has a robot in the area `site`, and shows the whole `site` area of the next gateway as
 * a component in its own `site`.
 */
async function ring() {
  const clock = new SimulatedClock();
  const services = new Map<string, DataService>();
  /** Requests that reached the gateways, as `hall via dock`, and their replies. */
  const requests: string[] = [];
  const results: DataListResult[] = [];
  const peerOf = (name: string): Runtime => {
    const peer = memoryRuntime({
      name,
      origin: name,
      areas: [area('site')],
      components: [component(`${name}_site`, { areaId: 'site', address: { runtime: name, nativeId: 'site' } })],
    });
    const next = ({ via }: CallContext): DataService => {
      requests.push(`${name} via ${via.join(', ')}`);
      assert.ok(requests.length < ENDLESS, 'it goes round and round');
      return services.get(name) ?? assert.fail();
    };
    const list = async (nativeId: string, call: CallContext) => {
      const result = await next(call).list('area', nativeId, call);
      results.push(result);
      return result.items.map(({ id, name: title, category }) => ({ id, name: title, category }));
    };
    const read = async (nativeId: string, dataId: string, call: CallContext) => {
      await next(call).read('area', nativeId, dataId, call);
      return assert.fail();
    };
    return { ...peer, providers: { data: { ...(peer.providers.data ?? assert.fail()), list, read } } };
  };
  for (const [at, gateway] of NAMES.entries()) {
    const lidar = app(`${gateway}_lidar`, { componentId: 'robot', address: { runtime: 'ros2', nativeId: '/lidar' } });
    const robot = memoryRuntime({
      name: 'ros2',
      areas: [area('site')],
      components: [component('robot', { areaId: 'site' })],
      apps: [lidar],
      data: { '/lidar': { [`/${gateway}/scan`]: { value: 1 } } },
    });
    const runtimes = [robot, peerOf(NAMES[(at + 1) % NAMES.length] as string)];
    const model = await openModel({ runtimes, clock, log: () => undefined, gateway });
    opened.push(model);
    services.set(gateway, createDataService({ model, clock }));
  }
  const call = () => callContext({ clock, timeoutMs: 9000 });
  return { requests, results, call, dock: services.get('dock') ?? assert.fail() };
}

describe('a ring of three gateways', () => {
  it('requests the data of each gateway once, and ends the request when it returns to a gateway it has passed', async () => {
    const { requests, results, call, dock } = await ring();
    const { items } = await dock.list('area', 'site', call());
    assert.deepEqual(items.map(({ id }) => id).sort(), ['/dock/scan', '/hall/scan', '/yard/scan']);
    assert.deepEqual(requests, ['hall via dock', 'yard via dock, hall', 'dock via dock, hall, yard']);
    const [last] = results;
    assert.deepEqual(
      last?.items.map(({ id }) => id),
      ['/yard/scan'],
    );
    assert.deepEqual(
      last?.['x-medkit']?.failed_members?.map(({ runtime, message }) => [runtime, message.split(':')[0]]),
      [['dock', 'The request came back to this gateway, by way of dock, hall, yard']],
    );
  });

  it('ends a request for an item that no gateway has with an error', async () => {
    const { requests, call, dock } = await ring();
    await assert.rejects(dock.read('area', 'site', 'nobody_has_it', call()));
    assert.ok(requests.length <= 4 * NAMES.length, `${requests}`);
  });
});
