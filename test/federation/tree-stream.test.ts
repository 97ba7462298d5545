import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { app } from '@medkit/core/testing';
import { eventually } from '../harness/eventually.ts';
import { realGateway } from './real-gateway.ts';
import { followed } from './stream-client.ts';

const opened: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(instance: string, peers: Readonly<Record<string, string>> = {}) {
  const gateway = await realGateway({ instance, robot: { apps: [app(`${instance}_arm`)] }, peers });
  opened.push(gateway);
  return gateway;
}

it('changes of the trees of all gateways are in the one stream of changes, by the ETags of the owning tree', async () => {
  const tail = await start('tail');
  const middle = await start('middle', { tail: tail.url });
  const yard = await start('yard');
  const head = await start('head', { middle: middle.url, yard: yard.url });
  const ids = async () => (await head.ask('GET', '/apps')).body.items.map(({ id }: { readonly id: string }) => id);
  await eventually('the tree', async () => String(await ids()) === 'head_arm,middle_arm,tail_arm,yard_arm');
  const client = await followed(`${head.url}/api/v1/x-medkit-tree/events`);
  opened.push(client);
  const tag = async () => (await head.ask('GET', '/x-medkit-tree')).headers.get('etag');
  const newest = () => JSON.parse(client.events.at(-1)?.data ?? '{}').etag;
  await eventually('the present', async () => newest() === (await tag()));
  for (const [gateway, id] of [
    [tail, 'tail_new'],
    [yard, 'yard_new'],
    [head, 'head_new'],
  ] as const) {
    const before = newest();
    gateway.runtime.tell({ apps: [app(id)] });
    await eventually(id, async () => (await ids()).includes(id) && newest() === (await tag()));
    assert.notEqual(newest(), before);
  }
  const payloads = client.events.map(({ data }) => data);
  assert.equal(new Set(payloads).size, payloads.length, 'none twice');
});
