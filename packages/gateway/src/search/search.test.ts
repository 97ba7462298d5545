import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { app, area, fault, memoryConfigurations, memoryFaults, memoryOperations } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

/** The gateway of a small robot, and the calls to its nodes. */
async function setUp() {
  const calls: string[] = [];
  const lidar = { scan_rate_hz: { type: 'int', value: 10 }, frame: { type: 'string', value: 'lidar' } } as const;
  const gateway = await testGateway({}, (nativeId) => void calls.push(nativeId), {
    faults: memoryFaults({
      faults: [
        fault('LIDAR_DRIVER_PROTECTIVE_FIELD', { description: 'Object inside the protective field' }),
        fault('NOBODYS', { description: 'of nobody that is known', sources: ['/gone'] }),
      ],
    }),
    operations: memoryOperations({ '/lidar_driver': { calibrate: {} } }),
    configurations: memoryConfigurations({ '/lidar_driver': lidar }, () => void calls.push('parameters')),
  });
  const get = async (query: string) => {
    const reply = await gateway.app.inject(`/api/v1/x-medkit-search?${query}`);
    return { status: reply.statusCode, body: reply.json() };
  };
  const ids = async (query: string) =>
    (await get(query)).body.items.map(
      ({ kind, id }: { readonly kind: string; readonly id: string }) => `${kind} ${id}`,
    );
  return { ...gateway, calls, get, ids };
}

describe('a search', () => {
  it('finds entities, data, operations and fault codes by words in any order and case, with their addresses', async () => {
    const { get, ids } = await setUp();
    assert.deepEqual(await ids('q=CALIB'), ['operation calibrate']);
    assert.deepEqual(await ids('q=voltage%20battery'), ['data /voltage']);
    assert.deepEqual(await ids('q=nowhere'), []);
    const { body } = await get('q=protective');
    assert.deepEqual(body.items, [
      {
        kind: 'fault',
        id: 'LIDAR_DRIVER_PROTECTIVE_FIELD',
        name: 'Object inside the protective field',
        href: '/api/v1/apps/lidar_driver/faults/LIDAR_DRIVER_PROTECTIVE_FIELD',
        entity: { type: 'app', id: 'lidar_driver', name: 'lidar_driver' },
      },
    ]);
    const [scan] = (await get('q=front%20scan')).body.items;
    assert.equal(scan.href, '/api/v1/apps/lidar_driver/data/%2Ffront%2Fleft%2Fscan');
    assert.equal((await get('q=nobodys')).body.items[0].href, '/api/v1/components/amr_01/faults/NOBODYS');
  });

  it('has exact matches first, then beginnings, beginnings of words, and any other match', async () => {
    const { runtime, model, clock, ids } = await setUp();
    runtime.tell({
      areas: [area('scan'), area('scanner'), area('laser_scan'), area('landscape')],
      apps: [...model.tree.all('app'), app('other', { name: 'The scan' })],
    });
    await clock.advanceAsync(2000);
    const found = await ids('q=scan&kinds=area,app');
    assert.deepEqual(found, ['area scan', 'area scanner', 'app other', 'area laser_scan']);
    assert.deepEqual(await ids('q=sca&kinds=area'), ['area scan', 'area scanner', 'area laser_scan', 'area landscape']);
  });

  it('uses the current tree, and asks providers again only after a change', async () => {
    const { runtime, model, clock, ids, calls } = await setUp();
    await ids('q=scan');
    const before = calls.length;
    for (const letters of ['s', 'sc', 'sca', 'scan']) await ids(`q=${letters}&kinds=data`);
    assert.equal(calls.length, before);
    runtime.tell({ apps: [...model.tree.all('app'), app('gripper')] });
    await clock.advanceAsync(2000);
    assert.deepEqual(await ids('q=gripper'), ['app gripper']);
    runtime.tell({ apps: model.tree.all('app').filter(({ id }) => id !== 'gripper') });
    await clock.advanceAsync(2000);
    assert.deepEqual(await ids('q=gripper'), []);
  });

  it('does not wait for nodes: names of configurations are read in the background, and reported as missing until then', async () => {
    const { get, clock, calls } = await setUp();
    const first = (await get('q=scan_rate')).body;
    assert.deepEqual(first.items, []);
    assert.equal(first['x-medkit'].partial, true);
    assert.match(first['x-medkit'].missing[0], /^Configurations of \d entit/);
    const parameters = () => calls.filter((what) => what === 'parameters').length;
    for (let turn = 0; turn < 20; turn++) await clock.advanceAsync(1);
    const second = (await get('q=scan_rate')).body;
    assert.deepEqual(second.items[0].href, '/api/v1/apps/lidar_driver/configurations/scan_rate_hz');
    assert.equal(second['x-medkit'].partial, undefined);
    const before = parameters();
    for (let more = 0; more < 20; more++) await get('q=scan_rate');
    assert.equal(parameters(), before);
    await clock.advanceAsync(61_000, 1000);
    assert.equal((await get('q=scan_rate')).body['x-medkit'].configurations_age_ms >= 60_000, true);
    for (let turn = 0; turn < 20; turn++) await clock.advanceAsync(1);
    assert.ok(parameters() > before, 'what is old is read again, once somebody searches');
    assert.ok((await get('q=scan_rate')).body['x-medkit'].configurations_age_ms < 1000);
  });

  it('has a limit, reports the total, and rejects invalid parameters', async () => {
    const { get } = await setUp();
    const { body } = await get('q=a&limit=2&kinds=app,data');
    assert.equal(body.items.length, 2);
    assert.ok(body['x-medkit'].total > 2);
    for (const [query, parameter] of [
      ['q=%20', 'q'],
      ['', 'q'],
      [`q=${'x'.repeat(201)}`, 'q'],
      ['q=a%20b%20c%20d%20e%20f%20g%20h%20i', 'q'],
      ['q=a&kinds=robot', 'kinds'],
      ['q=a&limit=101', 'limit'],
    ]) {
      const { status, body: error } = await get(query ?? '');
      assert.deepEqual([status, error.parameters?.parameter], [400, parameter]);
    }
  });
});
