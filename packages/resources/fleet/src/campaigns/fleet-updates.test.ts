import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NewFleetCampaign, UplinkState } from '@medkit/contract';
import { ADDRESS, fleetStage, helloOf } from '../testing/fleet-stage.ts';
import { UPDATE, updateRobot } from '../testing/update-robot.ts';
import type { CampaignOutcome, CampaignWork } from './campaign-engine.ts';

const planOf = (fields: Partial<NewFleetCampaign> = {}): NewFleetCampaign => ({
  ...{ id: 'new-map', kind: 'update', artifact: 'map-2', targets: { robots: ['r-0'] } },
  ...{ waves: [{ percent: 100 }], gate: { soak_sec: 60 } },
  ...fields,
});

/** A hub with the artifact `map-2`, and robots `r-0` to `r-<count - 1>`, which have `map-1` in use. */
async function stage({ count = 1, ...options }: Parameters<typeof updateRobot>[0] & { readonly count?: number } = {}) {
  const hub = await fleetStage();
  const { store, clock } = hub;
  let { fleet } = hub;
  await store.write([
    {
      sql: `INSERT INTO fleet_artifacts (name, sha256, bytes, manifest_sha256, created_ms, created_by)
            VALUES ('map-2', ?, ?, ?, 1, 'ada')`,
      parameters: [UPDATE.sha256, UPDATE.bytes, UPDATE.manifestSha256],
    },
  ]);
  const doubles = new Map<string, ReturnType<typeof updateRobot>>();
  const epochs = new Map<string, number>();
  /** Why the hub has ended sessions, by robot; `returned` after the robot has connected again. */
  const ended = new Map<string, (string | undefined)[]>();
  const state = { log: 'log-1', boot: 1, newest: 0, more_faults: 0, faults: [], mono_ms: 1, at_ms: 1, tree_etag: '' };
  /** Connects a robot; the hub reads its state, and its log if the hub has all of it. */
  const connect = async (newest = 0, name = 'r-0'): Promise<void> => {
    const session = await fleet.connected(name, { hello: helloOf(), address: ADDRESS });
    const epoch = 'epoch' in session ? session.epoch : assert.fail();
    epochs.set(name, epoch);
    await fleet.storeState(name, epoch, { ...state, newest } as unknown as UplinkState);
  };
  const leave = (name = 'r-0'): Promise<void> => fleet.disconnected(name, epochs.get(name)!, 'test');
  const follow = (): void => {
    fleet.onChange(({ robot, ended: farewell }) => {
      if (farewell) ended.get(robot)!.push(farewell.why);
    });
  };
  follow();
  for (let n = 0; n < count; n += 1) {
    const name = `r-${n}`;
    await hub.robot(name, `KEYKEYKEYKEYKEYKEY${String(n).padStart(2, '0')}`);
    doubles.set(name, updateRobot(options));
    ended.set(name, []);
    await connect(0, name);
  }
  const engine = () => fleet.campaigns.engine;
  const turn = () => engine().turn();
  const states = async (): Promise<readonly string[]> =>
    (await fleet.campaigns.robots('new-map', {})).items.map(({ state: at, reason }) =>
      reason === undefined ? at : `${at}: ${reason}`,
    );
  type Answer = (work: CampaignWork) => Promise<CampaignOutcome | 'killed'> | CampaignOutcome;
  const answerOf: Answer = ({ robot, calls }) => doubles.get(robot)!.answer(calls);
  /** Lets the robots answer for turns of 5 s. They connect again after each end of their session, unless `returns` is false. */
  const run = async (turns = 40, returns = true, answer: Answer = answerOf): Promise<void> => {
    for (let n = 0; n < turns; n += 1) {
      for (const first of await turn()) {
        let work: CampaignWork | undefined = first;
        while (work) {
          const outcome = await answer(work);
          // The work of a hub that was killed is lost.
          if (outcome === 'killed') return run(turns - n, returns, answer);
          work = await engine().settle(work, outcome);
        }
      }
      for (const [name, reasons] of ended) {
        if (!returns || reasons.length === 0 || reasons.at(-1) === 'returned') continue;
        reasons.push('returned');
        await leave(name);
        await connect(0, name);
      }
      clock.advance(5000);
    }
  };
  const restart = async (): Promise<void> => {
    fleet = await hub.reopen();
    follow();
    for (const name of doubles.keys()) await connect(0, name);
  };
  return {
    ...{ doubles, clock, connect, leave, turn, states, run, restart, store, answerOf },
    robot: doubles.get('r-0')!,
    ended: ended.get('r-0')!,
    row: async () => (await states())[0],
    settle: (work: CampaignWork, outcome: CampaignOutcome) => engine().settle(work, outcome),
    campaigns: () => fleet.campaigns,
  };
}

