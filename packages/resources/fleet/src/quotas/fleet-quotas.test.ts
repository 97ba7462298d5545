import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { type FleetQuotas, NO_QUOTAS } from '../fleet-context.ts';
import { FleetQuotaReached } from '../fleet-refused.ts';
import { openFleet } from '../open-fleet.ts';
import { ADDRESS, fleetStage, helloOf } from '../testing/fleet-stage.ts';
import { robotLog } from '../testing/robot-log.ts';

const DAY_MS = 86_400_000;

/** A hub with these quotas, and two robots that were enrolled before. */
async function hubWith(quotas: Partial<FleetQuotas>) {
  const stage = await fleetStage();
  for (const name of ['amr-1', 'amr-2']) await stage.robot(name, `K-${name}`);
  const invitation = await stage.fleet.invite({ uses: 5 }, 'ada');
  const { store, clock, pings } = stage;
  const options = { store, clock, pings, random: seededRandom(6) };
  const fleet = await openFleet({
    ...options,
    secret: new Uint8Array(32).fill(7),
    quotas: { ...NO_QUOTAS, ...quotas },
    log: () => undefined,
  });
  return { ...stage, fleet, invitation };
}

it('a quota of robots refuses invitations and enrolments, not a new machine of a robot', async () => {
  const { fleet, invitation } = await hubWith({ robots: 2 });
  const enrol = (code: string, serial: string) =>
    fleet.record({ address: ADDRESS }).enrol(`K-${serial}`, { v: [1], enrol: code, machine: { serial, name: serial } });
  await assert.rejects(fleet.invite({}, 'ada'), (error: FleetQuotaReached) => {
    const remedy = 'Retire robots, or raise the quota';
    assert.deepEqual(error.reached, { quota: 'fleet.quota.robots', used: 2, limit: 2, remedy });
    return error instanceof FleetQuotaReached && /2 of 2\. Retire robots/.test(error.message);
  });
  const refused = await enrol(invitation.code, 'S-3');
  assert.ok('refused' in refused && refused.refused === 'too-many');
  assert.match(
    String(refused.why),
    /has 2 robots, and its quota fleet\.quota\.robots is 2: retire some, or raise the quota/,
  );
  const replaced = await enrol((await fleet.replace('amr-1', 'ada')).code, 'S-4');
  assert.ok('robot' in replaced && replaced.robot === 'amr-1');
  await fleet.retire('amr-2');
  assert.ok('robot' in (await enrol(invitation.code, 'S-3')));
  const [use] = await fleet.quotaUse();
  assert.deepEqual([use?.quota, use?.used, use?.limit], ['robots', 2, 2]);
});

it('a quota of evidence counts each file once, and the file under way by its size', async () => {
  const { fleet, store } = await hubWith({ evidenceBytes: 1000 });
  const file = (key: string, state: string, bytes: number, more: { sha256?: string; size?: number } = {}) => ({
    sql: `INSERT INTO fleet_evidence_files
            (robot, log, key, kind, code, entity, version, descriptor, state, class, bytes, size, sha256, reported_ms, due_ms, attempts)
          VALUES (1, 'log', ?, 'recording', 'MOTOR', 'apps/arm', '', '{"evidence":"recording"}', ?, 4, ?, ?, ?, 0, 0, 0)`,
    parameters: [key, state, bytes, more.size ?? null, more.sha256 ?? null],
  });
  const [one, two] = [{ sha256: 'a' }, { sha256: 'b' }];
  await store.write([
    file('1', 'kept', 300, one),
    file('2', 'kept', 300, one),
    file('3', 'kept', 200, two),
    file('4', 'fetching', 10, { size: 400 }),
    file('5', 'offered', 0, { size: 101 }),
  ]);
  const use = async () => (await fleet.quotaUse()).map(({ quota, used }) => `${quota} ${used}`);
  assert.deepEqual(await use(), ['evidence_bytes 900', 'campaigns 0']);
  await fleet.evidence.assertRoom(4, 500);
  await assert.rejects(fleet.evidence.assertRoom(4, 501), FleetQuotaReached);
  await assert.rejects(
    fleet.evidence.request('5', 'ada'),
    /evidence_gb of the hub is used up: 900 of 1000 bytes\. Erase/,
  );
  await store.write([{ sql: "UPDATE fleet_evidence_files SET state = 'offered' WHERE state = 'fetching'" }]);
  assert.equal((await fleet.evidence.request('5', 'ada')).state, 'queued');
});

