import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultListItem, Incident } from '@medkit/contract';
import { ADDRESS, fleetStage, helloOf } from '../testing/fleet-stage.ts';
import { faultItem, robotLog } from '../testing/robot-log.ts';

const BYTES = new Uint8Array([1, 2]);
const incident = (id: string, state: Incident['state'] = 'open') => ({ id, state }) as Incident;

/** A hub with one connected robot. */
async function connected() {
  const stage = await fleetStage();
  const { fleet } = stage;
  await stage.robot('amr', 'K');
  await fleet.connected('amr', { hello: helloOf(), address: ADDRESS });
  const log = robotLog();
  const state = (faults: readonly FaultListItem[] = [], more = {}) =>
    fleet.storeState('amr', 1, log.state(faults, more));
  const ingest = async (after: number) =>
    (await fleet.ingest([{ robot: 'amr', epoch: 1, log: 'log-1', after, records: log.after(after) }])).get('amr');
  const wanted = async () => (await fleet.known.faultsWithoutDetail('amr')).map(({ fault }) => fault.fault_code);
  return { ...stage, log, state, ingest, wanted, by: { robot: 'amr', epoch: 1 } };
}

describe('what a hub knows of a robot that is away', () => {
  it('has the last tree, and when it was read or confirmed', async () => {
    const { fleet, clock, by } = await connected();
    assert.equal(await fleet.known.tree('amr'), undefined);
    await fleet.known.storeTree(by, { etag: 'a', gzip: BYTES });
    const first = await fleet.known.tree('amr');
    assert.deepEqual([first?.etag, [...(first?.gzip ?? [])]], ['a', [1, 2]]);
    clock.advance(5000);
    await fleet.known.storeTree(by, { etag: 'other' });
    assert.equal((await fleet.known.tree('amr'))?.atMs, first?.atMs);
    await fleet.known.storeTree(by, { etag: 'a' });
    assert.equal((await fleet.known.tree('amr'))?.atMs, first!.atMs + 5000);
  });

  it('has a tree that the state of the robot confirms, and reports another one as new', async () => {
    const { fleet, clock, by, state, changes } = await connected();
    await fleet.known.storeTree(by, { etag: 'e', gzip: BYTES });
    const first = await fleet.known.tree('amr');
    const topics = async (more = {}): Promise<readonly string[]> => {
      changes.length = 0;
      await state([], more);
      return changes.map(({ topic }) => topic);
    };
    clock.advance(5000);
    assert.deepEqual(await topics(), ['faults']);
    assert.equal((await fleet.known.tree('amr'))?.atMs, first!.atMs + 5000);
    assert.deepEqual(await topics({ tree_etag: 'f' }), ['faults', 'tree']);
    assert.equal((await fleet.known.tree('amr'))?.atMs, first!.atMs + 5000);
    await fleet.connected('amr', { hello: helloOf(), address: ADDRESS });
    clock.advance(5000);
    assert.deepEqual(await topics(), [], 'the session of another epoch');
    assert.equal((await fleet.known.tree('amr'))?.atMs, first!.atMs + 5000);
  });

  it('does not change by an earlier session', async () => {
    const { fleet, by, state, wanted } = await connected();
    await state([faultItem('HOOK')]);
    const [hook] = await fleet.known.faultsWithoutDetail('amr');
    await fleet.connected('amr', { hello: helloOf(), address: ADDRESS });
    await fleet.known.storeTree(by, { etag: 'a', gzip: BYTES });
    await fleet.known.storeFaultDetail(by, hook!, BYTES);
    assert.deepEqual([await fleet.known.tree('amr'), await wanted()], [undefined, ['HOOK']]);
  });

  it('has the details of active faults, which are read again for each occurrence, the most severe first', async () => {
    const { fleet, by, state, wanted } = await connected();
    const hook = { ...faultItem('HOOK'), occurrence_count: 1 };
    await state([hook, faultItem('STOP', 3)]);
    const found = await fleet.known.faultsWithoutDetail('amr');
    assert.deepEqual(await wanted(), ['STOP', 'HOOK']);
    for (const each of found) await fleet.known.storeFaultDetail(by, each, BYTES);
    assert.deepEqual(await wanted(), []);
    await state([{ ...hook, last_occurred: 7 }]);
    assert.deepEqual(await wanted(), []);
    await state([{ ...hook, occurrence_count: 2 }]);
    assert.deepEqual(await wanted(), ['HOOK']);
    assert.ok(await fleet.known.faultDetail('amr', '', 'STOP'));
    await fleet.known.storeFaultDetail(by, { origin: '', fault: hook }, BYTES);
    assert.equal(await fleet.known.faultDetail('amr', '', 'STOP'), undefined, 'the fault is not active any more');
    assert.deepEqual([...((await fleet.known.faultDetail('amr', '', 'HOOK'))?.gzip ?? [])], [1, 2]);
  });

  it('has the incidents that are open by the state and the records after it', async () => {
    const { fleet, log, state, ingest } = await connected();
    await state();
    assert.equal(await fleet.known.incidents('amr'), undefined, 'the robot has no incidents');
    log.add('incident', { news: 'opened', incident: incident('inc_0') });
    await state([], { incidents: [incident('inc_1'), incident('inc_2'), incident('inc_3')] });
    log.add('incident', { news: 'healed', incident: incident('inc_1', 'healed') });
    log.add('incident', { news: 'opened', incident: incident('inc_4') });
    log.add('incident', { news: 'merged', incident: incident('inc_4'), merged_ids: ['inc_2'] });
    log.add('incident', { omitted_bytes: 300_000 });
    assert.equal(await ingest(0), 'stored');
    const ids = (await fleet.known.incidents('amr'))?.items.map(({ id }) => id);
    assert.deepEqual(ids, ['inc_3', 'inc_4']);
  });

  it('has the last inventory, without members of other types', async () => {
    const { fleet, log, state, ingest, changes } = await connected();
    await state();
    assert.equal((await fleet.robot('amr'))?.inventory, undefined);
    log.add('inventory', { serial: 'old' });
    log.add('inventory', { serial: 'S-17', medkit: 7, plugins: ['opcua', 3] });
    log.add('tree', { etag: 'b' });
    changes.length = 0;
    await ingest(0);
    const { machine, plugins } = (await fleet.robot('amr'))?.inventory ?? {};
    assert.deepEqual([machine, plugins], [{ serial: 'S-17' }, ['opcua']]);
    assert.deepEqual(changes, [{ robot: 'amr', topic: 'tree' }]);
  });
});
