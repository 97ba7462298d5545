import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { type TestUplinkRobot, testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { eventually } from '../harness/eventually.ts';

const API = '/fleet/amr-17/api/v1';
/** Documents that the hub answers while the robot is away, each read before from the robot itself. */
const DOCUMENTS = [
  'areas',
  'components',
  'apps',
  'functions',
  'apps/lidar_driver',
  'apps/lidar_driver/is-located-on',
  'x-medkit-tree',
  'x-medkit-tree/faults',
  'faults',
  'apps/lidar_driver/faults',
  'apps/lidar_driver/faults/LAST',
];

let hub: TestHub;
let robot: TestUplinkRobot;
const live = new Map<string, Body>();

interface Body {
  readonly items?: readonly { readonly id?: string; readonly fault_code?: string }[];
  readonly 'x-medkit'?: Readonly<Record<string, unknown>>;
  readonly capabilities?: readonly { readonly name: string }[];
  readonly [member: string]: unknown;
}

before(async () => {
  hub = await testHub();
  robot = await testUplinkRobot();
  await robot.report('LAST', 'fault_confirmed', 3);
  const key = await enrolTestRobot(hub, 'amr-17');
  const session = await connectTestRobot(key, robot.server);
  for (const path of DOCUMENTS) {
    const got = await hub.call('GET', `${API}/${path}`);
    assert.equal(got.status, 200, `${path}: ${got.text}`);
    live.set(path, got.json());
  }
  await eventually('what the hub stores of the robot', async () => {
    const [row] = await hub.store.read(
      'SELECT (SELECT count(*) FROM fleet_trees) AS trees, (SELECT count(*) FROM fleet_fault_details) AS details',
    );
    return row?.trees === 1 && row.details === 1;
  });
  session.close();
  await eventually('absence', async () => (await hub.fleet('GET', '/robots/amr-17')).json().presence === 'offline');
});
after(async () => {
  await robot.close();
  await hub.close();
});

describe('a robot that is away', () => {
  for (const path of DOCUMENTS) {
    it(`is known by ${path}, which says as of when`, async () => {
      const { status, headers, text } = await hub.call('GET', `${API}/${path}`);
      assert.equal(status, 200);
      assert.match(String(headers.get('warning')), /^110 /);
      // Whether an app runs is not known.
      const {
        'x-medkit': about,
        capabilities,
        ...body
      } = JSON.parse(text.replaceAll(',"available":false', '')) as Body;
      const { as_of, stale, robot: presence, since, partial: _partial, ...others } = about ?? {};
      assert.deepEqual([stale, presence], [true, 'offline']);
      assert.ok(Date.parse(String(as_of)) <= Date.parse(String(since)));
      assert.equal(headers.get('last-modified'), new Date(String(as_of)).toUTCString());
      const { 'x-medkit': aboutBefore = {}, capabilities: _, ...bodyBefore } = live.get(path) ?? {};
      assert.deepEqual(body, bodyBefore);
      for (const [name, value] of Object.entries(others)) assert.deepEqual(value, aboutBefore[name], name);
      // Only what the hub answers.
      for (const { name } of capabilities ?? []) assert.ok(!['data', 'operations', 'status'].includes(name), name);
    });
  }

  it('has no app that is presented as available, and says that other than active faults are missing', async () => {
    const [app] = (await hub.call('GET', `${API}/apps`)).json().items;
    assert.equal(app['x-medkit'].available, false);
    assert.equal((await hub.call('GET', `${API}/apps/${app.id}`)).json()['x-medkit'].available, false);
    const tree = (await hub.call('GET', `${API}/x-medkit-tree`)).json();
    assert.ok(tree.items.every((item: { available?: boolean }) => item.available === false));
    const partial = async (query: string) =>
      (await hub.call('GET', `${API}/faults${query}`)).json()['x-medkit'].partial;
    assert.deepEqual([await partial(''), await partial('?status=all')], [true, true]);
    assert.equal(await partial('?status=confirmed'), undefined);
  });

  it('has no values, operations, parameters or changes: the hub answers 504 and says since when it is away', async () => {
    const refused = [
      ['GET', 'apps/lidar_driver/data/scan'],
      ['GET', 'apps/lidar_driver/operations'],
      ['GET', 'apps/lidar_driver/configurations'],
      ['GET', 'faults?status=cleared'],
      ['GET', 'apps/lidar_driver/faults/OTHER'],
      ['GET', 'health'],
      ['GET', 'x-plugin'],
      ['DELETE', 'faults'],
      ['POST', 'apps/lidar_driver/locks'],
    ] as const;
    for (const [method, path] of refused) {
      const { status, json } = await hub.call(method, `${API}/${path}`, method === 'POST' ? {} : undefined);
      assert.equal(status, 504, path);
      const { error_code, parameters } = json();
      assert.deepEqual([error_code, parameters.robot, parameters.presence], ['not-responding', 'amr-17', 'offline']);
      assert.ok(Date.parse(parameters.since) > 0, path);
    }
  });

  it('has no other entities', async () => {
    const { status, json } = await hub.call('GET', `${API}/apps/none`);
    assert.deepEqual([status, json().error_code], [404, 'entity-not-found']);
  });

  it('is forgotten when it is retired, apart from its history', async () => {
    await hub.fleet('DELETE', '/robots/amr-17');
    for (const table of ['fleet_trees', 'fleet_states', 'fleet_fault_details', 'fleet_faults']) {
      assert.deepEqual(await hub.store.read(`SELECT * FROM ${table}`), [], table);
    }
    assert.equal((await hub.call('GET', `${API}/apps`)).status, 504);
  });
});
