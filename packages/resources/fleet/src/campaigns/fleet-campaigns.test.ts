import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NewFleetCampaign } from '@medkit/contract';
import type { Fleet } from '../fleet.ts';
import { FleetConflict, FleetInvalid, FleetNotFound } from '../fleet-refused.ts';
import { fleetStage } from '../testing/fleet-stage.ts';
import type { CampaignOutcome, CampaignWork } from './campaign-engine.ts';
import { MAX_STORED_CAMPAIGNS } from './change-campaigns.ts';
import { isInRunningCampaign } from './recent-changes.ts';

const MINUTE = 60_000;

/** A robot that answers requests by key, as a gateway does, and counts what it executed. */
function robotDouble() {
  const values = new Map<string, unknown>([['speed', 1]]);
  const replies = new Map<string, object>();
  const executed: string[] = [];
  return {
    values,
    executed,
    answer: (calls: CampaignWork['calls']): CampaignOutcome =>
      calls.map(({ method, path, body, key }) => {
        const name = path.split('/').at(-1)!;
        if (method === 'GET') return { status: 200, body: { data: values.get(name) } };
        assert.ok(key !== undefined && key.length <= 64);
        if (!replies.has(key)) {
          executed.push(key);
          values.set(name, (body as { data: unknown }).data);
          replies.set(key, { status: 200, body });
        }
        return replies.get(key) as { status: number };
      }),
  };
}

const planOf = (fields: Partial<NewFleetCampaign> = {}): NewFleetCampaign => ({
  id: 'slower',
  kind: 'configuration',
  changes: [{ entity: 'apps/drive', parameter: 'speed', to: 0.5 }],
  targets: { robots: ['r-0', 'r-1', 'r-2', 'r-3'] },
  waves: [{ robots: ['r-0'] }, { robots: ['r-1', 'r-2'] }, { percent: 100 }],
  gate: { soak_sec: 60 },
  ...fields,
});

/** A hub with robots `r-0` to `r-<count - 1>`, all of which are online. */
async function stage(count = 4) {
  const hub = await fleetStage();
  const { store, clock } = hub;
  const doubles = new Map<string, ReturnType<typeof robotDouble>>();
  for (let n = 0; n < count; n += 1) {
    await hub.robot(`r-${n}`, `KEYKEYKEYKEYKEYKEY${String(n).padStart(2, '0')}`);
    doubles.set(`r-${n}`, robotDouble());
  }
  const setOnline = (robot: string, online: boolean) =>
    store.write([{ sql: 'UPDATE fleet_robots SET online = ? WHERE name = ?', parameters: [online ? 1 : 0, robot] }]);
  for (const robot of doubles.keys()) await setOnline(robot, true);
  let { fleet } = hub;
  const turn = () => fleet.campaigns.engine.turn();
  const settle = async (work: CampaignWork, outcome: CampaignOutcome) => {
    let next = await fleet.campaigns.engine.settle(work, outcome);
    while (next) next = await fleet.campaigns.engine.settle(next, doubles.get(next.robot)!.answer(next.calls));
  };
  /** Lets all robots answer until no request is due. */
  const run = async () => {
    for (let turns = 0; turns < 10; turns += 1) {
      const due = await turn();
      for (const work of due) await settle(work, doubles.get(work.robot)!.answer(work.calls));
    }
  };
  const states = async (name = 'slower') =>
    Object.fromEntries(
      (await fleet.campaigns.robots(name, {})).items.map(({ robot, state, reason }) => [
        robot,
        reason === undefined ? state : `${state}: ${reason}`,
      ]),
    );
  const restart = async (): Promise<Fleet> => {
    fleet = await hub.reopen();
    for (const robot of doubles.keys()) await setOnline(robot, true);
    return fleet;
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await run();
  };
  return { ...hub, doubles, setOnline, turn, settle, run, states, restart, pass, campaigns: fleet.campaigns };
}

/** Stores an occurrence of a fault. */
const occurrence = (robot: string, atMs: number, issue = 1, severity = 2) => ({
  sql: `INSERT INTO fleet_occurrences (robot, origin, code, number, started_ms, began_ms, uncertain_ms, severity, issue, changed)
        SELECT id, '', 'HOT', (SELECT count(*) FROM fleet_occurrences), CAST(:at AS INTEGER), CAST(:at AS INTEGER), 0,
          CAST(:severity AS INTEGER), CAST(:issue AS INTEGER), 0 FROM fleet_robots WHERE name = :robot`,
  parameters: { robot, at: atMs, issue, severity },
});
const ISSUE = {
  sql: "INSERT INTO fleet_issues (id, fingerprint, code, entity, severity) VALUES (1, 'f', 'HOT', 'drive', 2)",
};

