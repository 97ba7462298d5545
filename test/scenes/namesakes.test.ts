import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { startGateway } from '@medkit/gateway';
import { openParameterServer, type RosAdapter } from '@medkit/ros2';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { eventually } from '../harness/eventually.ts';
import { freeDomain } from '../harness/free-domain.ts';
import { openAdapter } from '../interop/open-adapter.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

type Robot = 'robot1' | 'robot2';

/** Robots on a domain, each with a node `controller` that has a parameter, and gateways that take turns there. */
async function openScene() {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-namesakes-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  const domain = await freeDomain();
  closing.push(() => domain[Symbol.asyncDispose]());
  const robots = new Map<Robot, { readonly adapter: RosAdapter; limit: () => unknown }>();
  const start = async (robot: Robot): Promise<void> => {
    const adapter = await openAdapter({ domainId: domain.id });
    const node = await adapter.node({ name: 'controller', namespace: `/${robot}` });
    const declarations = [{ name: 'limit', value: { type: 'double', value: 1 } }] as const;
    const server = await openParameterServer(node, { clock: systemClock, declarations });
    const limit = () => {
      const value = server.get('limit');
      return value?.type === 'double' ? value.value : undefined;
    };
    robots.set(robot, { adapter, limit });
  };
  const exit = async (robot: Robot): Promise<void> => {
    await robots.get(robot)?.adapter.close();
    robots.delete(robot);
  };
  closing.push(() => Promise.all([...robots.values()].map(({ adapter }) => adapter.close())));
  const gateway = async () => {
    const config = await testConfig({ server: { port: 0 }, ros: { domain_id: domain.id } });
    const running = await startGateway({
      config: { ...config, data_dir: folder },
      environment: { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' },
      log: () => undefined,
    });
    let isOpen = true;
    const close = async () => {
      if (isOpen) await running.close();
      isOpen = false;
    };
    closing.push(close);
    const ask = async (method: string, path: string, body?: unknown, client = 'alice') => {
      const reply = await fetch(`${running.url}/api/v1${path}`, {
        method,
        headers: { 'x-client-id': client, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
    };
    /** Returns the full names of nodes by the ids of their apps. */
    const nodes = async (): Promise<Readonly<Record<string, string>>> => {
      const { items } = (await ask('GET', '/apps')).body;
      const found = items.map(async ({ id }: { readonly id: string }) => {
        const { body } = await ask('GET', `/apps/${id}`);
        return [id, body['x-medkit']?.ros2?.node];
      });
      return Object.fromEntries(await Promise.all(found));
    };
    const shows = (...ids: readonly string[]) =>
      eventually(`the apps ${ids}`, async () => {
        const listed = Object.keys(await nodes());
        return listed.length === ids.length && ids.every((id) => listed.includes(id));
      });
    return { ask, nodes, shows, close };
  };
  const limitOf = (robot: Robot) => robots.get(robot)?.limit();
  return { start, exit, gateway, limitOf };
}

type Gateway = Awaited<ReturnType<Awaited<ReturnType<typeof openScene>>['gateway']>>;

const LIMIT = 'configurations/limit';
const other = (robot: Robot): Robot => (robot === 'robot1' ? 'robot2' : 'robot1');
const lock = ({ ask }: Gateway, id: string) =>
  ask('POST', `/apps/${id}/locks`, { lock_expiration: 600, scopes: ['configurations'] });

/** Checks that another client cannot change the node by any of its names. */
async function assertLocked(gateway: Gateway, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const refused = await gateway.ask('PUT', `/apps/${name}/${LIMIT}`, { data: 7 }, 'mallory');
    assert.equal(refused.status, 409, `${name}: ${JSON.stringify(refused.body)}`);
  }
}

describe('two robots with nodes of one name', () => {
  for (const first of ['robot1', 'robot2'] as const) {
    const second = other(first);
    it(`keep their ids and locks when ${second} starts after ${first}, exits, and the gateway restarts`, async () => {
      const { start, exit, gateway, limitOf } = await openScene();
      await start(first);
      const before = await gateway();
      await before.shows('controller');
      assert.equal((await lock(before, 'controller')).status, 201);

      await start(second);
      await before.shows('controller', `${second}_controller`);
      assert.deepEqual(await before.nodes(), {
        controller: `/${first}/controller`,
        [`${second}_controller`]: `/${second}/controller`,
      });
      await assertLocked(before, ['controller', `${first}_controller`, encodeURIComponent(`/${first}/controller`)]);
      // The services of a node may be discovered after the node.
      await eventually('a parameter of the other one is set', async () => {
        const free = await before.ask('PUT', `/apps/${second}_controller/${LIMIT}`, { data: 2 }, 'mallory');
        return free.status === 200;
      });
      assert.deepEqual([limitOf(first), limitOf(second)], [1, 2]);
      const { warnings } = (await before.ask('GET', '/health')).body;
      const warning = warnings.find(({ code }: { readonly code: string }) => code === 'node_id_taken');
      assert.match(warning.message, new RegExp(`/${second}/controller has the id ${second}_controller, because`));
      assert.deepEqual(warning.entity_ids, [`${second}_controller`]);

      // The first one is offline: its id resolves to nothing, and its lock is preserved.
      await exit(first);
      await before.shows(`${second}_controller`);
      assert.equal((await before.ask('PUT', `/apps/controller/${LIMIT}`, { data: 7 }, 'mallory')).status, 404);
      await before.close();
      const after = await gateway();
      await after.shows(`${second}_controller`);
      assert.equal((await after.ask('GET', '/apps/controller')).status, 404);
      await start(first);
      await after.shows('controller', `${second}_controller`);
      await assertLocked(after, ['controller', `${first}_controller`]);
      await eventually('the holder of the lock sets a parameter', async () => {
        return (await after.ask('PUT', `/apps/controller/${LIMIT}`, { data: 3 })).status === 200;
      });
      assert.deepEqual([limitOf(first), limitOf(second)], [3, 2]);
    });
  }

  it('that run before the gateway have ids of one form, which they keep while one of them is offline', async () => {
    const { start, exit, gateway } = await openScene();
    await start('robot1');
    await start('robot2');
    const running = await gateway();
    await running.shows('robot1_controller', 'robot2_controller');
    assert.equal((await lock(running, 'robot2_controller')).status, 201);
    await exit('robot1');
    await running.shows('robot2_controller');
    await assertLocked(running, ['robot2_controller']);
    await start('robot1');
    await running.shows('robot1_controller', 'robot2_controller');
    const { warnings } = (await running.ask('GET', '/health')).body;
    assert.deepEqual(
      warnings.filter(({ code }: { readonly code: string }) => code === 'node_id_taken'),
      [],
    );
  });
});
