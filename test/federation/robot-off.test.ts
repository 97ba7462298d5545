import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultSnapshot } from '@medkit/core';
import { app, area, component, fault, memoryFaults } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { memoryDatabase } from '../../packages/gateway/src/testing/memory-database.ts';
import { memoryAudit } from '../../packages/resources/audit/src/testing/memory-audit.ts';
import { eventually } from '../harness/eventually.ts';
import { type RealGatewayOptions, realGateway } from './real-gateway.ts';
import { untilGone } from './robots.ts';

type Gateway = Awaited<ReturnType<typeof realGateway>>;
const opened: Gateway[] = [];
const close = async (gateway: Gateway): Promise<void> => {
  opened.splice(opened.indexOf(gateway), 1);
  await gateway.close();
};
afterEach(async () => {
  for (const each of [...opened].reverse()) await close(each);
});

const FRAME: FaultSnapshot = {
  kind: 'freeze_frame',
  name: 'force',
  channel: '/yard/force',
  messageType: 'std_msgs/msg/Float64',
  capturedAtNs: 1_774_232_073_000_000_000n,
  data: { data: 81.5 },
};

/** A robot with an undeclared arm, with a fault that was confirmed before any gateway read it. */
function robot(faults = [fault('JAM', { description: 'The gripper is jammed', sources: ['/arm'], severity: 3 })]) {
  return {
    areas: [area('hall')],
    components: [component('base', { areaId: 'hall' })],
    apps: [app('arm', { componentId: 'base', node: '/arm', address: { runtime: 'ros2', nativeId: '/arm' } })],
    providers: { faults: memoryFaults({ faults, snapshots: [FRAME] }) },
  };
}

async function start(options: RealGatewayOptions): Promise<Gateway> {
  const gateway = await realGateway(options);
  opened.push(gateway);
  return gateway;
}

const portOf = ({ url }: Gateway): number => Number(new URL(url).port);
const copiesAt = async (head: Gateway) => (await head.ask('GET', '/health')).body['x-medkit-fault-copies'];
const copied = (head: Gateway, faults: number) =>
  eventually(`${faults} copies`, async () => (await copiesAt(head)).faults === faults, 10_000);

