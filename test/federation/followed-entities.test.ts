import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { app } from '@medkit/core/testing';
import { eventually, settled } from '../harness/eventually.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';
import { followed } from './stream-client.ts';

const opened: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(instance: string, options: Partial<RealGatewayOptions> = {}) {
  const robot = {
    apps: [app('lidar', { node: '/lidar', address: { runtime: 'ros2', nativeId: '/lidar' } })],
    data: { '/lidar': { '/scan': { value: { n: 0 } } } },
  };
  const gateway = await realGateway({ instance, robot, ...options });
  opened.push(gateway);
  return gateway;
}

/**
 * A gateway that aggregates another one. An app of the latter appears as `yard__lidar` there and has a trigger on its
 * data.
 */
async function two(options: Partial<RealGatewayOptions> = {}) {
  const yard = await start('yard');
  const head = await start('dock', { peers: { yard: yard.url }, ...options });
  await eventually('the app', async () => (await head.ask('GET', '/apps/yard__lidar')).status === 200);
  const made = await head.ask('POST', '/apps/yard__lidar/triggers', {
    resource: '/api/v1/apps/yard__lidar/data/scan',
    trigger_condition: { condition_type: 'OnChange' },
    multishot: true,
  });
  assert.equal(made.status, 201, made.text);
  const follow = async (lastId?: string) => {
    const client = await followed(`${head.url}${made.body.event_source}`, lastId);
    opened.push(client);
    return client;
  };
  const clientsAt = async ({ ask }: typeof head): Promise<number> =>
    (await ask('GET', '/health')).body['x-medkit-event-streams'].clients;
  /** Publishes values until a client has received another one: the first one starts the subscription. */
  const publishUntil = async (what: string, isReceived: () => boolean): Promise<void> => {
    let n = 0;
    await eventually(what, async () => {
      yard.runtime.publish('/lidar', '/scan', { n: n++, of: '/api/v1/apps/lidar' });
      return isReceived();
    });
  };
  return { yard, head, follow, clientsAt, publishUntil };
}

describe('the event stream of an entity of another gateway', () => {
  it('uses local names, is counted at both gateways, and leaves nothing behind', async () => {
    const { yard, head, follow, clientsAt, publishUntil } = await two();
    const client = await follow();
    await publishUntil('an event', () => client.events.length > 0);
    const [first] = client.events;
    assert.equal(JSON.parse(first?.data ?? '').payload.of, '/api/v1/apps/yard__lidar');
    assert.equal(await settled(() => clientsAt(head)), 1);
    const before = await settled(() => clientsAt(yard));
    client.close();
    await eventually('the end here', async () => (await clientsAt(head)) === 0);
    await eventually('the end there', async () => (await clientsAt(yard)) === before - 1);
  });

  it('resumes where a returning client stopped, none missing and none twice', async () => {
    const { yard, follow, publishUntil } = await two();
    const client = await follow();
    await publishUntil('an event', () => client.events.length > 1);
    const last = client.events.at(-1)?.id;
    client.close();
    for (let n = 0; n < 5; n++) yard.runtime.publish('/lidar', '/scan', { n: `missed ${n}` });
    const again = await follow(last);
    await eventually('what was missed', async () => again.events.some(({ data }) => data.includes('missed 4')));
    const ids = [...client.events, ...again.events].map(({ id }) => Number(id));
    assert.deepEqual(
      ids,
      ids.map((_, at) => at + 1),
    );
  });

  it('is refused if the maximum number of streams is open', async () => {
    const { head, follow, clientsAt } = await two({ config: { sse: { max_clients: 1 } } });
    await follow();
    await eventually('the stream', async () => (await clientsAt(head)) === 1);
    await assert.rejects(follow(), /503/);
  });

  it('ends when the other gateway disconnects, so that the client reconnects', async () => {
    const { yard, head, follow, clientsAt, publishUntil } = await two();
    const [client, other] = [await follow(), await follow()];
    await publishUntil('an event', () => client.events.length > 0 && other.events.length > 0);
    opened.splice(opened.indexOf(yard), 1);
    await yard.close();
    await eventually('the end', async () => client.isOver && other.isOver);
    assert.ok(
      client.comments.some((comment) => comment.startsWith('disconnected: the stream of yard was interrupted')),
    );
    assert.equal(await clientsAt(head), 0);
  });
});