/** The key of a change without the time of its campaign. */
const withoutTime = (key: string): string => key.replace(/^(c\d+)-[a-z\d]+/, '$1');

describe('a campaign of a hub', () => {
  it('changes one wave after the other, each after the soak of the one before', async () => {
    const { campaigns, run, pass, states, doubles } = await stage();
    await campaigns.create(planOf(), 'ada');
    await run();
    assert.deepEqual(await states(), { 'r-0': 'soaking', 'r-1': 'selected', 'r-2': 'selected', 'r-3': 'selected' });
    const detail = await campaigns.read('slower');
    assert.equal(detail.waves[1]!.waits_for, '1 robot of wave 1 must end first');
    assert.deepEqual([detail.wave, detail.wave_count], [1, 3]);
    await pass(61_000);
    assert.deepEqual(await states(), { 'r-0': 'done', 'r-1': 'soaking', 'r-2': 'soaking', 'r-3': 'selected' });
    const [item] = (await campaigns.list({})).items;
    assert.deepEqual([item!.wave, item!.wave_count], [2, 3]);
    await pass(61_000);
    await pass(61_000);
    const { state, states: counts, robots } = await campaigns.read('slower');
    assert.deepEqual([state, counts, robots], ['done', { done: 4 }, 4]);
    for (const { values, executed } of doubles.values())
      assert.deepEqual([values.get('speed'), executed.length], [0.5, 1]);
    assert.deepEqual(
      [...doubles.values()].map(({ executed }) => withoutTime(executed[0]!)),
      [...['c1.1.write1.1', 'c1.2.write1.1', 'c1.3.write1.1', 'c1.4.write1.1']],
    );
  });

  it('stops at a new issue on changed robots, begins no further wave, and rolls back', async () => {
    const { campaigns, run, pass, states, doubles, store, clock } = await stage();
    await campaigns.create(planOf({ on_stop: 'roll_back_all' }), 'ada');
    await run();
    await pass(61_000);
    await store.write([ISSUE, occurrence('r-1', clock.wallMs() + 1), occurrence('r-2', clock.wallMs() + 2)]);
    await pass(1000);
    const { state, reason, roll_back } = await campaigns.read('slower');
    assert.deepEqual([state, roll_back], ['stopped', 'roll_back_all']);
    assert.equal(reason, 'gate.new_issue: HOT of drive occurs on 2 robots, and did not without the change');
    const rolledBack = 'rolled_back: the campaign was rolled back';
    assert.deepEqual(await states(), { 'r-0': rolledBack, 'r-1': rolledBack, 'r-2': rolledBack, 'r-3': 'selected' });
    assert.deepEqual(doubles.get('r-3')!.executed, []);
    for (const { values } of doubles.values()) assert.equal(values.get('speed'), 1);
    for (const robot of ['r-0', 'r-1', 'r-2']) assert.equal(doubles.get(robot)!.executed.length, 2);
  });

  it('that its gate stops is due for the audit log until that has it, also after a restart', async () => {
    const { campaigns, run, pass, store, clock, restart } = await stage();
    await campaigns.create(planOf({ on_stop: 'roll_back_all' }), 'ada');
    await run();
    await pass(61_000);
    assert.deepEqual(await campaigns.stops.unaudited(), []);
    await store.write([ISSUE, occurrence('r-1', clock.wallMs() + 1), occurrence('r-2', clock.wallMs() + 2)]);
    clock.advance(1000);
    const atMs = Math.floor(clock.wallMs());
    await run();
    await campaigns.stop('slower', { reason: 'drift', roll_back: 'hold' }, 'bob');
    const { stops } = (await restart()).campaigns;
    const reason = 'gate.new_issue: HOT of drive occurs on 2 robots, and did not without the change';
    const due = [{ campaign: 'slower', atMs, reason, rollBack: 'roll_back_all' as const }];
    assert.deepEqual(await stops.unaudited(), due, 'what the gate decided, not the later stop by a person');
    await stops.settle(due[0]!);
    await pass(61_000);
    assert.deepEqual(await stops.unaudited(), []);
  });

  it('that a person stops is not due for the audit log, which has the request', async () => {
    const { campaigns, run } = await stage();
    await campaigns.create(planOf(), 'ada');
    await run();
    await campaigns.stop('slower', { reason: 'drift' }, 'bob');
    await run();
    assert.deepEqual(await campaigns.stops.unaudited(), []);
  });

  it('rolls back the newest wave alone with roll_back_wave', async () => {
    const { campaigns, run, pass, states, doubles } = await stage();
    await campaigns.create(planOf(), 'ada');
    await run();
    await pass(61_000);
    await campaigns.stop('slower', { reason: 'drift', roll_back: 'roll_back_wave' }, 'bob');
    await run();
    const { 'r-0': first, 'r-1': second, 'r-3': last } = await states();
    assert.deepEqual([first, second?.split(':')[0], last], ['done', 'rolled_back', 'selected']);
    assert.equal(doubles.get('r-0')!.values.get('speed'), 0.5);
    const { stopped_by, reason } = await campaigns.read('slower');
    assert.deepEqual([stopped_by, reason], ['bob', 'drift']);
  });

  it('does not stop at an issue that robots without the change have had, or have', async () => {
    for (const earlier of [true, false]) {
      const { campaigns, run, store, clock } = await stage(5);
      const other = earlier ? occurrence('r-1', clock.wallMs() - MINUTE) : occurrence('r-4', clock.wallMs() + 10);
      await store.write([ISSUE, other]);
      await campaigns.create(planOf({ waves: [{ percent: 100 }] }), 'ada');
      await run();
      await store.write([occurrence('r-1', clock.wallMs() + 1), occurrence('r-2', clock.wallMs() + 2)]);
      clock.advance(1000);
      await run();
      assert.equal((await campaigns.read('slower')).state, 'running');
    }
  });

  it('stops at a rate of errors that is higher than before and on other robots', async () => {
    const { campaigns, run, store, clock } = await stage(6);
    const gate = { soak_sec: 36_000, new_issue: { severity: 'critical' as const, robots: 9 } };
    await campaigns.create(planOf({ waves: [{ percent: 100 }], gate }), 'ada');
    await run();
    const began = clock.wallMs();
    clock.advance(10 * 3_600_000);
    const errors = Array.from({ length: 30 }, (_, n) => occurrence(`r-${n % 4}`, began + 1000 + n * MINUTE));
    await store.write([ISSUE, occurrence('r-4', began + 5000), ...errors]);
    await run();
    const { state, reason, gate: figures } = await campaigns.read('slower');
    assert.equal(state, 'stopped');
    assert.match(reason!, /^gate.rate_ratio: 0.75 errors per robot-hour with the change, 0 and 0.05 without it/);
    const { changed, before, others } = figures!.errors;
    assert.deepEqual([changed.errors, changed.hours, before.errors, others.errors], [30, 40, 0, 1]);
    assert.deepEqual(figures!.new_issue, { severity: 'critical', robots: 9 });
    await campaigns.cancel('slower', 'bob');
    assert.equal((await campaigns.read('slower')).gate, undefined);
  });

  it('waits for robots that are offline, and is complete without them when it expires (Yuzu#1755, chocolatey#304)', async () => {
    const { campaigns, run, pass, states, setOnline } = await stage();
    await setOnline('r-2', false);
    await setOnline('r-3', false);
    await campaigns.create(planOf(), 'ada');
    await run();
    for (let wave = 0; wave < 3; wave += 1) await pass(61_000);
    assert.deepEqual(await states(), {
      ...{ 'r-0': 'done', 'r-1': 'done' },
      ...{ 'r-2': 'waiting: the robot is offline', 'r-3': 'waiting: the robot is offline' },
    });
    await setOnline('r-2', true);
    await run();
    await pass(61_000);
    assert.equal((await states())['r-2'], 'done');
    await pass(8 * 86_400_000);
    assert.equal((await campaigns.read('slower')).state, 'expired');
    assert.equal((await states())['r-3'], 'expired: the robot is offline');
    assert.deepEqual(await campaigns.stop('slower', {}, 'bob').catch(({ name }) => name), 'FleetConflict');
  });

  it('does nothing twice when the hub is killed before or after any reply', async () => {
    for (let killed = 0; killed < 6; killed += 1) {
      const hub = await stage(1);
      const { doubles, restart, states, pass } = hub;
      const robot = doubles.get('r-0')!;
      await hub.campaigns.create(planOf({ targets: { robots: ['r-0'] }, waves: [{ percent: 100 }] }), 'ada');
      let fleet = await restart();
      // Read, write and check are three moments to end: before the robot has executed the requests, and after it.
      let moment = 0;
      for (let turns = 0; turns < 12; turns += 1) {
        let work: CampaignWork | undefined = (await fleet.campaigns.engine.turn())[0];
        while (work) {
          const isKilledBefore = moment === killed;
          const replies = isKilledBefore ? [] : robot.answer(work.calls);
          if (isKilledBefore || moment + 1 === killed) {
            fleet = await restart();
            work = undefined;
          } else work = await fleet.campaigns.engine.settle(work, replies);
          moment += 2;
        }
      }
      await pass(61_000);
      assert.deepEqual(await states(), { 'r-0': 'done' }, `killed at ${killed}`);
      assert.deepEqual(robot.executed.map(withoutTime), ['c1.1.write1.1'], `killed at ${killed}`);
    }
  });

  it('sends the same request again after a cut, and gives a robot up that does not return', async () => {
    const { campaigns, turn, settle, states, setOnline, clock, doubles, run } = await stage(1);
    await campaigns.create(planOf({ targets: { robots: ['r-0'] }, waves: [{ percent: 100 }] }), 'ada');
    let [work] = await turn();
    [work] = await turn().then(async ([more]) => (more ? [more] : [work]));
    const writing = await campaigns.engine.settle(work!, doubles.get('r-0')!.answer(work!.calls));
    assert.deepEqual(
      writing!.calls.map(({ method, key }) => [method, withoutTime(key!)]),
      [['PUT', 'c1.1.write1.1']],
    );
    await settle(writing!, 'cut');
    assert.deepEqual(await turn(), []);
    clock.advance(16_000);
    const [again] = await turn();
    assert.deepEqual(again!.calls, writing!.calls);
    await settle(again!, 'cut');
    await setOnline('r-0', false);
    clock.advance(61 * MINUTE);
    await run();
    assert.match((await states())['r-0']!, /^lost: /);
    assert.match((await campaigns.read('slower')).reason!, /^gate.lost: 1 robot/);
  });

  it('begins no robot after a stop or a cancel, also one that answers meanwhile', async () => {
    const ends = { stop: 'waiting: the campaign is stopped', cancel: 'cancelled' } as const;
    for (const [end, expected] of Object.entries(ends)) {
      const { campaigns, turn, run, states, doubles } = await stage(1);
      await campaigns.create(planOf({ targets: { robots: ['r-0'] }, waves: [{ percent: 100 }] }), 'ada');
      const [reading] = await turn();
      if (end === 'stop') await campaigns.stop('slower', {}, 'bob');
      else await campaigns.cancel('slower', 'bob');
      const { answer, executed } = doubles.get('r-0')!;
      assert.equal(await campaigns.engine.settle(reading!, answer(reading!.calls)), undefined);
      assert.deepEqual(await states(), { 'r-0': expected });
      await run();
      assert.deepEqual(executed, []);
    }
  });

  it('changes at most limits.in_progress robots at a time, and one robot by one campaign of a kind', async () => {
    const { campaigns, turn, states } = await stage();
    const plan = { waves: [{ percent: 100 }], limits: { in_progress: 2 } };
    await campaigns.create(planOf(plan), 'ada');
    await campaigns.create(planOf({ ...plan, id: 'other', targets: { robots: ['r-0', 'r-3'] } }), 'ada');
    const work = await turn();
    assert.deepEqual(
      work.map(({ campaign, robot }) => `${campaign} ${robot}`),
      ['slower r-0', 'slower r-1', 'other r-3'],
    );
    assert.deepEqual(await states('other'), {
      'r-0': 'waiting: another campaign changes the robot',
      'r-3': 'preparing',
    });
    assert.equal((await states())['r-2'], 'waiting: limits.in_progress is reached');
    assert.deepEqual(await turn(), [], 'requests under way are not sent again');
  });

  it('changes at most limits.per_site_percent of the robots of a site at a time, and at least one', async () => {
    const { campaigns, fleet, turn, settle, states, doubles, run, pass, setOnline } = await stage(9);
    for (let n = 0; n < 8; n += 1) await fleet.describe(`r-${n}`, { site: n < 5 ? 'berlin' : 'graz' });
    await setOnline('r-1', false);
    const plan = {
      ...{ targets: { robots: [...doubles.keys()] }, waves: [{ percent: 100 }], limits: { per_site_percent: 40 } },
    };
    const counts = [
      { robots: 1, in_progress: 0, at_a_time: 1 },
      { site: 'berlin', robots: 5, in_progress: 0, at_a_time: 2 },
      { site: 'graz', robots: 3, in_progress: 0, at_a_time: 1 },
    ];
    assert.deepEqual((await campaigns.create(planOf({ ...plan, dry_run: true }), 'ada')).sites, counts);
    await campaigns.create(planOf(plan), 'ada');
    const work = await turn();
    assert.deepEqual(
      work.map(({ robot }) => robot),
      ['r-0', 'r-2', 'r-5', 'r-8'],
    );
    const full = 'waiting: limits.per_site_percent of its site is reached';
    assert.deepEqual(await states(), {
      ...{ 'r-0': 'preparing', 'r-1': 'waiting: the robot is offline', 'r-2': 'preparing', 'r-3': full, 'r-4': full },
      ...{ 'r-5': 'preparing', 'r-6': full, 'r-7': full, 'r-8': 'preparing' },
    });
    assert.deepEqual(
      (await campaigns.read('slower')).sites?.map(({ in_progress }) => in_progress),
      [1, 2, 1],
    );
    assert.deepEqual(await turn(), []);
    await settle(work[0]!, doubles.get('r-0')!.answer(work[0]!.calls));
    const [next, ...others] = await turn();
    assert.deepEqual([next?.robot, others], ['r-3', []], 'a robot that soaks has no place any more');
    for (const each of [...work.slice(1), next!]) await settle(each, doubles.get(each.robot)!.answer(each.calls));
    await setOnline('r-1', true);
    for (let turns = 0; turns < 3; turns += 1) await run();
    await pass(61_000);
    const { states: ends, sites } = await campaigns.read('slower');
    assert.deepEqual([ends, sites], [{ done: 9 }, undefined]);
  });

  it('does not change the reasons of robots that wait in each turn', async () => {
    const { campaigns, fleet, turn, store, doubles, setOnline } = await stage(6);
    for (const robot of doubles.keys()) await fleet.describe(robot, { site: 'berlin' });
    const limits = { in_progress: 1, per_site_percent: 50 };
    await campaigns.create(
      planOf({ targets: { robots: [...doubles.keys()] }, waves: [{ percent: 100 }], limits }),
      'ada',
    );
    await setOnline('r-0', false);
    await turn();
    await setOnline('r-0', true);
    await turn();
    const rows = () => store.read('SELECT robot, reason, version FROM fleet_campaign_robots ORDER BY robot');
    const before = await rows();
    assert.equal(new Set(before.map(({ reason }) => reason)).size, 3, 'none, full and site');
    await turn();
    assert.deepEqual(await rows(), before);
  });

  it('asks each robot for its conditions, and again each minute, without a place of other robots', async () => {
    const { campaigns, fleet, turn, settle, run, pass, states, doubles, setOnline } = await stage();
    for (const robot of doubles.keys()) await fleet.describe(robot, { site: 'berlin' });
    for (const { values } of doubles.values()) values.set('charging', true);
    for (const robot of ['r-0', 'r-1']) doubles.get(robot)!.values.set('charging', false);
    const conditions = ['apps/battery/data/charging == true'];
    const limits = { in_progress: 1, per_site_percent: 25 };
    const plan = planOf({ waves: [{ percent: 100 }], conditions, limits, gate: { soak_sec: 0 } });
    const planned = await campaigns.create({ ...plan, dry_run: true }, 'ada');
    assert.deepEqual([planned.plan.conditions, planned.not_fulfilled], [conditions, []]);
    await campaigns.create(plan, 'ada');
    const [first] = await turn();
    assert.deepEqual(
      [first!.robot, first!.calls.map(({ path, key }) => [path, key])],
      ['r-0', [['/apps/battery/data/charging', undefined]]],
    );
    await settle(first!, 'cut');
    const silent = 'waiting: its conditions cannot be read: the robot does not answer';
    assert.equal((await states())['r-0'], silent);
    await run();
    const unfulfilled = `waiting: the condition ${conditions[0]} is not fulfilled: the value is false`;
    const others = { 'r-2': 'done', 'r-3': 'done' };
    assert.deepEqual(await states(), { 'r-0': silent, 'r-1': unfulfilled, ...others });
    assert.deepEqual(await turn(), [], 'asked again only after a minute');
    await setOnline('r-1', false);
    await pass(61_000);
    assert.deepEqual(await states(), { 'r-0': unfulfilled, 'r-1': 'waiting: the robot is offline', ...others });
    for (const robot of ['r-0', 'r-1']) assert.deepEqual(doubles.get(robot)!.executed, []);
    await setOnline('r-1', true);
    await run();
    assert.equal((await states())['r-1'], unfulfilled);
    for (const robot of ['r-0', 'r-1']) doubles.get(robot)!.values.set('charging', true);
    await pass(61_000);
    assert.deepEqual(await states(), { 'r-0': 'done', 'r-1': 'done', ...others });
    for (const { executed } of doubles.values()) assert.equal(executed.length, 1);
  });

  it('asks for conditions again just before the change, although replies are lost and the hub is restarted', async () => {
    const { campaigns, turn, settle, run, pass, states, doubles, restart, clock } = await stage(1);
    const { values, executed } = doubles.get('r-0')!;
    values.set('charging', true);
    const conditions = ['apps/battery/data/charging == true'];
    await campaigns.create(planOf({ targets: { robots: ['r-0'] }, waves: [{ percent: 100 }], conditions }), 'ada');
    const [asked] = await turn();
    values.set('charging', false);
    // The robot was charging when it was asked first, and is not any more when its values have been read.
    await settle(asked!, [{ status: 200, body: { data: true } }]);
    const reason = `waiting: the condition ${conditions[0]} is not fulfilled: the value is false`;
    assert.deepEqual([await states(), executed], [{ 'r-0': reason }, []]);
    clock.advance(61_000);
    const [lost] = await turn();
    assert.equal(lost!.of.row.step, 'conditions');
    // The hub is killed before the reply arrives.
    await restart();
    values.set('charging', true);
    await run();
    assert.deepEqual([await states(), executed.length], [{ 'r-0': 'soaking' }, 1]);
    await pass(61_000);
    assert.deepEqual(await states(), { 'r-0': 'done' });
  });

  it('asks a robot for its conditions soon after the clock of the hub was set back', async () => {
    const { campaigns, store, run, states, doubles, clock } = await stage(1);
    doubles.get('r-0')!.values.set('charging', false);
    const conditions = ['apps/battery/data/charging == true'];
    await campaigns.create(planOf({ targets: { robots: ['r-0'] }, waves: [{ percent: 100 }], conditions }), 'ada');
    await run();
    await store.write([
      { sql: 'UPDATE fleet_campaign_robots SET due_ms = ?', parameters: [clock.wallMs() + 24 * 60 * MINUTE] },
    ]);
    doubles.get('r-0')!.values.set('charging', true);
    await run();
    assert.deepEqual(await states(), { 'r-0': 'soaking' });
  });

  it('begins robots only within limits.start_within, in the time of their site', async () => {
    const { campaigns, fleet, turn, settle, states, doubles, clock, setOnline, run } = await stage();
    // 12:00 in UTC, 13:00 in Berlin, 21:00 in Tokyo.
    clock.advance(86_400_000 - (clock.wallMs() % 86_400_000) + 12 * 60 * MINUTE);
    const day = new Date(clock.wallMs()).toISOString().slice(0, 10);
    await fleet.setSite('berlin', { zone: 'Europe/Berlin' }, 'ada');
    await fleet.setSite('tokyo', { zone: 'Asia/Tokyo' }, 'ada');
    for (const [robot, site] of [
      ['r-0', 'berlin'],
      ['r-1', 'tokyo'],
      ['r-3', 'tokyo'],
    ] as const) {
      await fleet.describe(robot, { site });
    }
    await setOnline('r-3', false);
    const plan = planOf({ waves: [{ percent: 100 }], limits: { start_within: '20:00-05:00' } });
    const berlin = `limits.start_within is 20:00-05:00 in Europe/Berlin, and opens at ${day} 20:00`;
    const none = `limits.start_within is 20:00-05:00 in UTC (its site has no time zone), and opens at ${day} 20:00`;
    const { sites, not_fulfilled } = await campaigns.create({ ...plan, dry_run: true }, 'ada');
    assert.deepEqual(sites, [
      { robots: 1, in_progress: 0, zone: 'UTC', waits_for: none },
      { site: 'berlin', robots: 1, in_progress: 0, zone: 'Europe/Berlin', waits_for: berlin },
      { site: 'tokyo', robots: 2, in_progress: 0, zone: 'Asia/Tokyo' },
    ]);
    assert.deepEqual(Object.fromEntries(not_fulfilled!.map(({ robot, reason }) => [robot, reason])), {
      'r-0': berlin,
      'r-2': none,
      'r-3': 'the robot is offline',
    });
    await campaigns.create(plan, 'ada');
    const [reading, ...others] = await turn();
    assert.deepEqual([reading!.robot, others], ['r-1', []]);
    assert.deepEqual(await states(), {
      ...{ 'r-0': `waiting: ${berlin}`, 'r-1': 'preparing', 'r-2': `waiting: ${none}` },
      'r-3': 'waiting: the robot is offline',
    });
    assert.deepEqual((await campaigns.read('slower')).sites?.[1]?.waits_for, berlin);
    await settle(reading!, doubles.get('r-1')!.answer(reading!.calls));
    assert.deepEqual(doubles.get('r-1')!.executed.length, 1);
    clock.advance(7 * 60 * MINUTE);
    assert.deepEqual(
      (await turn()).map(({ robot }) => robot),
      ['r-0'],
      '20:00 in Berlin',
    );
    clock.advance(60 * MINUTE);
    await setOnline('r-3', true);
    await run();
    const tokyo = new Date(clock.wallMs() + 9 * 60 * MINUTE).toISOString().slice(0, 10);
    const after = await states();
    assert.match(after['r-2']!, /^soaking/, '20:00 in UTC');
    assert.equal(
      after['r-3'],
      `waiting: limits.start_within is 20:00-05:00 in Asia/Tokyo, and opens at ${tokyo} 20:00`,
      '05:00 in Tokyo',
    );
  });

  it('changes no robot that read its values before limits.start_within ended', async () => {
    const { campaigns, turn, states, doubles, clock, run } = await stage(1);
    clock.advance(86_400_000 - (clock.wallMs() % 86_400_000) + 5 * 60 * MINUTE - 1000);
    const targets = { robots: ['r-0'] };
    const limits = { start_within: '22:00-05:00' };
    await campaigns.create(planOf({ targets, waves: [{ percent: 100 }], limits }), 'ada');
    const [reading] = await turn();
    const { answer, executed } = doubles.get('r-0')!;
    clock.advance(2000);
    assert.equal(await campaigns.engine.settle(reading!, answer(reading!.calls)), undefined);
    assert.match((await states())['r-0']!, /^waiting: limits.start_within is 22:00-05:00 in UTC/);
    assert.deepEqual(await turn(), []);
    clock.advance(17 * 60 * MINUTE);
    await run();
    assert.equal(executed.length, 1);
  });

  it('opens waves after their approval, by another account if the plan requires it (hawkBit#2867)', async () => {
    const { campaigns, run, states } = await stage();
    await campaigns.create(planOf({ gate: { soak_sec: 0, approval: 'other' } }), 'ada');
    await run();
    assert.equal((await states())['r-0'], 'selected');
    assert.equal((await campaigns.read('slower')).waves[0]!.waits_for, 'wave 1 needs an approval');
    await assert.rejects(campaigns.approve('slower', {}, 'ada'), FleetConflict);
    await campaigns.approve('slower', {}, 'bob');
    await run();
    assert.deepEqual([(await states())['r-0'], (await states())['r-1']], ['done', 'selected']);
    await assert.rejects(campaigns.approve('slower', { wave: 1 }, 'bob'), FleetConflict);
    await assert.rejects(campaigns.approve('slower', { wave: 4 }, 'bob'), FleetInvalid);
    await campaigns.approve('slower', { wave: 2 }, 'bob');
    await run();
    assert.deepEqual([(await states())['r-1'], (await states())['r-3']], ['done', 'selected']);
    const { waves } = await campaigns.read('slower');
    assert.deepEqual(
      waves.map(({ approved_by }) => approved_by),
      ['bob', 'bob', undefined],
    );
  });

  it('leaves retired robots out of all counts (hawkBit#328, hawkBit#1770)', async () => {
    const { campaigns, run, pass, fleet } = await stage();
    await campaigns.create(planOf({ gate: { soak_sec: 0, least_done: 2 } }), 'ada');
    await run();
    assert.equal((await campaigns.read('slower')).waves[1]!.states.done, 2);
    await fleet.retire('r-2');
    const { robots, states } = await campaigns.read('slower');
    assert.deepEqual([robots, states], [3, { done: 3 }]);
    await pass(1000);
    assert.equal((await campaigns.read('slower')).state, 'done');
  });

  it('gives the place of a robot that is retired to another one', async () => {
    const { campaigns, turn, fleet } = await stage();
    await campaigns.create(planOf({ waves: [{ percent: 100 }], limits: { in_progress: 1 } }), 'ada');
    const [first] = await turn();
    assert.deepEqual(await turn(), []);
    await fleet.retire(first!.robot);
    const [second, ...others] = await turn();
    assert.deepEqual([second?.robot === first!.robot, others], [false, []]);
  });

  it('is running for the robots that it has changed, until it ends', async () => {
    const { campaigns, run, pass, store } = await stage();
    const running = () => Promise.all([1, 2, 3, 4].map((robot) => isInRunningCampaign(store, robot)));
    await campaigns.create(planOf({ waves: [{ robots: ['r-0'] }, { percent: 100 }] }), 'ada');
    await run();
    assert.deepEqual(await running(), [true, false, false, false]);
    await pass(61_000);
    assert.deepEqual(await running(), [true, true, true, true]);
    await pass(61_000);
    assert.deepEqual(await running(), [false, false, false, false]);
  });

  it('can be tried, and shows the waves and the robots that could not begin', async () => {
    const { campaigns, setOnline, store } = await stage();
    await setOnline('r-2', false);
    const { state, waves, not_fulfilled } = await campaigns.create(planOf({ dry_run: true }), 'ada');
    assert.deepEqual([state, waves.map(({ robots }) => robots)], ['planned', [1, 2, 1]]);
    assert.deepEqual(not_fulfilled, [
      { robot: 'r-2', wave: 2, state: 'waiting', reason: 'the robot is offline', attempt: 0 },
    ]);
    assert.deepEqual(await store.read('SELECT * FROM fleet_campaigns'), []);
  });

  it('is refused with a name that exists, robots that the hub does not have, and beyond 50', async () => {
    const { campaigns, store } = await stage();
    await campaigns.create(planOf(), 'ada');
    await assert.rejects(campaigns.create(planOf(), 'ada'), FleetConflict);
    const other = (fields: object) => campaigns.create(planOf({ id: 'other', ...fields }), 'ada');
    await assert.rejects(other({ id: 'Other Name' }), /^FleetInvalid: id: /);
    await assert.rejects(other({ targets: { robots: ['r-9'] } }), /targets\.robots: r-9 is no approved robot$/);
    await assert.rejects(
      other({ targets: { robots: ['r-0'], site: 'graz' } }),
      /targets\.robots: r-0 is no approved robot of this group and site/,
    );
    await assert.rejects(other({ targets: { robots: ['r-0'], exclude: ['r-7'] } }), /targets\.exclude: r-7/);
    await assert.rejects(other({ targets: { group: 'none' } }), /no group none/);
    for (const call of ['read', 'cancel'] as const) await assert.rejects(campaigns[call]('none', 'bob'), FleetNotFound);
    await assert.rejects(campaigns.robots('none', {}), FleetNotFound);
    for (let n = 1; n < 50; n += 1) await other({ id: `c-${n}` });
    await assert.rejects(
      other({ id: 'c-50' }),
      /fleet\.quota\.campaigns of the hub is used up: 50 of 50\. Cancel campaigns/,
    );
    await store.write([{ sql: "UPDATE fleet_campaigns SET ended_ms = 1, state = 'done'" }]);
    assert.equal((await other({ id: 'c-50' })).state, 'running');
  });

  it(`is stored with ${MAX_STORED_CAMPAIGNS} others, and listed in pages`, async () => {
    const { campaigns, store } = await stage();
    await store.write([
      {
        sql: `INSERT INTO fleet_campaigns (name, kind, body, state, created_ms, created_by, expires_ms, ended_ms)
              SELECT 'old-' || value, 'configuration', ?, 'done', 0, 'ada', 1, 1 FROM json_each(?)`,
        parameters: [
          JSON.stringify({ ...planOf(), expires: '2026-01-01T00:00:00Z' }),
          JSON.stringify(Array.from({ length: MAX_STORED_CAMPAIGNS }, (_, n) => n)),
        ],
      },
    ]);
    await campaigns.create(planOf(), 'ada');
    const first = await campaigns.list({ limit: 2 });
    assert.deepEqual(
      [first.total, first.items[0]!.id, first.items[0]!.states],
      [MAX_STORED_CAMPAIGNS, 'slower', { selected: 4 }],
    );
    const second = await campaigns.list({ limit: 2, cursor: first.next! });
    assert.deepEqual(
      second.items.map(({ id }) => id),
      ['old-998', 'old-997'],
    );
    assert.equal((await campaigns.list({ state: 'running' })).total, 1);
    const robots = await campaigns.robots('slower', { limit: 3 });
    const rest = await campaigns.robots('slower', { limit: 3, cursor: robots.next! });
    assert.deepEqual(
      [...robots.items, ...rest.items].map(({ wave }) => wave),
      [1, 2, 2, 3],
    );
    assert.equal((await campaigns.robots('slower', { wave: 2, state: 'selected' })).total, 2);
  });
});
