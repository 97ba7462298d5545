import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import type { FleetCampaignDetail, FleetCampaignRobot, NewFleetCampaign } from '@medkit/contract';
import { systemFiles, systemWritableFiles } from '@medkit/edges/node';
import { artifactTar, packArtifact } from '@medkit/updates/artifact';
import { updateRobot } from '../../packages/resources/fleet/src/testing/update-robot.ts';
import { eventually } from '../harness/eventually.ts';
import { type LiveHub, startLiveHub } from './live/live-hub.ts';
import { type SimulatedApi, type SimulatedRobot, simulatedRobot } from './live/simulated-robot.ts';

const ROBOTS = 40;
/** Robots of the first campaign; the others are those of the second one. */
const GOOD = 20;
/** The robot that loses its link after `execute`. */
const CUT_OFF = 'r19';
/** Robots of the second campaign on which the update raises a fault. */
const BAD = ['r22', 'r23', 'r24', 'r25', 'r26', 'r27'];
const PATIENCE_MS = 240_000;

interface Updated {
  readonly robot: SimulatedRobot;
  readonly state: ReturnType<typeof updateRobot>;
}

const robots = new Map<string, Updated>();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'medkit-update-campaign-')));
let hub: LiveHub;
let kills = Promise.resolve();
/** Steps of the robot `r0` after which the hub was killed: it does not receive the reply. */
const killedAfter = new Set<string>();
/** The robot that is disconnected now, and its end of the connection. */
let cutOff: Updated['state'] | undefined;
let disconnected: Promise<void> | undefined;

/** Kills the hub and starts it again. The robots dial it immediately, without the delays after several short sessions. */
async function killHub(): Promise<void> {
  await hub.killAndStart();
  const connected = [...robots.values()].filter(({ state }) => state !== cutOff);
  await Promise.all(connected.map(({ robot }) => robot.disconnect()));
  for (const { robot } of connected) robot.connect();
}

/** Answers as a gateway that installs updates. */
const apiOf =
  (name: string): SimulatedApi =>
  async ({ method, path, key, contentRange }) => {
    if (path !== '/health' && !path.startsWith('/updates')) return undefined;
    const { robot, state } = robots.get(name)!;
    const [, first, last, total] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(contentRange ?? '') ?? [];
    const range = first === undefined ? {} : { range: { first: Number(first), last: Number(last) } };
    const archive = total === undefined ? {} : { archive: { sha256: '', total: Number(total), ...range } };
    const outcome = state.answer([{ method, path, key, ...archive } as never]);
    assert.ok(Array.isArray(outcome));
    const { status, code, body = {} } = outcome[0]!;
    const isExecute = path === '/updates/map-2/execute';
    if (isExecute && BAD.includes(name)) await robot.setFault('HOT', true);
    if (isExecute && name === CUT_OFF && !disconnected) {
      cutOff = state;
      disconnected = robot.disconnect();
    }
    const step = `${method} ${path} ${contentRange?.replace(/\d+-\d+/, 'part').replace(/\/\d+$/, '') ?? ''}`;
    if (name === 'r0' && !killedAfter.has(step)) {
      killedAfter.add(step);
      kills = kills.then(killHub);
      await kills;
    }
    const error = code === undefined ? body : { error_code: 'vendor-error', vendor_code: code, message: code };
    return { status, body: error };
  };

async function ask<Reply>(method: string, path: string, body?: object): Promise<Reply> {
  const { status, text } = await hub.ask(method, `/api/v1/x-medkit-fleet${path}`, body);
  assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
  return JSON.parse(text);
}
const campaign = (name: string) => ask<FleetCampaignDetail>('GET', `/campaigns/${name}`);
const robotsOf = async (name: string) =>
  (await ask<{ items: FleetCampaignRobot[] }>('GET', `/campaigns/${name}/robots?limit=100`)).items;
/** Waits for a condition; the hub may be killed meanwhile. */
const until = (what: string, isEnd: () => Promise<boolean>) =>
  eventually(what, () => isEnd().catch(() => false), PATIENCE_MS);

/** Packs the update, and sends it to the hub. Returns its size, and the digest of its manifest. */
async function sendUpdate() {
  writeFileSync(join(folder, 'map.bin'), randomBytes(2_500_000));
  const files = { ...systemFiles, ...systemWritableFiles };
  const { sha256: manifestSha256 } = await packArtifact({ folder, id: 'map-2', version: '2', target: 'robot', files });
  const archive = await buffer((await artifactTar(folder, systemFiles)).read(0));
  const sha256 = createHash('sha256').update(archive).digest('hex');
  const address = `${hub.url}/api/v1/x-medkit-fleet/artifacts/map-2?sha256=${sha256}`;
  const headers = { 'content-type': 'application/x-tar' };
  const response = await fetch(address, { method: 'PUT', headers, body: archive });
  assert.equal(response.status, 200, await response.text());
  return { bytes: archive.length, manifestSha256 };
}