describe('a robot that was switched off after its fault', () => {
  const yardOf = (port?: number) => start({ instance: 'yard', robot: robot(), ...(port && { port }) });
  const headOf = (yard: Gateway, parts: RealGatewayOptions['parts'] = {}, aggregation = {}) =>
    start({
      instance: 'head',
      robot: { providers: { faults: memoryFaults() } },
      peers: { yard: yard.url },
      parts,
      config: { aggregation: { fault_copies_mb: 64, ...aggregation } },
    });

  it('has its fault, with the time of the copy, in the lists of the aggregating gateway, which names the missing robot', async () => {
    const yard = await yardOf();
    const head = await headOf(yard);
    await copied(head, 1);
    const before = (await head.ask('GET', '/faults')).body;
    assert.equal(before.items[0]['x-medkit'].as_of, undefined);
    await close(yard);
    await untilGone(head);
    for (const path of ['/faults', '/apps/arm/faults', '/components/base/faults', '/areas/hall/faults']) {
      const { status, body } = await head.ask('GET', path);
      assert.deepEqual(
        [status, body.items.map((item: { fault_code: string }) => item.fault_code)],
        [200, ['JAM']],
        path,
      );
      assert.ok(Math.abs(Date.parse(body.items[0]['x-medkit'].as_of) - Date.now()) < 60_000, path);
      assert.deepEqual([body['x-medkit'].partial, body['x-medkit'].failed_peers], [true, ['yard']], path);
    }
    const cleared = (await head.ask('GET', '/faults?status=cleared')).body;
    assert.deepEqual(cleared.items, []);
    const selected = (await head.ask('GET', '/faults?severity=error')).body;
    assert.deepEqual([selected.items, selected['x-medkit'].failed_peers], [[], ['yard']]);
  });

  it('has its freeze frames, and nothing else, on the known entities of the robot', async () => {
    const yard = await yardOf();
    const head = await headOf(yard);
    await copied(head, 1);
    const original = (await yard.ask('GET', '/apps/arm/faults/JAM')).body;
    await close(yard);
    await untilGone(head);
    const { status, body } = await head.ask('GET', '/apps/arm/faults/JAM');
    const { as_of, ...about } = body['x-medkit'];
    assert.deepEqual([status, { ...body, 'x-medkit': about }], [200, original]);
    assert.ok(as_of !== undefined);
    assert.equal((await head.ask('GET', '/components/base/faults/JAM')).status, 200);
    const arm = (await head.ask('GET', '/apps/arm')).body;
    assert.equal(arm['x-medkit'].available, false);
    for (const path of ['/apps/arm/data', '/apps/arm/faults/OTHER', '/apps/arm/logs']) {
      assert.equal((await head.ask('GET', path)).status, 504, path);
    }
    assert.equal((await head.ask('DELETE', '/apps/arm/faults/JAM')).status, 504);
  });

  it('has them also at a gateway that restarted meanwhile', async () => {
    const yard = await yardOf();
    const parts = { database: memoryDatabase(systemClock), auditFile: memoryAudit(systemClock) };
    const before = await headOf(yard, parts);
    await copied(before, 1);
    await close(yard);
    await untilGone(before);
    await close(before);
    const head = await headOf(yard, parts);
    await untilGone(head);
    const { status, body } = await head.ask('GET', '/apps/arm/faults/JAM');
    assert.deepEqual([status, body.item.code], [200, 'JAM']);
    assert.equal(body.environment_data.snapshots.length, 1);
  });

  it('has its fault once when it is back, in the current state', async () => {
    const yard = await yardOf();
    const port = portOf(yard);
    const head = await headOf(yard);
    await copied(head, 1);
    await close(yard);
    await untilGone(head);
    const healed = fault('JAM', { sources: ['/arm'], severity: 3, status: 'HEALED' });
    const back = await start({ instance: 'yard', robot: robot([healed]), port });
    const list = () => head.ask('GET', '/faults?status=all');
    await eventually('the robot', async () => (await list()).body['x-medkit'].partial === undefined);
    const { items } = (await list()).body;
    assert.deepEqual(
      items.map((item: { fault_code: string; status: string; 'x-medkit': { as_of?: string } }) => [
        item.fault_code,
        item.status,
        item['x-medkit'].as_of,
      ]),
      [['JAM', 'HEALED', undefined]],
    );
    // The copy also contains the current state.
    await delay(1000);
    await close(back);
    await untilGone(head);
    const { item } = (await head.ask('GET', '/apps/arm/faults/JAM')).body;
    assert.equal(item.status.aggregatedStatus, 'cleared');
  });

  it('retains the fault if another robot took its place, and lists it nowhere', async () => {
    const yard = await yardOf();
    const port = portOf(yard);
    const head = await headOf(yard);
    await copied(head, 1);
    await close(yard);
    await untilGone(head);
    const other = await start({ instance: 'other', robot: robot([fault('COLD', { sources: ['/arm'] })]), port });
    await copied(head, 2);
    await close(other);
    await untilGone(head);
    const { items } = (await head.ask('GET', '/faults')).body;
    assert.deepEqual(
      items.map((item: { fault_code: string }) => item.fault_code),
      ['COLD'],
    );
    assert.equal((await head.ask('GET', '/apps/arm/faults/JAM')).status, 200);
  });

  it('has no copy if copying is disabled', async () => {
    const yard = await yardOf();
    const head = await headOf(yard, {}, { fault_copies_mb: 0 });
    await eventually('the robot', async () => (await head.ask('GET', '/apps/arm')).status === 200);
    assert.equal(await copiesAt(head), undefined);
    await close(yard);
    await untilGone(head);
    await eventually(
      'its entities are gone',
      async () => (await head.ask('GET', '/apps/arm/faults/JAM')).status === 404,
    );
  });
});