describe('a campaign of an update', () => {
  it('transfers, executes and confirms the update, and is done after the soak', async () => {
    const { campaigns, run, row, robot, ended } = await stage();
    const { plan } = await campaigns().create(planOf(), 'ada');
    assert.deepEqual(plan.content, {
      ...{ sha256: UPDATE.sha256, bytes: UPDATE.bytes, manifest_sha256: UPDATE.manifestSha256 },
    });
    assert.equal(plan.confirm_within_sec, 900);
    await run();
    assert.equal(await row(), 'done');
    assert.deepEqual([robot.inUse, robot.executed, robot.received], ['map-2', ['map-2'], UPDATE.bytes]);
    assert.deepEqual(ended, ['the hub waits until the robot connects again after its update', 'returned']);
  });

  it('shows how much of the artifact a robot has, and continues after an absence', async () => {
    const { campaigns, turn, settle, robot, leave, connect, run, row, clock } = await stage();
    await campaigns().create(planOf(), 'ada');
    let [work]: readonly (CampaignWork | undefined)[] = await turn();
    while (work) work = await settle(work, robot.answer(work.calls));
    [work] = await turn();
    assert.equal(await settle(work!, robot.answer(work!.calls)), undefined, 'one part for each turn');
    const [item] = (await campaigns().robots('new-map', {})).items;
    assert.deepEqual([item!.state, item!.percent], ['transferring', 83]);
    [work] = await turn();
    await leave();
    await settle(work!, 'cut');
    assert.equal(await row(), 'waiting: the robot is offline');
    clock.advance(48 * 3_600_000);
    await connect();
    await run();
    assert.deepEqual([await row(), robot.executed], ['done', ['map-2']]);
  });

  it('does nothing twice when a request or reply is lost, or the hub is killed, at any request', async () => {
    const robots = Array.from({ length: 12 }, (_, n) => `r-${n}`);
    for (const failure of ['request lost', 'reply lost', 'killed before', 'killed after'] as const) {
      const { campaigns, doubles, run, states, restart, answerOf } = await stage({ count: robots.length });
      const limits = { in_progress: robots.length };
      await campaigns().create(planOf({ targets: { robots }, limits }), 'ada');
      const requests = new Map(robots.map((name) => [name, 0]));
      await run(120, true, async (work) => {
        const { robot } = work;
        const number = requests.get(robot)!;
        requests.set(robot, number + 1);
        // Each robot has the failure at another one of its requests.
        if (`r-${number}` !== robot) return answerOf(work);
        if (!failure.endsWith('lost')) {
          if (failure === 'killed after') await answerOf(work);
          await restart();
          return 'killed';
        }
        if (failure === 'reply lost') await answerOf(work);
        return 'cut';
      });
      assert.ok(
        [...requests.values()].every((count) => count >= robots.length),
        String([...requests.values()]),
      );
      assert.deepEqual(await states(), Array(robots.length).fill('done'), failure);
      for (const [name, { inUse, executed }] of doubles) {
        assert.deepEqual([inUse, executed], ['map-2', ['map-2']], `${failure}: ${name}`);
      }
    }
  });

  it('confirms nothing before the robot has connected again and its log is read', async () => {
    const { campaigns, run, row, robot, ended, leave, connect } = await stage();
    await campaigns().create(planOf(), 'ada');
    await run(20, false);
    assert.deepEqual([await row(), robot.inUse, ended.length], ['confirming', 'map-2', 1]);
    await leave();
    await connect(5);
    await run(20, false);
    assert.equal(await row(), 'confirming', 'five records are not read');
    await leave();
    await connect();
    await run(20, false);
    assert.deepEqual([await row(), ended.length], ['done', 1]);
  });

  it('is rolled back with the reason of the robot, by its gate or because it was not confirmed in time', async () => {
    const bad = await stage({ gate: 'bad' });
    await bad.campaigns().create(planOf(), 'ada');
    await bad.run();
    assert.equal(await bad.row(), 'rolled_back: map-2 was rolled back: fault HOT was confirmed');
    const late = await stage();
    await late.campaigns().create(planOf(), 'ada');
    await late.run(20, false);
    late.robot.expireConfirmation();
    await late.leave();
    await late.connect();
    await late.run(5);
    assert.equal(await late.row(), 'rolled_back: the robot answered 409: too late');
    assert.match((await late.campaigns().read('new-map')).reason!, /^gate\.max_failed: 1 of 1 robot/);
  });

  it('gives a robot up that does not return after the update, and rolls it back when it does (hawkBit#693)', async () => {
    const { campaigns, run, row, robot, leave, connect, clock } = await stage();
    await campaigns().create(planOf({ on_stop: 'roll_back_all' }), 'ada');
    await run(20, false);
    await leave();
    clock.advance(30 * 60_000);
    await run(2, false);
    assert.equal(await row(), 'confirming');
    clock.advance(2 * 3_600_000);
    await run(2, false);
    assert.match((await row())!, /^rolling_back/);
    assert.match((await campaigns().read('new-map')).reason!, /^gate\.lost: 1 robot/);
    robot.expireConfirmation();
    await connect();
    await run();
    assert.equal(await row(), 'rolled_back: the campaign was rolled back');
    assert.deepEqual(robot.executed, ['map-2'], 'the robot has returned to the release before by itself');
  });

  it('is rolled back to the release before after a stop, once', async () => {
    const { campaigns, run, row, robot } = await stage();
    await campaigns().create(planOf({ gate: { soak_sec: 3600 } }), 'ada');
    await run();
    assert.equal(await row(), 'soaking');
    await campaigns().stop('new-map', { roll_back: 'roll_back_all' }, 'bob');
    await run();
    assert.equal(await row(), 'rolled_back: the campaign was rolled back');
    assert.deepEqual([robot.inUse, robot.executed], ['map-1', ['map-2', 'map-1']]);
  });

  it('begins no update after a stop, also during the transfer', async () => {
    const { campaigns, turn, settle, robot, run, row } = await stage();
    await campaigns().create(planOf(), 'ada');
    const [look] = await turn();
    const query = await settle(look!, robot.answer(look!.calls));
    await campaigns().stop('new-map', {}, 'bob');
    assert.equal(await settle(query!, robot.answer(query!.calls)), undefined);
    await run();
    assert.deepEqual([await row(), robot.executed], ['waiting: the campaign is stopped', []]);
  });

  it('skips a robot that has the update in use', async () => {
    const { campaigns, run, robot } = await stage();
    await campaigns().create(planOf(), 'ada');
    await run();
    await campaigns().create(planOf({ id: 'again' }), 'ada');
    await run();
    const [item] = (await campaigns().robots('again', {})).items;
    assert.deepEqual([item!.state, item!.reason], ['skipped', 'it has this release in use already']);
    assert.deepEqual(robot.executed, ['map-2']);
  });

  it('is refused without the artifact', async () => {
    const { campaigns } = await stage();
    await assert.rejects(campaigns().create(planOf({ artifact: 'map-3' }), 'ada'), /the hub has no artifact map-3/);
    assert.equal((await campaigns().list({})).total, 0);
  });
});
