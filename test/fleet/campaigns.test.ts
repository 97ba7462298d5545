import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { FleetCampaignDetail, FleetCampaignRobot, NewFleetCampaign } from '@medkit/contract';
import { eventually } from '../harness/eventually.ts';
import { type LiveHub, startLiveHub } from './live/live-hub.ts';
import { type SimulatedApi, type SimulatedRobot, simulatedRobot } from './live/simulated-robot.ts';

const ROBOTS = 40;
/** Changes after which the hub is killed: the robot has executed them, and the hub does not receive the reply. */
const KILLED_AFTER = [1, 6];
/** Robots of the second wave that the bad value harms. */
const HARMED = 3;
const PATH = '/apps/app_1/configurations/speed';

/** A robot with one configuration, which executes each key once. */
interface Configured {
  readonly robot: SimulatedRobot;
  speed: number;
  /** Keys in the order of their execution, each time that one is executed. */
  readonly executed: string[];
  /** Number of requests with a key that was executed before. */
  repeated: number;
}

const robots = new Map<string, Configured>();
let hub: LiveHub;
let changes = 0;
let kills = Promise.resolve();
const harmed = new Set<string>();

/** Answers as a gateway does. The bad value raises a fault on some robots, which the value before heals. */
const apiOf =
  (name: string): SimulatedApi =>
  async ({ method, path, key, body }) => {
    if (path !== PATH) return undefined;
    const configured = robots.get(name)!;
    const answer = { status: 200, body: { id: 'speed', data: configured.speed } };
    if (method === 'GET') return answer;
    assert.ok(key);
    if (configured.executed.includes(key)) {
      configured.repeated += 1;
      return answer;
    }
    configured.executed.push(key);
    configured.speed = JSON.parse(body).data;
    changes += 1;
    if (KILLED_AFTER.includes(changes)) {
      kills = kills.then(() => hub.killAndStart());
      await kills;
    }
    const isBad = configured.speed !== 1 && !['r0', 'r1'].includes(name) && (harmed.has(name) || harmed.size < HARMED);
    if (isBad) harmed.add(name);
    if (harmed.has(name)) await configured.robot.setFault('DRIFT', isBad);
    return answer;
  };

async function ask<Reply>(method: string, path: string, body?: object): Promise<Reply> {
  const { status, text } = await hub.ask(method, `/api/v1/x-medkit-fleet${path}`, body);
  assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
  return JSON.parse(text);
}
const campaign = () => ask<FleetCampaignDetail>('GET', '/campaigns/slower');
const states = async () =>
  (await ask<{ items: FleetCampaignRobot[] }>('GET', '/campaigns/slower/robots?limit=100')).items;

before(async () => {
  hub = await startLiveHub();
  const link = await hub.invite(ROBOTS);
  for (let n = 0; n < ROBOTS; n += 1) {
    const robot = await simulatedRobot(link, String(n), n, apiOf(`r${n}`));
    robots.set(`r${n}`, { robot, speed: 1, executed: [], repeated: 0 });
    robot.connect();
  }
  await eventually('all robots', async () => (await hub.online()) === ROBOTS);
});
after(async () => {
  await Promise.all([...robots.values()].map(({ robot }) => robot.close()));
  await hub?.[Symbol.asyncDispose]();
});

suite('a campaign on 40 robots', { timeout: 240_000 }, () => {
  const plan: NewFleetCampaign = {
    id: 'slower',
    kind: 'configuration',
    changes: [{ entity: 'apps/app_1', parameter: 'speed', from: 1, to: 0.4 }],
    targets: { group: 'all' },
    waves: [{ robots: ['r0', 'r1'] }, { percent: 30 }, { percent: 100 }],
    limits: { in_progress: 4 },
    gate: { soak_sec: 4 },
    on_stop: 'roll_back_all',
  };

  test('is tried without an effect', async () => {
    await ask('POST', '/groups', { id: 'all' });
    await robots.get('r39')!.robot.disconnect();
    await eventually('its absence', async () => (await hub.online()) === ROBOTS - 1);
    const { state, waves, not_fulfilled } = await ask<FleetCampaignDetail>('POST', '/campaigns', {
      ...plan,
      dry_run: true,
    });
    assert.deepEqual([state, waves.map(({ robots: count }) => count)], ['planned', [2, 10, 28]]);
    assert.deepEqual(
      not_fulfilled?.map(({ robot, reason }) => [robot, reason]),
      [['r39', 'the robot is offline']],
    );
    assert.equal(changes, 0);
  });

  test('stops at the new fault on robots of its second wave and rolls back, although the hub is killed', async () => {
    await ask('POST', '/campaigns', plan);
    await eventually('the stop', async () => (await campaign()).state === 'stopped', 120_000);
    await eventually(
      'the roll-back',
      async () => {
        const under = ['preparing', 'executing', 'soaking', 'rolling_back', 'done'];
        return (await states()).every(({ state }) => !under.includes(state));
      },
      120_000,
    );
    const { reason, waves } = await campaign();
    assert.match(reason!, /^gate\.new_issue: DRIFT .*occurs on [23] robots, and did not without the change$/);
    assert.equal(waves[2]!.opened_at, undefined);
    const found = await states();
    for (const { robot, wave, state } of found) {
      const { executed, speed } = robots.get(robot)!;
      assert.equal(speed, 1, robot);
      if (wave === 1) assert.equal(state, 'rolled_back');
      if (wave === 3) assert.deepEqual([state, executed], ['selected', []]);
      // A change and its roll-back, each once: nothing was executed twice.
      if (state === 'rolled_back')
        assert.deepEqual(
          executed.map((key) => key.split('.')[2]),
          ['write1', 'restore1'],
        );
      else assert.deepEqual(executed, [], robot);
    }
    assert.ok(found.filter(({ wave, state }) => wave === 2 && state === 'rolled_back').length >= 2);
    assert.equal(changes >= Math.max(...KILLED_AFTER), true);
    const repeated = [...robots.values()].reduce((sum, each) => sum + each.repeated, 0);
    assert.ok(repeated >= KILLED_AFTER.length, `${repeated} requests were sent again`);
    await eventually('the healed fault', async () => (await ask<{ total: number }>('GET', '/faults')).total === 0);
  });

  test('does not change a robot that returns later', async () => {
    const { robot, executed } = robots.get('r39')!;
    robot.connect();
    await eventually('its return', async () => (await hub.online()) === ROBOTS);
    assert.deepEqual(executed, []);
    const { states: counts } = await ask<FleetCampaignDetail>('POST', '/campaigns/slower/cancel');
    assert.ok((counts.rolled_back ?? 0) >= 4);
    await eventually('the cancelled robots', async () => {
      const { states: now } = await campaign();
      return (now.cancelled ?? 0) + (now.rolled_back ?? 0) === ROBOTS;
    });
    assert.deepEqual(executed, []);
  });
});
