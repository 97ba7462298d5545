import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { LiveValue } from '@medkit/contract';
import { app, area, component } from '@medkit/core/testing';
import { eventually, settled } from '../harness/eventually.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';
import { followed } from './stream-client.ts';

const opened: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(instance: string, options: Partial<RealGatewayOptions> = {}) {
  const robot = {
    areas: [area('hall')],
    components: [component(`${instance}_base`, { areaId: 'hall' })],
    apps: [
      app('lidar', {
        componentId: `${instance}_base`,
        node: '/lidar',
        address: { runtime: 'ros2', nativeId: '/lidar' },
      }),
    ],
    data: { '/lidar': { '/scan': { value: { n: instance.length } } } },
  };
  const gateway = await realGateway({ instance, robot, ...options });
  opened.push(gateway);
  return gateway;
}

/** A client of a live stream, with the latest value of each item. */
async function looking(url: string, watch: string) {
  const names = watch.split(',');
  const client = await followed(
    `${url}/api/v1/x-medkit-live?interval=50&events=none&watch=${encodeURIComponent(watch)}`,
  );
  opened.push(client);
  const values = (): Readonly<Record<string, LiveValue>> =>
    Object.fromEntries(
      client.events
        .flatMap(({ data }) => Object.entries<LiveValue>(JSON.parse(data).values))
        .map(([place, value]) => [names[Number(place)], value]),
    );
  return { values, close: client.close };
}

const streamsAt = async ({ ask }: Pick<Awaited<ReturnType<typeof start>>, 'ask'>): Promise<number> =>
  (await ask('GET', '/health')).body['x-medkit-event-streams'].clients;

describe('live values of entities of other gateways', () => {
  it('use one stream per gateway for any number of local clients, and close it with the last', async () => {
    const yard = await start('yard');
    const head = await start('head', { peers: { yard: yard.url } });
    await eventually('the app', async () => (await head.ask('GET', '/apps/yard__lidar')).status === 200);
    // Includes the stream that follows its tree.
    const before = await settled(() => streamsAt(yard));
    const [remote, local] = ['apps/yard__lidar/data/scan:/n', 'apps/lidar/data/scan:/n'];
    const named = 'areas/hall/data/yard__lidar:scan:/n';
    const clients = await Promise.all(
      Array.from({ length: 5 }, () => looking(head.url, [remote, local, named].join())),
    );
    await eventually('all values', async () => clients.every(({ values }) => Object.keys(values()).length === 3));
    const numbers = (at = 0) => [remote, local, named].map((name) => clients[at]?.values()[name]?.value);
    await eventually('their values', async () => String(numbers()) === '4,4,4');
    yard.runtime.publish('/lidar', '/scan', { n: 9_007_199_254_740_993n });
    head.runtime.publish('/lidar', '/scan', { n: 17 });
    await eventually('the next ones', async () => String(numbers(4)) === '9007199254740992,17,9007199254740992');
    assert.equal((await settled(() => streamsAt(yard))) - before, 1);
    for (const { close } of clients) close();
    await eventually(
      'nobody looks there',
      async () => (await streamsAt(yard)) === before && yard.runtime.watched.length === 0,
    );
  });

  it('report that their gateway is offline, and resume when it returns', async () => {
    const yard = await start('yard');
    const head = await start('head', { peers: { yard: yard.url } });
    await eventually('the app', async () => (await head.ask('GET', '/apps/yard__lidar')).status === 200);
    const name = 'apps/yard__lidar/data/scan:/n';
    const { values } = await looking(head.url, name);
    await eventually('its value', async () => values()[name]?.value === 4);
    const port = Number(new URL(yard.url).port);
    opened.splice(opened.indexOf(yard), 1);
    await yard.close();
    await eventually('the word of it', async () => values()[name]?.error !== undefined);
    await start('yard', { port });
    await eventually('its value again', async () => values()[name]?.error === undefined && values()[name]?.value === 4);
  });
});
