import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SubscriptionEvent } from '@medkit/core';
import type { PluginParts } from '@medkit/plugin';
import { module, pluginGateway, settled } from '../testing/plugin-gateway.ts';

const LIDAR = '/apps/lidar/cyclic-subscriptions';
const of = (collection: string, more: object = {}) => ({
  resource: `/api/v1/apps/lidar/${collection}`,
  interval: 'fast',
  duration: 60,
  ...more,
});

/** A plugin that delivers over `mqtt`, and its deliveries. */
function transporter() {
  const delivered: SubscriptionEvent[] = [];
  const parts: PluginParts = {
    transports: {
      mqtt: {
        start: async () => undefined,
        deliver: async (_id, event) => void delivered.push(event),
        stop: async () => undefined,
      },
    },
  };
  return { delivered, parts };
}

describe('subscriptions to collections and transports of plugins', () => {
  it('are to their collections, and delivered by their transports', async () => {
    const { delivered, parts } = transporter();
    const sampler = module(async () => ({
      samplers: { 'x-plc-pumps': { sample: async (entity) => ({ pumps: entity.id }) } },
    }));
    const { ask, clock, close } = await pluginGateway({ plc: sampler, mqtt: module(async () => parts) });
    assert.equal((await ask('POST', LIDAR, of('x-plc-pumps', { protocol: 'mqtt' }))).status, 201);
    await clock.advanceAsync(200);
    await settled();
    const [event] = delivered;
    assert.deepEqual(event && 'payload' in event && event.payload, { pumps: 'lidar' });
    assert.ok(delivered.length > 2);
    const events = await ask('GET', `${LIDAR}/sub_001/events`);
    assert.deepEqual([events.status, events.body.vendor_code], [501, 'x-medkit-transport-not-streamable']);
    assert.equal((await ask('POST', LIDAR, of('x-plc-pumps/one'))).body.vendor_code, 'x-medkit-invalid-resource-uri');
    assert.equal((await ask('POST', LIDAR, of('x-plc'))).body.vendor_code, 'x-medkit-collection-not-available');
    await close();
  });

  it('are served by the first plugin with the name, and not with a name of the gateway', async () => {
    const named = (name: string) => module(async () => ({ samplers: { [name]: { sample: async () => name } } }));
    const { ask, health, close } = await pluginGateway({
      first: named('x-pumps'),
      second: named('x-pumps'),
      third: named('faults'),
      fourth: module(async () => transporter().parts),
      fifth: module(async () => transporter().parts),
      sixth: module(async () => ({ transports: { sse: transporter().parts.transports!.mqtt! } })),
    });
    const refused = (await health()).warnings.filter(({ code }: { code: string }) => code === 'plugin_part_refused');
    assert.deepEqual(
      refused.map(({ message }: { message: string }) => message),
      [
        'Sampler x-pumps of plugin second is not served: another plugin has a sampler with this name',
        'Sampler faults of plugin third is not served: its name does not begin with x-',
        'Transport mqtt of plugin fifth is not served: another plugin has a transport for this protocol',
        'Transport sse of plugin sixth is not served: medkit serves this protocol itself',
      ],
    );
    assert.equal((await ask('POST', LIDAR, of('x-pumps'))).status, 201);
    await close();
  });

  it('report an error if a sampler or a transport fails or hangs, and a client cannot switch a plugin off with them', async () => {
    const { delivered, parts } = transporter();
    const sampler = module(async () => ({
      samplers: {
        'x-broken': {
          sample: async () => {
            throw new Error('secret');
          },
        },
        'x-mute': { sample: () => new Promise(() => undefined) },
      },
    }));
    const { ask, clock, health, close } = await pluginGateway({ plc: sampler, mqtt: module(async () => parts) });
    for (const collection of ['x-broken', 'x-mute']) await ask('POST', LIDAR, of(collection, { protocol: 'mqtt' }));
    for (let n = 0; n < 120; n++) {
      await clock.advanceAsync(50);
      await settled();
    }
    const errors = new Set(delivered.map((event) => JSON.stringify('error' in event && event.error)));
    assert.deepEqual(
      [...errors],
      [
        JSON.stringify({
          error_code: 'vendor-error',
          message: 'Internal plugin error',
          vendor_code: 'x-medkit-plugin-error',
        }),
      ],
    );
    const { plugins } = (await health())['x-medkit-plugins'];
    assert.ok(plugins.every(({ state }: { state: string }) => state === 'running'));
    await close();
  });

  it('report an error once their plugin is switched off, and no longer call it', async () => {
    const { delivered, parts } = transporter();
    let samples = 0;
    let changed = (): void => undefined;
    const ending = module(async (context) => {
      changed = () => context.changed();
      return {
        contribution: async () => {
          throw new Error('broken');
        },
        samplers: { 'x-pumps': { sample: async () => ++samples } },
      };
    });
    const { ask, clock, logged, close } = await pluginGateway({ plc: ending, mqtt: module(async () => parts) });
    await ask('POST', LIDAR, of('x-pumps', { protocol: 'mqtt' }));
    for (let n = 0; n < 10; n++) {
      changed();
      await clock.advanceAsync(1000);
      await settled();
    }
    assert.ok(logged.some((line) => /plc is switched off/.test(line)));
    const before = samples;
    await clock.advanceAsync(500);
    await settled();
    assert.equal(samples, before);
    const last = delivered.at(-1);
    assert.ok(last && 'error' in last && last.error.vendor_code === 'x-medkit-plugin-error');
    await close();
  });

  it('are left out with a plugin whose parts are invalid', async () => {
    for (const [parts, problem] of [
      [{ samplers: { 'x-a': {} } }, /its sampler x-a has no sample/],
      [{ transports: { mqtt: { start: async () => undefined } } }, /its transport mqtt has no deliver and no stop/],
      [{ samplers: [] }, /its samplers are not an object/],
    ] as const) {
      const { health, close } = await pluginGateway({ plc: module(async () => parts as never) });
      assert.match((await health()).warnings.map(({ message }: { message: string }) => message).join(), problem);
      await close();
    }
  });
});
