import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import type { PluginRun } from '@medkit/plugin/testing';
import { openStation } from '../testing/open-station.ts';
import { plcRoutes } from './plc-routes.ts';

const get = async (run: PluginRun, path: string) => (await run.ask('GET', path)).body as JsonObject;
const post = (run: PluginRun, path: string, body?: JsonObject) => run.ask('POST', path, body);

describe('x-plc-data', () => {
  it('has all values of an app, and whether the PLC is connected', async () => {
    const { run, plc } = await openStation();
    const { timestamp, ...rest } = await get(run, '/apps/tank/x-plc-data');
    assert.deepEqual(rest, {
      entity_id: 'tank',
      connected: true,
      items: [
        {
          name: 'level',
          display_name: 'Level',
          node_id: 'ns=2;s=Level',
          value: 500,
          unit: 'mm',
          data_type: 'float',
          writable: false,
          quality: 'good',
        },
      ],
    });
    assert.equal(typeof timestamp, 'number');
    plc.lose();
    assert.equal((await get(run, '/apps/tank/x-plc-data'))['connected'], false);
    await run.stop();
  });

  it('has one value by its name: without a unit if it has none, and null if it has no value', async () => {
    const { run, plc } = await openStation();
    const { timestamp, ...rest } = await get(run, '/apps/pump/x-plc-data/count');
    assert.deepEqual(rest, {
      name: 'count',
      display_name: 'count',
      node_id: 'ns=2;s=Count',
      value: 9007199254740993n,
      data_type: 'int',
      writable: false,
      quality: 'good',
      connected: true,
    });
    assert.equal(typeof timestamp, 'number');
    plc.refuse('ns=2;s=Count', 'BadSensorFailure');
    await run.advance(1100);
    const bad = await get(run, '/apps/pump/x-plc-data/count');
    assert.deepEqual([bad['value'], bad['quality']], [null, 'bad']);
    await run.stop();
  });

  it('is 404 if nothing is mapped: another app, one for alarms alone, an unknown name', async () => {
    const { run } = await openStation({ auto_alarms: true });
    for (const path of ['/apps/nobody/x-plc-data', '/apps/station_alarms/x-plc-data', '/apps/tank/x-plc-data/speed'])
      await assert.rejects(get(run, path), { status: 404 }, path);
    await run.stop();
  });
});

describe('x-plc-alarms', () => {
  it('has the alarms that are active or not handled, the latest first, with their states', async () => {
    const { run, plc } = await openStation();
    const path = '/apps/tank/x-plc-alarms';
    assert.deepEqual(await get(run, path), { entity_id: 'tank', connected: true, total: 0, items: [] });
    const alarm = { notifier: 'ns=2;s=Tank', active: true, acknowledged: false, confirmed: false };
    plc.emit({ ...alarm, conditionId: 'ns=2;s=A', eventId: Uint8Array.of(1) });
    plc.emit({ ...alarm, conditionId: 'ns=2;s=B', eventId: Uint8Array.of(2), active: false, acknowledged: true });
    plc.emit({ ...alarm, conditionId: 'ns=2;s=C', eventId: Uint8Array.of(3), acknowledged: true });
    await run.advance(1000);
    plc.lose();
    const { connected, items } = await get(run, path);
    assert.equal(connected, false);
    const [latest, first] = items as readonly JsonObject[];
    assert.deepEqual(latest, {
      fault_code: 'OVERPRESSURE',
      condition_id: 'ns=2;s=C',
      severity: 1,
      message: 'Overpressure',
      active: true,
      acknowledged: true,
      confirmed: false,
    });
    assert.deepEqual([first?.['condition_id'], first?.['acknowledged']], ['ns=2;s=A', false]);
    await run.stop();
  });

  it('has at most 500 alarms, the latest, and says how many there are', async () => {
    const { run, plc } = await openStation();
    for (let count = 1; count <= 502; count += 1) {
      const eventId = Uint8Array.of(count % 256, count >> 8);
      plc.emit({
        notifier: 'ns=2;s=Tank',
        conditionId: `ns=2;s=A${count}`,
        eventId,
        active: true,
        acknowledged: false,
      });
    }
    await run.advance(1000);
    const { total, items } = await get(run, '/apps/tank/x-plc-alarms');
    const ids = (items as readonly JsonObject[]).map(({ condition_id: id }) => id);
    assert.deepEqual([total, ids.length, ids[0], ids.at(-1)], [502, 500, 'ns=2;s=A502', 'ns=2;s=A3']);
    await run.stop();
  });

  it('is 404 for an app without alarms of a PLC', async () => {
    const { run } = await openStation();
    for (const app of ['pump', 'nobody']) {
      await assert.rejects(get(run, `/apps/${app}/x-plc-alarms`), { status: 404 }, app);
    }
    await run.stop();
  });
});