it('a quota of campaigns refuses further ones, also as a dry run, until one has ended', async () => {
  const { fleet, clock } = await hubWith({ campaigns: 2 });
  const { campaigns } = fleet;
  const create = (id: string, more: object = {}) =>
    campaigns.create(
      {
        ...{ id, kind: 'configuration' as const, targets: { robots: ['amr-1'] }, waves: [{ percent: 100 }] },
        changes: [{ entity: 'apps/planner', parameter: 'speed', to: 0.4 }],
        expires: new Date(clock.wallMs() + DAY_MS).toISOString(),
        ...more,
      },
      'ada',
    );
  const use = async () => (await fleet.quotaUse()).map(({ quota, used, limit }) => `${quota} ${used} of ${limit}`);
  await create('c-1');
  await create('c-2');
  await campaigns.stop('c-1', { reason: 'it is dark' }, 'ada');
  assert.deepEqual(await use(), ['campaigns 2 of 2']);
  for (const more of [{}, { dry_run: true }]) {
    await assert.rejects(create('c-3', more), (error: FleetQuotaReached) => {
      const remedy = 'Cancel campaigns that are stopped, or raise the quota, which is at most 50';
      assert.deepEqual(error.reached, { quota: 'fleet.quota.campaigns', used: 2, limit: 2, remedy });
      return error instanceof FleetQuotaReached;
    });
  }
  await campaigns.cancel('c-1', 'ada');
  // The first one cancels its robots, the second one ends it.
  for (let turns = 0; turns < 2; turns += 1) await campaigns.engine.turn();
  assert.deepEqual(await use(), ['campaigns 1 of 2']);
  const created = await Promise.allSettled([create('c-3'), create('c-4')]);
  assert.deepEqual(created.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'one of two at a time');
});

it('a quota of events counts the records of a day once, and names the robot that sends most', async () => {
  const { fleet, clock, store } = await hubWith({ eventsPerDay: 3 });
  const read = async (name: string, count: number) => {
    const session = await fleet.connected(name, { hello: helloOf(), address: ADDRESS });
    assert.ok('epoch' in session);
    const log = robotLog(`log-${name}`);
    const state = log.state([], { at_ms: clock.wallMs(), mono_ms: 1 });
    await fleet.storeState(name, session.epoch, state);
    for (let n = 0; n < count; n += 1) log.add('tree', { etag: `${n}` }, { atMs: clock.wallMs() });
    const part = { robot: name, epoch: session.epoch, log: `log-${name}`, after: 0, records: log.after(0) };
    assert.equal((await fleet.ingest([part])).get(name), 'stored');
    assert.equal((await fleet.ingest([part])).get(name), 'fenced');
  };
  assert.deepEqual((await fleet.quotaUse())[0]?.used, 0);
  await read('amr-1', 1);
  await read('amr-2', 30);
  const [use] = await fleet.quotaUse();
  assert.deepEqual([use?.used, use?.limit, use?.most], [31, 3, { robot: 'amr-2', used: 30 }]);
  const [{ n } = { n: 0 }] = await store.read('SELECT count(*) AS n FROM fleet_events');
  assert.equal(n, 31);
  clock.advance(DAY_MS);
  assert.deepEqual([(await fleet.quotaUse())[0]?.used, (await fleet.quotaUse())[0]?.most], [0, undefined]);
  clock.advance(32 * DAY_MS);
  await fleet.tidy();
  assert.deepEqual(await store.read('SELECT * FROM fleet_record_days'), []);
});
