import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetCampaignTargets } from '@medkit/contract';
import { fleetStage } from '../testing/fleet-stage.ts';
import { MAX_DYNAMIC_ROBOTS } from './dynamic-targets.ts';

const DAY = 86_400_000;
const LEFT = 'skipped: it no longer matches the targets of the campaign';

/** A hub with robots `r-0` to `r-<count - 1>` at the site `berlin`, and a campaign on them in two waves. */
async function stage(count: number, targets: FleetCampaignTargets = { site: 'berlin' }) {
  const hub = await fleetStage();
  const { fleet, store, clock } = hub;
  const { campaigns } = fleet;
  const values = new Map<string, unknown>();
  let keys = 0;
  const enrol = async (name: string, site?: string) => {
    keys += 1;
    await hub.robot(name, `KEYKEYKEYKEYKEYKEY${String(keys).padStart(2, '0')}`);
    await store.write([{ sql: 'UPDATE fleet_robots SET online = 1 WHERE name = ?', parameters: [name] }]);
    if (site !== undefined) await fleet.describe(name, { site });
  };
  for (let n = 0; n < count; n += 1) await enrol(`r-${n}`, 'berlin');
  const run = async () => {
    for (let turns = 0; turns < 6; turns += 1) {
      for (let work of await campaigns.engine.turn()) {
        for (;;) {
          const { robot, calls } = work;
          const replies = calls.map(({ method, body }) => {
            if (method === 'PUT') values.set(robot, (body as { data: unknown }).data);
            return { status: 200, body: { data: values.get(robot) ?? 1 } };
          });
          const next = await campaigns.engine.settle(work, replies);
          if (!next) break;
          work = next;
        }
      }
    }
  };
  const states = async () => {
    const { items } = await campaigns.robots('slower', {});
    return Object.fromEntries(
      items.map(({ robot, wave, state, reason }) => [robot, `${wave} ${state}${reason ? `: ${reason}` : ''}`]),
    );
  };
  await fleet.createGroup('all', { site: 'berlin' }, 'ada');
  await campaigns.create(
    {
      ...{ id: 'slower', kind: 'configuration', gate: { soak_sec: 3600 } },
      changes: [{ entity: 'apps/drive', parameter: 'speed', to: 0.5 }],
      targets: { dynamic: true, ...targets },
      waves: [{ robots: ['r-0'] }, { percent: 100 }],
    },
    'ada',
  );
  const pass = async (ms: number) => {
    clock.advance(ms);
    await run();
  };
  return { ...hub, campaigns, enrol, run, pass, states };
}

describe('a campaign with dynamic targets', () => {
  it('takes robots that begin to match into its last wave, and skips those that no longer match (hawkBit#1548)', async () => {
    const { fleet, enrol, run, states } = await stage(4, { site: 'berlin', exclude: ['r-3'] });
    await enrol('r-4');
    await enrol('r-5', 'graz');
    await run();
    assert.deepEqual(await states(), { 'r-0': '1 soaking', 'r-1': '2 selected', 'r-2': '2 selected' });
    await fleet.describe('r-5', { site: 'berlin' });
    await enrol('r-6', 'berlin');
    await fleet.describe('r-0', { site: 'graz' });
    await fleet.describe('r-1', { site: 'graz' });
    await fleet.describe('r-2', { site: null });
    await run();
    const moved = { 'r-0': '1 soaking', 'r-5': '2 selected', 'r-6': '2 selected' };
    assert.deepEqual(await states(), { ...moved, 'r-1': `2 ${LEFT}`, 'r-2': `2 ${LEFT}` });
    await fleet.describe('r-1', { site: 'berlin' });
    await run();
    assert.deepEqual(await states(), { ...moved, 'r-1': '2 selected', 'r-2': `2 ${LEFT}` });
  });

  it('follows its group, and does not change if the group is deleted', async () => {
    const { fleet, run, states } = await stage(3, { group: 'all' });
    for (const robot of ['r-0', 'r-1']) await fleet.describe(robot, { labels: { arm: 'yes' } });
    await fleet.changeGroup('all', { site: 'berlin', labels: ['arm=yes'] }, 'ada');
    await run();
    const { 'r-1': other, 'r-2': left } = await states();
    assert.deepEqual([other, left], ['2 selected', `2 ${LEFT}`]);
    const before = await states();
    await fleet.deleteGroup('all');
    await run();
    assert.deepEqual(await states(), before);
  });

  it('runs until it expires, for robots that are enrolled later, and is done then', async () => {
    const { campaigns, enrol, run, pass, states } = await stage(1);
    await run();
    for (let hours = 0; hours < 3; hours += 1) await pass(3_600_000);
    assert.deepEqual([await states(), (await campaigns.read('slower')).state], [{ 'r-0': '1 done' }, 'running']);
    await enrol('r-1', 'berlin');
    await run();
    assert.equal((await states())['r-1'], '2 soaking');
    await pass(3_600_000);
    await pass(8 * DAY);
    assert.deepEqual((await campaigns.read('slower')).state, 'done');
    await enrol('r-2', 'berlin');
    await run();
    assert.deepEqual(await states(), { 'r-0': '1 done', 'r-1': '2 done' });
  });

  it('takes and skips no robot after it was stopped or expired', async () => {
    for (const end of ['stopped', 'expired']) {
      const { campaigns, clock, fleet, enrol, run, states } = await stage(2);
      await run();
      if (end === 'stopped') await campaigns.stop('slower', {}, 'bob');
      else clock.advance(8 * DAY);
      await enrol('r-2', 'berlin');
      await fleet.describe('r-1', { site: 'graz' });
      await run();
      const after = await states();
      assert.deepEqual(Object.keys(after), ['r-0', 'r-1']);
      assert.equal(after['r-1'], end === 'stopped' ? '2 selected' : '2 expired');
      assert.equal((await campaigns.read('slower')).state, end);
    }
  });

  it(`takes no further robot beyond ${MAX_DYNAMIC_ROBOTS}`, async () => {
    const { store, enrol, run, states } = await stage(1);
    const others = Array.from({ length: MAX_DYNAMIC_ROBOTS - 2 }, (_, n) => n + 1000);
    await store.write([
      {
        sql: `INSERT INTO fleet_campaign_robots (campaign, robot, wave, state, since_ms)
              SELECT 1, CAST(value AS INTEGER), 2, 'done', 0 FROM json_each(?)`,
        parameters: [JSON.stringify(others)],
      },
    ]);
    await enrol('r-1', 'berlin');
    await enrol('r-2', 'berlin');
    await run();
    assert.deepEqual(Object.keys(await states()), ['r-0', 'r-1']);
  });

  it('does not change its rows while its robots stay the same', async () => {
    const { fleet, run, store } = await stage(3);
    await fleet.describe('r-2', { site: 'graz' });
    await run();
    const rows = () => store.read('SELECT robot, state, version FROM fleet_campaign_robots ORDER BY robot');
    const before = await rows();
    await run();
    assert.deepEqual(await rows(), before);
  });
});