describe('x-plc-operations', () => {
  it('writes to a value by its name, with or without the prefix set_', async () => {
    const { run, plc } = await openStation();
    for (const name of ['set_speed', 'speed']) {
      const { body } = await post(run, `/apps/pump/x-plc-operations/${name}`, { value: 12.5 });
      assert.deepEqual(body, { status: 'ok', operation: name, node_id: 'ns=2;s=Speed', value_written: 12.5 });
    }
    assert.equal(plc.writes.length, 2);
    await run.stop();
  });

  it('refuses with 400 a value that is read-only, missing, no section, of another type or out of range, and writes nothing', async () => {
    const { run, plc } = await openStation();
    for (const [path, body, problem] of [
      ['/apps/tank/x-plc-operations/set_level', { value: 1 }, /read-only/],
      ['/apps/pump/x-plc-operations/set_speed', {}, /has no value: send/],
      ['/apps/pump/x-plc-operations/set_speed', undefined, /./],
      ['/apps/pump/x-plc-operations/set_speed', { value: '50' }, /takes a number/],
      ['/apps/pump/x-plc-operations/set_speed', { value: true }, /takes a number/],
      ['/apps/pump/x-plc-operations/set_speed', { value: null }, /takes a number/],
      ['/apps/pump/x-plc-operations/set_speed', { value: -1 }, /takes 0 to 100/],
      ['/apps/pump/x-plc-operations/set_speed', { value: 101 }, /takes 0 to 100/],
    ] as const)
      await assert.rejects(post(run, path, body), { status: 400, message: problem });
    assert.deepEqual(plc.writes, []);
    await run.stop();
  });

  it('is 404 for an unknown name, and 502 without a connection', async () => {
    const { run, plc } = await openStation();
    await assert.rejects(post(run, '/apps/nobody/x-plc-operations/set_speed', { value: 1 }), { status: 404 });
    await assert.rejects(post(run, '/apps/pump/x-plc-operations/set_weight', { value: 1 }), { status: 404 });
    plc.lose('the cable is out');
    await assert.rejects(post(run, '/apps/pump/x-plc-operations/set_speed', { value: 1 }), {
      status: 502,
      message: /the cable is out/,
    });
    await run.stop();
  });

  it('gives the refusal of the PLC: 400 for a wrong value, 403 for a missing right, 502 for anything else', async () => {
    const { run, plc } = await openStation();
    for (const [answer, status] of [
      ['BadTypeMismatch', 400],
      ['BadOutOfRange', 400],
      ['BadUserAccessDenied', 403],
      ['BadNotWritable', 403],
      ['BadInternalError', 502],
    ] as const) {
      plc.refuse('ns=2;s=Speed', answer);
      const refused = post(run, '/apps/pump/x-plc-operations/set_speed', { value: 1 });
      await assert.rejects(refused, { status, message: new RegExp(answer) });
    }
    await run.stop();
  });
});

it('x-plc-operations requires the permission to run operations, and no lock of another client', () => {
  const [write] = plcRoutes([], new SimulatedClock()).filter(({ route }) => route.method === 'post');
  assert.deepEqual([write?.route.permission, write?.route.lockedAs], ['operations.run', 'operations']);
});

describe('x-plc-status', () => {
  it('shows the connection of the PLC, the mode of its requests, and its problems', async () => {
    const { run, plc } = await openStation();
    plc.set('ns=2;s=Level', 99);
    await run.advance(2000);
    const { poll_count: polls, last_update: last, ...rest } = await get(run, '/components/station/x-plc-status');
    assert.deepEqual(rest, {
      component_id: 'station',
      connected: true,
      endpoint_url: 'opc.tcp://plc.test:4840',
      server_description: 'PLC in memory',
      mode: 'poll',
      error_count: 0,
      node_count: 3,
      entity_count: 2,
      active_alarms: ['LOW_LEVEL'],
    });
    assert.ok(Number(polls) >= 2 && typeof last === 'number');
    plc.lose('the cable is out');
    const away = await get(run, '/components/station/x-plc-status');
    assert.deepEqual([away['connected'], away['problem'], away['error_count']], [false, 'the cable is out', 1]);
    await run.stop();
  });

  it('shows the mode of a PLC that reports changes itself, which is not polled', async () => {
    const { run, plc } = await openStation({ prefer_subscriptions: true });
    assert.deepEqual(plc.watched, ['ns=2;s=Level', 'ns=2;s=Speed', 'ns=2;s=Count']);
    plc.set('ns=2;s=Level', 99);
    await run.advance(100);
    const { mode, active_alarms: active, poll_count: before } = await get(run, '/components/station/x-plc-status');
    assert.deepEqual([mode, active], ['subscription', ['LOW_LEVEL']]);
    await run.advance(5000);
    assert.equal((await get(run, '/components/station/x-plc-status'))['poll_count'], before);
    await run.stop();
  });

  it('is 404 for a component that is no PLC', async () => {
    const { run } = await openStation();
    await assert.rejects(get(run, '/components/nobody/x-plc-status'), { status: 404 });
    await run.stop();
  });
});