before(async () => {
  hub = await startLiveHub();
  const update = await sendUpdate();
  const link = await hub.invite(ROBOTS);
  for (let n = 0; n < ROBOTS; n += 1) {
    const name = `r${n}`;
    const robot = await simulatedRobot(link, String(n), n, apiOf(name));
    robots.set(name, { robot, state: updateRobot({ gate: BAD.includes(name) ? 'bad' : 'good', update }) });
    robot.connect();
  }
  await eventually('all robots', async () => (await hub.online()) === ROBOTS, PATIENCE_MS);
});
after(async () => {
  await Promise.all([...robots.values()].map(({ robot }) => robot.close()));
  await hub?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const names = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => `r${from + n}`);
const planOf = (fields: Partial<NewFleetCampaign>): NewFleetCampaign => ({
  ...{ id: 'good', kind: 'update', artifact: 'map-2', targets: {}, waves: [], gate: { soak_sec: 1 } },
  ...fields,
});

suite('a campaign of an update on 40 robots', { timeout: 600_000 }, () => {
  test('installs it once on each robot, although the hub is killed after each step of one', async () => {
    await ask(
      'POST',
      '/campaigns',
      planOf({
        targets: { robots: names(0, GOOD) },
        waves: [{ robots: ['r0', 'r1'] }, { percent: 100 }],
        gate: { soak_sec: 1, max_failed: { percent: 50, least: 5 }, lost: 5 },
      }),
    );
    await until('the robot that is cut off', async () => disconnected !== undefined);
    await disconnected;
    const { state, robot } = robots.get(CUT_OFF)!;
    assert.equal(state.inUse, 'map-2');
    // No client confirmed the update: the robot undoes it, and returns.
    state.expireConfirmation();
    cutOff = undefined;
    robot.connect();
    await until('the end', async () => (await campaign('good')).state === 'done');
    for (const { robot: name, state: end, reason } of await robotsOf('good')) {
      const { executed, inUse } = robots.get(name)!.state;
      assert.deepEqual(executed, ['map-2'], name);
      const expected = name === CUT_OFF ? ['rolled_back', 'map-1'] : ['done', 'map-2'];
      assert.deepEqual([end, inUse], expected, `${name}: ${reason}`);
    }
    const steps = ['x-medkit-artifact bytes *', 'x-medkit-artifact bytes part', 'prepare ', 'status ', 'execute '];
    for (const step of [
      ...steps.map((each) => `/updates/map-2/${each}`),
      '/updates/map-2/x-medkit-confirm ',
      '/health ',
    ]) {
      assert.ok(
        [...killedAfter].some((each) => each.endsWith(step)),
        `${step}: ${[...killedAfter].join()}`,
      );
    }
  });

  test('stops at the faults in its second wave, rolls back, and leaves the third wave alone', async () => {
    await ask(
      'POST',
      '/campaigns',
      planOf({
        id: 'bad',
        targets: { robots: names(GOOD, ROBOTS) },
        waves: [{ robots: ['r20', 'r21'] }, { robots: [...BAD, 'r28', 'r29'] }, { percent: 100 }],
        limits: { in_progress: 4 },
        on_stop: 'roll_back_all',
      }),
    );
    await until('the stop', async () => (await campaign('bad')).state === 'stopped');
    const under = ['transferring', 'preparing', 'executing', 'confirming', 'soaking', 'rolling_back', 'done'];
    await until('the roll-back', async () => (await robotsOf('bad')).every(({ state }) => !under.includes(state)));
    const { waves, reason } = await campaign('bad');
    assert.match(reason!, /^gate\.(max_failed|new_issue)/);
    assert.equal(waves[2]!.opened_at, undefined);
    for (const { robot: name, wave, state } of await robotsOf('bad')) {
      const { executed, inUse, received } = robots.get(name)!.state;
      assert.equal(inUse, 'map-1', name);
      if (wave === 1) assert.deepEqual([state, executed], ['rolled_back', ['map-2', 'map-1']], name);
      if (wave === 2) assert.ok(executed.length <= (BAD.includes(name) ? 1 : 2), `${name}: ${executed.join()}`);
      if (wave === 3) assert.deepEqual([state, executed, received], ['selected', [], 0], name);
    }
    const harmed = BAD.filter((name) => robots.get(name)!.state.executed.length === 1);
    assert.ok(harmed.length >= 1 && harmed.length <= 4, harmed.join());
  });
});
