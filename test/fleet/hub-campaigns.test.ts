import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import type { FleetCampaignRobot } from '@medkit/contract';
import { SimulatedPrograms } from '@medkit/edges/testing';
import { eventually } from '../harness/eventually.ts';
import { startProgram } from '../harness/program.ts';
import { type RobotOfHubOptions, robotOfHub } from './robot-of-hub.ts';

const GUIDE = join(import.meta.dirname, '..', '..', 'docs', 'guides', 'hub.md');
/** Time for which a script runs. */
const RUN_MS = 50;
const RATE = '/apps/lidar/configurations/rate';

suite('campaigns on the gateway of a robot', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-campaigns-'));
  let scene: Awaited<ReturnType<typeof robotOfHub>>;
  before(async () => {
    scene = await robotOfHub();
    await scene.hub.fleet('POST', '/groups', { id: 'amr-200' });
  });
  after(async () => {
    await scene.close();
    rmSync(folder, { recursive: true });
  });

  const medkit = async (...args: readonly string[]) => {
    const program = startProgram(['fleet', 'campaigns', ...args, '--url', scene.hub.url], { cwd: folder });
    return { code: await program.ended, output: program.output() };
  };
  const api = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${scene.direct}/api/v1${path}`, init);
    return { status: response.status, body: (await response.json()) as { readonly data?: unknown } };
  };
  const rate = async () => (await api(RATE)).body.data;
  const robotIn = async (campaign: string): Promise<FleetCampaignRobot> =>
    (await scene.hub.fleet('GET', `/campaigns/${campaign}/robots`)).json().items[0];
  const inState = (campaign: string, state: string) =>
    eventually(`${campaign} ${state}`, async () => {
      const robot = await robotIn(campaign);
      return robot.state === state && robot;
    });
  const planOf = (fields: object) => ({
    ...{ kind: 'configuration', targets: { robots: ['amr-17'] }, waves: [{ percent: 100 }] },
    ...{ changes: [{ entity: 'apps/lidar', parameter: 'rate', to: 5 }], gate: { soak_sec: 0 } },
    ...fields,
  });

  test('run the plan of the guide, and roll it back, with the commands of the guide', async () => {
    const [, plan = ''] = /```yaml\n( *id: lidar-at-9-hz\n[\s\S]*?)```/.exec(readFileSync(GUIDE, 'utf8')) ?? [];
    writeFileSync(join(folder, 'slower.yaml'), plan.replaceAll(/^ {3}/gm, ''));
    const tried = await medkit('create', 'slower.yaml', '--dry-run');
    assert.match(tried.output, /lidar-at-9-hz \(configuration\) is planned/);
    assert.match(tried.output, /SITE +ROBOTS +CHANGE NOW +AT A TIME[^\n]*\n +1 +0 +1\b/);
    assert.match((await medkit()).output, /no campaigns/);
    const created = await medkit('create', 'slower.yaml');
    assert.equal(created.code, 0, created.output);
    await inState('lidar-at-9-hz', 'soaking');
    assert.equal(await rate(), 9);
    assert.match((await medkit()).output, /lidar-at-9-hz +configuration +running +1 +1 soaking/);
    assert.match((await medkit('show', 'lidar-at-9-hz')).output, /amr-17 +1 +soaking/);
    const stopped = await medkit('stop', 'lidar-at-9-hz', '--roll-back', 'all', '--reason', 'it drifts');
    assert.match(stopped.output, /is stopped: it drifts/);
    await inState('lidar-at-9-hz', 'rolled_back');
    assert.equal(await rate(), 1);
    assert.match((await medkit('cancel', 'lidar-at-9-hz')).output, /is cancelled/);
    const refused = await medkit('approve', 'lidar-at-9-hz');
    assert.match(refused.output, /needs no approval: it has no gate\.approval/);
    assert.notEqual(refused.code, 0);
  });

  test('name the member of a plan that is wrong', async () => {
    const refusals: readonly (readonly [object, RegExp])[] = [
      [{ limits: { start_after: '22:00' } }, /limits\.start_after: a campaign has no such member/],
      [{ kind: 'reboot' }, /kind/],
      [{ kind: 'update' }, /artifact: a campaign of the kind update needs it/],
      [{ kind: 'update', changes: undefined, artifact: 'map-9' }, /artifact: the hub has no artifact map-9/],
      [{ waves: [{ percent: 120 }] }, /waves\[0\]\.percent/],
      [{ conditions: ['apps/lidar/data/scan'] }, /conditions\[0\], character 1: expected a comparison/],
      [{ conditions: Array(11).fill('no lock') }, /conditions/],
      [{ conditions: [`apps/lidar/data/${'x'.repeat(256)} == 1`] }, /conditions/],
      [{ targets: { robots: ['amr-99'] } }, /targets\.robots: amr-99 is no approved robot/],
      [{ changes: [{ entity: 'lidar', parameter: 'rate', to: 1 }] }, /changes\[0\]\.entity/],
    ];
    for (const [fields, message] of refusals) {
      const { status, text } = await scene.hub.fleet('POST', '/campaigns', { id: 'wrong', ...planOf(fields) });
      assert.equal(status, 400, text);
      assert.match(text, message);
    }
    assert.equal((await scene.hub.fleet('GET', '/campaigns/wrong')).status, 404);
  });

  test('wait for the conditions of the robot, and go on when they are fulfilled', async () => {
    const headers = { 'content-type': 'application/json', 'x-client-id': 'ada' };
    const body = JSON.stringify({ lock_expiration: 60, scopes: ['data'] });
    const lock = await api('/apps/lidar/locks', { method: 'POST', headers, body });
    const { id } = lock.body as { readonly id: string };
    assert.equal(lock.status, 201);
    const conditions = ['apps/lidar/data/scan/n == 0', 'no lock', 'no execution'];
    const plan = planOf({ conditions });
    writeFileSync(join(folder, 'free.json'), JSON.stringify({ id: 'free', ...plan }));
    const tried = await medkit('create', 'free.json', '--dry-run');
    assert.match(tried.output, /condition of each robot: apps\/lidar\/data\/scan\/n == 0\n.*: no lock\n/);
    await scene.hub.fleet('POST', '/campaigns', { id: 'free', ...plan });
    assert.equal(
      (await inState('free', 'waiting')).reason,
      'the condition no lock is not fulfilled: app lidar is locked by ada',
    );
    assert.equal(await rate(), 1);
    await scene.hub.fleet('POST', '/campaigns/free/cancel');
    const other = ['apps/lidar/data/scan/n > 0'];
    await scene.hub.fleet('POST', '/campaigns', { id: 'above', ...planOf({ conditions: other }) });
    assert.equal(
      (await inState('above', 'waiting')).reason,
      `the condition ${other[0]} is not fulfilled: the value is 0`,
    );
    await scene.hub.fleet('POST', '/campaigns/above/cancel');
    assert.equal(
      (await fetch(`${scene.direct}/api/v1/apps/lidar/locks/${id}`, { method: 'DELETE', headers })).status,
      204,
    );
    await scene.hub.fleet('POST', '/campaigns', { id: 'fulfilled', ...plan });
    await inState('fulfilled', 'done');
    assert.equal(await rate(), 5);
    await api(RATE, { method: 'PUT', headers, body: JSON.stringify({ data: 1 }) });
  });

  test('wait for a lock of the robot, and skip a robot with another value', async () => {
    const lock = await api('/apps/lidar/locks', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-client-id': 'ada' },
      body: JSON.stringify({ lock_expiration: 60, scopes: ['configurations'] }),
    });
    assert.equal(lock.status, 201);
    await scene.hub.fleet('POST', '/campaigns', { id: 'locked', ...planOf({}) });
    const { attempt, reason, state } = await eventually('the refusal', async () => {
      const robot = await robotIn('locked');
      return robot.attempt === 2 && robot;
    });
    assert.deepEqual([state, attempt], ['executing', 2]);
    assert.match(reason!, /^the robot answered 409: .*lock/);
    await scene.hub.fleet('POST', '/campaigns/locked/cancel');
    const changes = [{ entity: 'apps/lidar', parameter: 'rate', from: 3, to: 5 }];
    await scene.hub.fleet('POST', '/campaigns', { id: 'other', ...planOf({ changes }) });
    const waiting = await inState('other', 'waiting');
    assert.equal(waiting.reason, 'another campaign changes the robot');
    assert.equal(await rate(), 1);
  });

  test('send a request to each robot, and fail by a refusal', async () => {
    const request = { kind: 'request', changes: undefined };
    const clear = { ...request, request: { method: 'DELETE', path: '/apps/lidar/faults' } };
    assert.equal((await scene.hub.fleet('POST', '/campaigns', { id: 'clear', ...planOf(clear) })).status, 201);
    await inState('clear', 'done');
    const missing = { ...request, request: { method: 'DELETE', path: '/apps/lidar/faults/NO_SUCH_FAULT' } };
    await scene.hub.fleet('POST', '/campaigns', { id: 'missing', ...planOf(missing) });
    const { reason } = await inState('missing', 'failed');
    assert.match(reason!, /^the robot answered 404/);
    await eventually(
      'the stop',
      async () => (await scene.hub.fleet('GET', '/campaigns/missing')).json().state === 'stopped',
    );
    const records = await eventually('the audit record', async () => {
      const { items } = (await scene.hub.call('GET', '/api/v1/x-medkit-audit?fault_code=__campaign__')).json();
      return items.length > 0 && items;
    });
    const [{ fault }] = records;
    assert.deepEqual(
      [records.length, fault.transition, fault.source_id, fault.status],
      [1, 'campaign_stopped', 'fleet_hub', 'STOPPED'],
    );
    assert.match(
      fault.description,
      /^missing: the gate stopped the campaign, on_stop hold\. gate\.max_failed: 1 of 1 /,
    );
  });
});

suite('a campaign of a script on the gateway of a robot', { timeout: 60_000 }, () => {
  const [, PLAN = ''] = /```yaml\n( *id: lidar-check\n[\s\S]*?)```/.exec(readFileSync(GUIDE, 'utf8')) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'medkit-campaigns-'));
  after(() => rmSync(folder, { recursive: true }));

  /** A robot whose scripts write a line, and end with this code. */
  const sceneOf = async (t: TestContext, exitCode: number, settings: RobotOfHubOptions['settings'] = {}) => {
    const programs = new SimulatedPrograms();
    programs.onStart = (program) => {
      setTimeout(() => {
        program.write(`beams: ${program.start.environment['MEDKIT_PARAM_BEAMS']}\n`);
        program.exit(exitCode);
      }, RUN_MS);
    };
    const programHost = { programs, environment: { PATH: '/bin', LANG: 'C' }, isRoot: false };
    const scene = await robotOfHub({ settings, robot: { parts: { programHost } } });
    t.after(scene.close);
    await scene.hub.fleet('POST', '/groups', { id: 'amr-200' });
    writeFileSync(join(folder, 'check.yaml'), PLAN);
    const medkit = async (...args: readonly string[]) => {
      const program = startProgram(['fleet', 'campaigns', ...args, '--url', scene.hub.url], { cwd: folder });
      await program.ended;
      return program.output();
    };
    assert.match(await medkit('create', 'check.yaml'), /lidar-check \(script\) is running/);
    const robot = await eventually('the end', async () => {
      const [item] = (await scene.hub.fleet('GET', '/campaigns/lidar-check/robots')).json().items;
      return ['done', 'failed'].includes(item.state) && (item as FleetCampaignRobot);
    });
    return { ...scene, programs, medkit, ended: robot };
  };

  test('runs the plan of the guide, and stores the result', async (t) => {
    const { hub, direct, programs, medkit, ended } = await sceneOf(t, 0);
    const result = { script: 'check_lidar', execution: 'exec_001', exit_code: 0, stdout: 'beams: 16\n' };
    assert.deepEqual([ended.state, ended.result], ['done', result]);
    assert.equal(programs.started.length, 1);
    assert.match(await medkit('show', 'lidar-check'), /amr-17 .* done .* beams: 16/);
    const stored = (await (await fetch(`${direct}/api/v1/apps/lidar/scripts/check_lidar`)).json()) as {
      readonly 'x-medkit': { readonly sha256: string };
    };
    const { plan } = (await hub.fleet('GET', '/campaigns/lidar-check')).json();
    assert.equal(plan.script.sha256, stored['x-medkit'].sha256);
    const stop = await hub.fleet('POST', '/campaigns/lidar-check/stop', { roll_back: 'roll_back_all' });
    assert.deepEqual(
      [stop.status, stop.json().message],
      [409, 'A script cannot be rolled back: stop the campaign with hold'],
    );
    const back = await hub.fleet('POST', '/campaigns', { ...plan, id: 'back', on_stop: 'roll_back_wave' });
    assert.match(back.text, /on_stop: a script cannot be rolled back: use hold/);
  });

  test('fails on a robot on which the script fails', async (t) => {
    const { ended } = await sceneOf(t, 3);
    assert.deepEqual([ended.state, ended.result?.exit_code, ended.result?.stdout], ['failed', 3, 'beams: 16\n']);
    assert.match(ended.reason!, /^the script failed: .*3/);
  });

  test('fails with the remedy on a robot that permits no uploads', async (t) => {
    const { ended, programs } = await sceneOf(t, 0, { scripts: { allow_uploads: false } });
    assert.equal(ended.state, 'failed');
    assert.match(
      ended.reason!,
      /^the script cannot be stored on the robot: .*400: .*set scripts\.allow_uploads on the robot/,
    );
    assert.deepEqual([ended.result, programs.started], [undefined, []]);
  });
});
