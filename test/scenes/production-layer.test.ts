import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { eventually } from '../harness/eventually.ts';
import {
  ACQUIRE_LOCK,
  CREATE_SUBSCRIPTION,
  CREATE_TRIGGER,
  DOWNLOAD_SPEC,
  EXECUTE_SCRIPT,
  GET_EXECUTION,
  GET_LOGS,
  OPEN_SWAGGER_UI,
  STREAM_SUBSCRIPTION,
  UPLOAD_SCRIPT,
} from './article-commands.ts';
import { curlShell } from './curl-shell.ts';
import { DemoScene } from './demo-scene.ts';

// biome-ignore lint/suspicious/noExplicitAny: assertions check the received data.
type Json = any;

const SECONDS_IN_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const PATIENCE_MS = 60_000;
const TRIGGER = '/apps/battery_monitor/triggers/trig_2';

/** A script that reports half of its progress and is slow with the rest. */
const CHECK_LIDAR_HEALTH = `#!/bin/sh
echo PROGRESS 50
sleep 6
echo '{"healthy": true, "rate_hz": 10}'
`;

describe('the article on release 0.4.0, typed as it is printed', { timeout: 280_000 }, () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'medkit-article-'));
  let demo: DemoScene;
  let shell: ReturnType<typeof curlShell>;

  const start = async () => {
    demo = await DemoScene.open(['--set', `data_dir=${dataFolder}`]);
    shell = curlShell(demo);
    await demo.waitForApps(['battery_monitor', 'lidar_driver', 'nav2_planner']);
  };
  const inject = async (scenario: string) => assert.equal((await demo.command('inject', scenario)).code, 0);
  const clear = async (scenario: string) => assert.equal((await demo.command('clear', scenario)).code, 0);

  before(start);
  after(async () => {
    await demo?.[Symbol.asyncDispose]();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('condition-based triggers: it fires below 22 V, survives kill -9, and fires again', async () => {
    const made = await shell.ask(CREATE_TRIGGER);
    assert.equal(made.status, 201);
    const { 'x-medkit': medkit, ...trigger } = made.body;
    assert.deepEqual(trigger, {
      // The demo has created one itself.
      id: 'trig_2',
      status: 'active',
      observed_resource: '/api/v1/apps/battery_monitor/data/voltage',
      event_source: `/api/v1${TRIGGER}/events`,
      protocol: 'sse',
      trigger_condition: { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22 },
      multishot: true,
      persistent: true,
      lifetime: 86_400,
    });
    assert.equal(medkit.fired_total, 0);

    const untilWatched = () =>
      eventually('a voltage has come', async () => (await demo.get(TRIGGER)).body['x-medkit'].problem === undefined);
    const follow = () => shell.follow(`curl http://robot-01:8080${trigger.event_source}`);
    const drained = async (stream: ReturnType<typeof follow>, number: string) => {
      await inject('battery');
      const { data } = await stream.event(`event ${number}`, ({ id }) => id === number);
      assert.ok(data.payload.data > 20 && data.payload.data < 22, `${data.payload.data} V`);
      assert.ok(Math.abs(Date.now() - Date.parse(data.timestamp)) < 10_000, data.timestamp);
      return data;
    };
    await untilWatched();
    await using first = follow();
    const delivered = await drained(first, '1');

    demo.medkit.killGroup();
    await first.ended;
    await demo[Symbol.asyncDispose]();
    await start();
    const { 'x-medkit': later, ...rest } = (await demo.get(TRIGGER)).body;
    assert.deepEqual(rest, trigger);
    assert.deepEqual([later.fired_total, later.expires], [1, medkit.expires]);
    await untilWatched();
    await using second = follow();
    assert.deepEqual(
      (await second.event('the first event', () => true)).data,
      delivered,
      'who was not there gets it now',
    );
    // The battery of the restarted robot is full: its voltage falls below the limit again from above.
    await eventually('22 V', async () => (await demo.read('battery_monitor', 'voltage')).data > 22);
    const { timestamp } = await drained(second, '2');
    assert.ok(Date.parse(timestamp) > Date.parse(delivered.timestamp), timestamp);
    await clear('battery');

    assert.equal((await demo.request('DELETE', TRIGGER)).status, 204);
    await second.ended;
  });

  it('remote diagnostic scripts: uploaded, executed, followed to their result', async () => {
    writeFileSync(join(demo.sandbox.folder, 'check_lidar_health.sh'), CHECK_LIDAR_HEALTH);
    const uploaded = await shell.ask(UPLOAD_SCRIPT);
    assert.deepEqual(
      [uploaded.status, uploaded.body.id, uploaded.body.name],
      [201, 'check_lidar_health', 'check_lidar_health.sh'],
    );
    const executed = await shell.ask(EXECUTE_SCRIPT);
    assert.deepEqual([executed.status, executed.body.id, executed.body.status], [202, 'exec_001', 'running']);

    const running = await eventually('it is half way', async () => {
      const { status, body } = await shell.ask(GET_EXECUTION);
      assert.equal(status, 200);
      return body.progress !== null && body;
    });
    const { started_at, 'x-medkit': medkit, ...execution } = running;
    assert.deepEqual(execution, { id: 'exec_001', status: 'running', progress: 50, completed_at: null });
    assert.match(started_at, SECONDS_IN_UTC);

    const ended = await eventually('it ends', async () => {
      const { body } = await shell.ask(GET_EXECUTION);
      return body.status !== 'running' && body;
    });
    assert.deepEqual(
      [ended.status, ended.progress, ended.started_at, ended.parameters],
      ['completed', 100, started_at, { healthy: true, rate_hz: 10 }],
    );
    assert.match(ended.completed_at, SECONDS_IN_UTC);
    assert.ok(Date.parse(ended.completed_at) > Date.parse(started_at));
  });

  it('resource locking: it closes the navigation to others, and ends by itself', async () => {
    const requestedMs = Date.now();
    const { status, body } = await shell.ask(ACQUIRE_LOCK);
    const { lock_expiration, ...lock } = body;
    const { id, owned, scopes } = lock;
    assert.deepEqual([status, id, owned, scopes], [201, 'lock_1', true, ['configurations']]);
    assert.match(lock_expiration, SECONDS_IN_UTC);
    const lastsMs = Date.parse(lock_expiration) - requestedMs;
    assert.ok(lastsMs > 298_000 && lastsMs < 310_000, `${lastsMs} ms`);

    const put = (path: string, client: string, data: object) =>
      shell.ask(
        `curl -X PUT http://robot-03:8080/api/v1${path} -H "Content-Type: application/json" -H "X-Client-Id: ${client}" -d '${JSON.stringify(data)}'`,
      );
    const spacing = '/apps/nav2_planner/configurations/path_spacing';
    const write = (client: string, data: number) => put(spacing, client, { data });
    const read = async () => (await demo.get(spacing)).body.data;
    await eventually('its parameters', async () => (await read()) === 0.25);
    const refused = await write('engineer-bob', 0.5);
    assert.deepEqual(
      [refused.status, refused.body],
      [
        409,
        {
          error_code: 'lock-broken',
          message: `Locked by another client: component navigation has lock_1, held by engineer-alice until ${lock_expiration}`,
          parameters: {
            ...{ entity_id: 'nav2_planner', collection: 'configurations', lock_id: 'lock_1' },
            ...{ holder: 'engineer-alice', lock_expiration },
          },
        },
      ],
    );
    assert.equal(await read(), 0.25);
    assert.equal((await write('engineer-alice', 0.75)).status, 200);
    assert.equal(await read(), 0.75);

    assert.equal(
      (await put('/components/navigation/locks/lock_1', 'engineer-alice', { lock_expiration: 1 })).status,
      204,
    );
    await eventually('Bob may write', async () => (await write('engineer-bob', 0.5)).status === 200);
    assert.equal(await read(), 0.5);
    assert.deepEqual((await demo.get('/components/navigation/locks')).body.items, []);
  });

  it('log endpoints: the warnings of a planner that finds no way', async () => {
    const warnings = async () => {
      const { status, body } = await shell.ask(GET_LOGS);
      assert.equal(status, 200);
      return body.items as readonly Json[];
    };
    const before = (await warnings()).length;
    await inject('obstacle');
    const items = await eventually(
      'the planner warns',
      async () => {
        const found = await warnings();
        return found.length > before && found;
      },
      PATIENCE_MS,
    );
    for (const { timestamp, level, message, logger_name } of items) {
      assert.deepEqual(
        [level, message, logger_name],
        ['WARNING', 'Planning failed: start pose outside global costmap bounds', '/nav2_planner'],
      );
      assert.ok(Math.abs(Date.now() - Date.parse(timestamp)) < 280_000, timestamp);
    }
    const newest = items.at(-1);
    for (const whole of ['/components/navigation', '/areas/autonomy', '/functions/navigation']) {
      const { body } = await demo.get(`${whole}/logs?severity=warning`);
      assert.ok(
        body.items.some(({ id }: Json) => id === newest.id),
        `${whole} has it as well`,
      );
    }
    await clear('obstacle');
  });

  it('multi-collection SSE: the faults of a component as they come and go', async () => {
    const { status, body } = await shell.ask(CREATE_SUBSCRIPTION);
    assert.deepEqual(
      [status, body],
      [
        201,
        {
          id: 'sub_001',
          observed_resource: '/api/v1/components/lidar_driver/faults',
          event_source: '/api/v1/components/lidar_driver/cyclic-subscriptions/sub_001/events',
          protocol: 'sse',
          interval: 'normal',
        },
      ],
    );
    await using stream = shell.follow(STREAM_SUBSCRIPTION);
    const codesIn = ({ payload }: Json) => payload.faults.map(({ fault_code }: Json) => fault_code);
    await stream.event('a robot without faults', ({ data }) => codesIn(data).length === 0);
    await inject('obstacle');
    const { data } = await stream.event('a fault', ({ data }) => codesIn(data).length > 0);
    assert.deepEqual(codesIn(data), ['LIDAR_DRIVER_PROTECTIVE_FIELD']);
    assert.ok(Math.abs(Date.now() - Date.parse(data.timestamp)) < 10_000, data.timestamp);
    await clear('obstacle');
  });

  it('OpenAPI 3.1: the Swagger UI opens, and the downloaded document has every endpoint of the article', async () => {
    const page = await shell.type(OPEN_SWAGGER_UI);
    assert.equal(page.status, 200);
    assert.match(page.text, /<!DOCTYPE html>.*swagger-ui/s);
    assert.equal((await shell.type(DOWNLOAD_SPEC)).status, 200);
    const spec = JSON.parse(readFileSync(join(demo.sandbox.folder, 'ros2_medkit_api.json'), 'utf8'));
    assert.match(spec.openapi, /^3\.1\.\d+$/);
    const { valid, errors } = await new Validator().validate(structuredClone(spec));
    assert.ok(valid, JSON.stringify(errors));
    const operationIds = [
      spec.paths['/apps/{app_id}/triggers'].post,
      spec.paths['/apps/{app_id}/triggers/{trigger_id}/events'].get,
      spec.paths['/apps/{app_id}/scripts'].post,
      spec.paths['/apps/{app_id}/scripts/{script_id}/executions'].post,
      spec.paths['/apps/{app_id}/scripts/{script_id}/executions/{execution_id}'].get,
      spec.paths['/components/{component_id}/locks'].post,
      spec.paths['/apps/{app_id}/logs'].get,
      spec.paths['/components/{component_id}/cyclic-subscriptions'].post,
      spec.paths['/components/{component_id}/cyclic-subscriptions/{subscription_id}/events'].get,
    ].map(({ operationId }) => operationId);
    assert.deepEqual(operationIds, [
      'createAppTrigger',
      'streamAppTriggerEvents',
      'uploadAppScript',
      'startAppScriptExecution',
      'getAppScriptExecution',
      'acquireComponentLock',
      'listAppLogs',
      'createComponentSubscription',
      'streamComponentSubscriptionEvents',
    ]);
  });
});
