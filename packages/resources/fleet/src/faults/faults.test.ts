import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleetStage, helloOf } from '../testing/fleet-stage.ts';
import { faultItem, robotLog } from '../testing/robot-log.ts';
import type { FleetFaultQuery } from './list-faults.ts';

/** A record that has read the logs of two robots. */
async function twoRobots() {
  const stage = await fleetStage();
  const { fleet } = stage;
  const logs = new Map<string, ReturnType<typeof robotLog>>();
  const read = new Map<string, number>();
  const epochs = new Map<string, number>();
  for (const name of ['amr-1', 'amr-2']) {
    await stage.robot(name, `K-${name}`);
    const session = await fleet.connected(name, { hello: helloOf(), address: '10.0.0.2' });
    assert.ok('epoch' in session);
    logs.set(name, robotLog(`log-${name}`));
    epochs.set(name, session.epoch);
    await fleet.storeState(name, session.epoch, logs.get(name)!.state([faultItem('B'), faultItem('A', 3)]));
  }
  const ingest = async (name: string): Promise<void> => {
    const after = read.get(name) ?? 0;
    const records = logs.get(name)!.after(after);
    const part = { robot: name, epoch: epochs.get(name)!, log: `log-${name}`, after, records };
    assert.equal((await fleet.ingest([part])).get(name), 'stored');
    read.set(name, records.at(-1)!.seq);
  };
  const found = async (query: FleetFaultQuery) =>
    (await fleet.faults(query)).items.map(({ robot, fault }) => `${robot} ${fault.fault_code}`);
  return { ...stage, logs, ingest, found };
}

describe('the active faults of a fleet', () => {
  it('are listed by severity or by code, each in pages', async () => {
    const { fleet, found } = await twoRobots();
    assert.deepEqual(await found({}), ['amr-1 A', 'amr-2 A', 'amr-1 B', 'amr-2 B']);
    assert.deepEqual(await found({ sort: 'code' }), ['amr-1 A', 'amr-2 A', 'amr-1 B', 'amr-2 B']);
    assert.deepEqual(await found({ sort: 'code', after: 'A' }), ['amr-1 B', 'amr-2 B']);
    for (const sort of ['severity', 'code'] as const) {
      const { next } = await fleet.faults({ sort, limit: 3 });
      assert.deepEqual(await found({ sort, limit: 3, cursor: next! }), ['amr-2 B'], sort);
    }
  });
});

describe('the fault events of a fleet', () => {
  it('have numbers in the order of their arrival, with gaps where other records are', async () => {
    const { fleet, logs, ingest, changes } = await twoRobots();
    assert.deepEqual(await fleet.faultEvents.bounds(), { oldestId: 0, newestId: 0 });
    assert.equal(await fleet.faultEvents.beforeLast(10), 0);
    logs.get('amr-1')!.add('boot', { boot: 1 });
    await ingest('amr-1');
    assert.deepEqual(await fleet.faultEvents.bounds(), { oldestId: 1, newestId: 0 });
    assert.equal(changes.filter(({ topic }) => topic === 'events').length, 0);
    logs.get('amr-2')!.fault('MAP', 'confirmed');
    await ingest('amr-2');
    logs.get('amr-1')!.fault('ARM', 'confirmed');
    logs.get('amr-1')!.add('audit', {});
    logs.get('amr-1')!.fault('ARM', 'healed');
    await ingest('amr-1');
    assert.deepEqual(
      changes.flatMap(({ topic, robot }) => (topic === 'events' ? [robot] : [])),
      ['amr-2', 'amr-1'],
    );
    const events = await fleet.faultEvents.after(0, 10);
    assert.deepEqual(
      events.map(({ id, robot }) => [id, robot]),
      [
        [2, 'amr-2'],
        [3, 'amr-1'],
        [5, 'amr-1'],
      ],
    );
    assert.equal(Object(events[2]?.body).event_type, 'fault_healed');
    assert.deepEqual(
      (await fleet.faultEvents.after(2, 1)).map(({ id }) => id),
      [3],
    );
    assert.deepEqual(await fleet.faultEvents.bounds(), { oldestId: 1, newestId: 5 });
    assert.equal(await fleet.faultEvents.beforeLast(2), 2);
  });

  it('lack records that are no fault events', async () => {
    const { fleet, logs, ingest } = await twoRobots();
    logs.get('amr-1')!.add('fault', { event_type: 'fault_confirmed', fault: { fault_code: 7 } });
    await ingest('amr-1');
    assert.deepEqual(await fleet.faultEvents.after(0, 10), []);
  });
});

describe('the groups of a fleet', () => {
  it('have their robots by name', async () => {
    const { fleet, changes } = await twoRobots();
    await fleet.createGroup('ones', { q: '-1' }, 'ada');
    await fleet.createGroup('all', {}, 'ada');
    await fleet.deleteGroup('none');
    assert.deepEqual(Object.fromEntries(await fleet.groupMembers()), { all: ['amr-1', 'amr-2'], ones: ['amr-1'] });
    assert.equal(changes.filter(({ topic }) => topic === 'groups').length, 3);
    await fleet.retire('amr-1');
    assert.deepEqual((await fleet.groupMembers()).get('ones'), []);
  });
});
