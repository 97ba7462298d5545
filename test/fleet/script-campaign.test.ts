import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import type { FleetCampaignRobot, NewFleetCampaign } from '@medkit/contract';
import { eventually } from '../harness/eventually.ts';
import { type LiveHub, startLiveHub } from './live/live-hub.ts';
import { type SimulatedApi, type SimulatedRobot, simulatedRobot } from './live/simulated-robot.ts';

const ROBOTS = 5;
const TEXT = '#!/bin/sh\necho "alles gut: größe 1"\n';
const SHA256 = createHash('sha256').update(TEXT).digest('hex');
const SCRIPTS = '/apps/lidar/scripts';
/** This robot has the script before the campaign, and the script does not end on that one. */
const [WITH_SCRIPT, WITHOUT_END] = ['r0', 'r3'];

type Request = Parameters<SimulatedApi>[0];
type Answer = Awaited<ReturnType<SimulatedApi>>;
/** Requests to each of which the first robot answers only after the hub was killed. */
const KILLED_AT = new Set(['find', 'upload', 'run', 'follow', 'end']);

/** A robot with the scripts of one app, which executes each key once. */
interface Scripted {
  readonly robot: SimulatedRobot;
  readonly scripts: Map<string, string>;
  /** Parameters of the executions that were started. */
  readonly started: unknown[];
  readonly replies: Map<string, Answer>;
  uploads: number;
  ended: number;
}

const robots = new Map<string, Scripted>();
let hub: LiveHub;
let kills = Promise.resolve();
let killed = 0;

const nameOf = ({ method, path }: Request): string => {
  if (path === SCRIPTS) return 'upload';
  if (path.endsWith('/executions')) return 'run';
  if (!path.includes('/executions/')) return 'find';
  return method === 'PUT' ? 'end' : 'follow';
};

const described = (id: string, sha256: string) => ({ id, name: `${id}.sh`, 'x-medkit': { sha256, language: 'sh' } });

function execute(name: string, request: Request): Answer {
  const scripted = robots.get(name)!;
  const [, id = ''] = /\/scripts\/([^/]+)/.exec(request.path) ?? [];
  switch (nameOf(request)) {
    case 'find': {
      const sha256 = scripted.scripts.get(id);
      if (sha256 !== undefined) return { status: 200, body: described(id, sha256) };
      return { status: 404, body: { error_code: 'resource-not-found', message: `Script "${id}" not found` } };
    }
    case 'upload': {
      const [, file = '', text = ''] = /filename="([^"]+)"[\s\S]*?\r\n\r\n([\s\S]*?)\r\n--/.exec(request.body) ?? [];
      const stem = file.replace(/\.sh$/, '');
      const free = scripted.scripts.has(stem) ? `${stem}_2` : stem;
      const sha256 = createHash('sha256').update(text).digest('hex');
      scripted.uploads += 1;
      scripted.scripts.set(free, sha256);
      return { status: 201, body: described(free, sha256) };
    }
    case 'run':
      scripted.started.push(JSON.parse(request.body).parameters);
      return { status: 202, body: { id: `exec_00${scripted.started.length}`, status: 'running' } };
    case 'end':
      scripted.ended += 1;
      return { status: 200, body: {} };
    default: {
      if (name === WITHOUT_END && scripted.ended === 0) return { status: 200, body: { status: 'running' } };
      const [status, exit] = name === WITHOUT_END ? ['terminated', 143] : ['completed', 0];
      const details = { exit_code: exit, stdout: `${name} is good`, stderr: '', sha256: SHA256 };
      return { status: 200, body: { status, 'x-medkit': details } };
    }
  }
}

const apiOf =
  (name: string): SimulatedApi =>
  async (request) => {
    if (!request.path.startsWith(SCRIPTS)) return undefined;
    const { method, key } = request;
    const { replies } = robots.get(name)!;
    assert.equal(key !== undefined, method === 'PUT' || request.path.endsWith('/executions'), request.path);
    const answer = (key !== undefined && replies.get(key)) || execute(name, request);
    if (key !== undefined) replies.set(key, answer);
    if (KILLED_AT.delete(nameOf(request))) {
      killed += 1;
      kills = kills.then(() => hub.killAndStart());
      await kills;
    }
    return answer;
  };

async function ask<Reply>(method: string, path: string, body?: object): Promise<Reply> {
  const { status, text } = await hub.ask(method, `/api/v1/x-medkit-fleet${path}`, body);
  assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
  return JSON.parse(text);
}

before(async () => {
  hub = await startLiveHub();
  const link = await hub.invite(ROBOTS);
  for (let n = 0; n < ROBOTS; n += 1) {
    const name = `r${n}`;
    const robot = await simulatedRobot(link, String(n), n, apiOf(name));
    const scripts = new Map(name === WITH_SCRIPT ? [['check_lidar', SHA256]] : []);
    robots.set(name, { robot, scripts, started: [], replies: new Map(), uploads: 0, ended: 0 });
    robot.connect();
  }
  await eventually('all robots', async () => (await hub.online()) === ROBOTS);
});
after(async () => {
  await Promise.all([...robots.values()].map(({ robot }) => robot.close()));
  await hub?.[Symbol.asyncDispose]();
});

suite('a campaign of a script on 5 robots', { timeout: 240_000 }, () => {
  const plan: NewFleetCampaign = {
    ...{ id: 'lidar-check', kind: 'script', targets: { robots: [...Array(ROBOTS).keys()].map((n) => `r${n}`) } },
    script: { entity: 'apps/lidar', name: 'check_lidar.sh', text: TEXT, parameters: { beams: 16 }, timeout_sec: 5 },
    ...{ waves: [{ percent: 100 }], gate: { soak_sec: 0, max_failed: { percent: 100, least: 10 } } },
  };

  test('runs it once on each robot, although the hub is killed at each step', async () => {
    await ask('POST', '/campaigns', plan);
    const states = async () =>
      (await ask<{ items: FleetCampaignRobot[] }>('GET', '/campaigns/lidar-check/robots')).items;
    await eventually(
      'the end on all robots',
      async () => (await states()).every(({ state }) => state === 'done' || state === 'failed'),
      180_000,
    );
    await kills;
    assert.deepEqual([killed, [...KILLED_AT]], [5, []]);
    for (const { robot: name, state, reason, result } of await states()) {
      const { started, uploads, scripts, ended } = robots.get(name)!;
      const script = 'check_lidar';
      assert.deepEqual(started, [{ beams: 16 }], name);
      assert.deepEqual([...scripts], [[script, SHA256]], name);
      assert.equal(uploads, name === WITH_SCRIPT ? 0 : 1, name);
      const expected = { script, execution: 'exec_001', stdout: `${name} is good` };
      if (name === WITHOUT_END) {
        assert.deepEqual([state, reason], ['failed', 'it did not end within 5 s, and was ended']);
        assert.deepEqual(result, { ...expected, exit_code: 143 });
        assert.equal(ended, 1);
      } else {
        assert.deepEqual([state, reason, ended], ['done', undefined, 0]);
        assert.deepEqual(result, { ...expected, exit_code: 0 });
      }
    }
  });
});
