import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemClock, systemFiles, systemNames, systemRandom } from '@medkit/edges/node';
import { openPeers } from '../../packages/gateway/src/peers/open-peers.ts';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { type TestUplinkRobot, testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { eventually } from '../harness/eventually.ts';

const SETTINGS = { fleet: { enabled: true, merged_tree: true } };

let hub: TestHub;
const robots = new Map<string, TestUplinkRobot>();
const uplinks = new Map<string, { close(): void }>();

before(async () => {
  const peers = await openPeers({
    config: await testConfig(SETTINGS),
    ...{ gateway: 'hub', taken: [], files: systemFiles, names: systemNames, clock: systemClock, random: systemRandom },
    http: () => Promise.reject(new Error('a robot is reached through its uplink')),
    log: () => undefined,
  });
  hub = await testHub(SETTINGS, { peers: peers!, instance: 'hub' });
  for (const [at, name] of ['amr-1', 'amr-2'].entries()) {
    const robot = await testUplinkRobot(3 + at);
    robots.set(name, robot);
    uplinks.set(name, await connectTestRobot(await enrolTestRobot(hub, name), robot.server));
  }
});
after(async () => {
  for (const uplink of uplinks.values()) uplink.close();
  for (const robot of robots.values()) await robot.close();
  await hub.close();
});

interface Item {
  readonly id?: string;
  readonly fault_code?: string;
  readonly 'x-medkit'?: { readonly origin?: string; readonly contributors?: readonly string[] };
}

const itemsOf = async (path: string): Promise<readonly Item[]> => {
  // The entities of the test are merged by its simulated clock.
  hub.clock.advance(10);
  return (await hub.call('GET', `/api/v1${path}`)).json().items;
};

describe('a hub with one tree of all robots', () => {
  it('has their entities, and serves the resources of each from its robot', async () => {
    await eventually('the apps of both robots', async () => {
      const ids = (await itemsOf('/apps')).map(({ id }) => id ?? '');
      return ['amr-1', 'amr-2'].every((robot) => ids.includes(`${robot}__lidar_driver`));
    });
    const value = await hub.call('GET', '/api/v1/apps/amr-2__lidar_driver/data/scan');
    assert.equal(value.status, 200, value.text);
    const lock = { lock_expiration: 60 };
    const path = '/api/v1/apps/amr-1__lidar_driver/locks';
    const created = await hub.call('POST', path, lock, { 'x-client-id': 'page' });
    assert.equal(created.status, 201, created.text);
    const taken = await robots.get('amr-1')!.app.inject({ url: '/api/v1/apps/lidar_driver/locks' });
    assert.equal(taken.json().items.length, 1);
  });

  it('lists each fault of a robot once', async () => {
    await robots.get('amr-1')!.report('SCAN');
    await eventually('the fault in the record', async () => (await hub.fleet('GET', '/faults')).json().total === 1);
    const found = (await itemsOf('/faults')).filter((item) => item.fault_code === 'SCAN');
    assert.deepEqual(
      found.map((item) => item['x-medkit']?.origin),
      ['amr-1'],
    );
    await eventually('the fault of its component', async () => {
      const items = (await itemsOf('/components/amr-1/faults')) ?? [];
      return items.length === 1;
    });
  });

  it('removes a robot that is retired', async () => {
    assert.equal((await hub.fleet('DELETE', '/robots/amr-2')).status, 204);
    await eventually('its absence', async () => {
      const { items } = (await hub.call('GET', '/api/v1/x-medkit-peers')).json();
      return items.length === 1 && items[0].name === 'amr-1';
    });
    await eventually('a tree without its apps', async () =>
      (await itemsOf('/apps')).every(({ id }) => !id?.startsWith('amr-2__')),
    );
  });
});
