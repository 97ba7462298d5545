import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ManagedScript, ScriptProvider } from '@medkit/core';
import { SimulatedPrograms } from '@medkit/edges/testing';
import type { GatewayServerOptions } from '../gateway-server.ts';
import { testGateway } from '../testing/test-gateway.ts';
import { type FormPart, uploadForm } from '../testing/upload-form.ts';

const LIDAR = '/api/v1/apps/lidar_driver/scripts';
const CHECK = `${LIDAR}/check_lidar_health`;
const FIRST = `${CHECK}/executions/exec_001`;
const NOW = { execution_type: 'now' };
const SCRIPT: FormPart = { name: 'file', filename: 'check_lidar_health.sh', content: 'echo fine\n' };

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

async function setUp(
  changes: Parameters<typeof testGateway>[0] = {},
  parts: Partial<GatewayServerOptions> = {},
  scripts?: ScriptProvider,
) {
  const programs = new SimulatedPrograms();
  programs.onStart = (program) => {
    program.onSignal = () => program.exit(143);
  };
  const programHost = { programs, environment: { PATH: '/bin', LANG: 'C' }, isRoot: false };
  const gateway = await testGateway(changes, undefined, scripts && { scripts }, { programHost, ...parts });
  const { app } = gateway;
  const ask = async (method: Method, url: string, body?: object, client?: string) => {
    const headers = { host: 'localhost', ...(client !== undefined && { 'x-client-id': client }) };
    const reply = await app.inject({ method, url, headers, ...(body && { payload: body }) });
    const { error_code, vendor_code } = reply.body === '' ? {} : reply.json();
    return { reply, status: reply.statusCode, code: vendor_code ?? error_code, body: reply.body && reply.json() };
  };
  const upload = (...more: readonly FormPart[]) => uploadForm(app, LIDAR, [SCRIPT, ...more]);
  const start = () => ask('POST', `${CHECK}/executions`, NOW);
  const last = () => programs.started.at(-1)!;
  return { ...gateway, programs, ask, upload, start, last };
}

describe('scripts over HTTP', () => {
  it('are uploaded, run and followed as the article of release 0.4.0 describes', async () => {
    const { app, ask, upload, start, last, clock } = await setUp();
    const uploaded = await upload();
    assert.deepEqual([uploaded.statusCode, uploaded.headers.location], [201, CHECK]);
    const { 'x-medkit': about, ...identity } = uploaded.json();
    assert.deepEqual(identity, { id: 'check_lidar_health', name: 'check_lidar_health.sh' });
    assert.match(about.sha256, /^[0-9a-f]{64}$/);

    const started = await start();
    assert.deepEqual([started.status, started.reply.headers.location], [202, FIRST]);
    last().write('PROGRESS 50\n');
    const running = (await ask('GET', FIRST)).body;
    const { 'x-medkit': more, ...fields } = running;
    assert.deepEqual(fields, {
      id: 'exec_001',
      status: 'running',
      progress: 50,
      started_at: '2026-01-01T00:00:00Z',
      completed_at: null,
    });
    assert.deepEqual([more.sha256, more.runner], [about.sha256, 'plain']);

    clock.advance(2500);
    last().write('{"beams": 16}');
    last().exit(0);
    await clock.advanceAsync(1);
    const { body: ended } = await ask('GET', FIRST);
    assert.deepEqual(
      [ended.status, ended.progress, ended.completed_at, ended.parameters, ended.error],
      ['completed', 100, '2026-01-01T00:00:02Z', { beams: 16 }, undefined],
    );
    assert.deepEqual([ended['x-medkit'].exit_code, ended['x-medkit'].stdout], [0, '{"beams": 16}']);
    const { body: short } = await ask('GET', `${FIRST}?max_output=5`);
    const { stdout, stdout_truncated } = short['x-medkit'];
    assert.deepEqual([stdout, stdout_truncated, short.parameters], ['{"bea', true, undefined]);
    const { body: whole } = await ask('GET', `${FIRST}?max_output=13`);
    assert.deepEqual([whole['x-medkit'].stdout, whole.parameters], ['{"beams": 16}', { beams: 16 }]);
    assert.equal((await ask('GET', `${FIRST}?max_output=-1`)).status, 400);
    const { body: list } = await ask('GET', `${CHECK}/executions`);
    assert.deepEqual(
      list.items.map(({ id, status }: { id: string; status: string }) => [id, status]),
      [['exec_001', 'completed']],
    );
    await app.close();
  });

  it('are listed for each entity with their metadata', async () => {
    const { app, ask, upload } = await setUp();
    const metadata = { name: 'LiDAR', description: 'Range and rate', parameters_schema: { type: 'object' } };
    await upload({ name: 'metadata', content: JSON.stringify(metadata) });
    const { body } = await ask('GET', LIDAR);
    assert.deepEqual(body._links, { self: LIDAR, parent: '/api/v1/apps/lidar_driver' });
    const { 'x-medkit': about, ...item } = body.items[0];
    assert.deepEqual(item, {
      id: 'check_lidar_health',
      ...metadata,
      href: CHECK,
      managed: false,
      proximity_proof_required: false,
    });
    assert.deepEqual([about.timeout_sec, about.language, about.runner], [300, 'sh', 'plain']);
    assert.deepEqual((await ask('GET', CHECK)).body, body.items[0]);
    for (const other of ['apps/battery_monitor', 'components/amr_01']) {
      assert.deepEqual((await ask('GET', `/api/v1/${other}/scripts`)).body.items, [], other);
    }
    assert.equal((await ask('GET', '/api/v1/components/amr_01/scripts/check_lidar_health')).status, 404);
    await app.close();
  });

  it('are listed for the whole robot, with their executions', async () => {
    const { app, ask, upload, start, last, clock } = await setUp();
    assert.deepEqual((await ask('GET', '/api/v1/x-medkit-scripts')).body, { items: [] });
    await upload();
    await uploadForm(app, '/api/v1/components/amr_01/scripts', [SCRIPT]);
    const { items } = (await ask('GET', '/api/v1/x-medkit-scripts')).body;
    assert.deepEqual(
      items.map((each: Record<string, string>) => [each['entity_type'], each['entity_id'], each['id'], each['href']]),
      [
        ['component', 'amr_01', 'check_lidar_health', '/api/v1/components/amr_01/scripts/check_lidar_health'],
        ['app', 'lidar_driver', 'check_lidar_health', CHECK],
      ],
    );
    const ofApp = (await ask('GET', '/api/v1/x-medkit-scripts?entity=lidar_driver')).body.items;
    const { entity_type, entity_id, ...script } = ofApp[0];
    assert.deepEqual([ofApp.length, entity_type, entity_id], [1, 'app', 'lidar_driver']);
    assert.deepEqual(script, (await ask('GET', CHECK)).body);
    assert.equal((await ask('GET', '/api/v1/x-medkit-scripts?entity=nobody')).code, 'entity-not-found');

    await start();
    last().write('PROGRESS 50\n');
    const executions = async (query = '') => (await ask('GET', `/api/v1/x-medkit-executions${query}`)).body.items;
    const running = {
      id: 'exec_001',
      of: 'script',
      entity_type: 'app',
      entity_id: 'lidar_driver',
      script_id: 'check_lidar_health',
      href: FIRST,
      status: 'running',
      progress: 50,
      started_at: '2026-01-01T00:00:00.000Z',
    };
    assert.deepEqual(await executions('?state=running'), [running]);
    clock.advance(2500);
    last().exit(3);
    await clock.advanceAsync(1);
    const [ended] = await executions('?state=ended&entity=amr_01');
    assert.deepEqual([ended.status, ended.finished_at], ['failed', '2026-01-01T00:00:02.501Z']);
    assert.match(ended.error, /3/);
    await app.close();
  });

  it('are a resource of apps and components, and a capability of the gateway', async () => {
    const { app, ask } = await setUp();
    for (const path of ['/api/v1/apps/lidar_driver', '/api/v1/components/amr_01']) {
      const { body } = await ask('GET', path);
      assert.equal(body.scripts, `${path}/scripts`);
      assert.ok(body.capabilities.some(({ name }: { name: string }) => name === 'scripts'));
    }
    assert.equal((await ask('GET', '/api/v1/')).body.capabilities.scripts, true);
    assert.equal((await ask('GET', '/api/v1/areas/warehouse/scripts')).status, 404);
    await app.close();
  });

  it('are ended on request, and the reply is sent when they have ended', async () => {
    const { app, ask, upload, start, last } = await setUp();
    await upload();
    await start();
    const stopped = await ask('PUT', FIRST, { action: 'stop' });
    assert.deepEqual([stopped.status, stopped.body.status], [200, 'terminated']);
    assert.deepEqual(stopped.body.error, {
      message: 'Script was stopped by request',
      exit_code: 143,
      reason: 'stopped',
    });
    assert.notEqual(stopped.body.completed_at, null);
    await start();
    const killed = await ask('PUT', `${CHECK}/executions/exec_002`, { action: 'forced_termination' });
    assert.deepEqual([killed.status, last().signals], [200, ['SIGKILL']]);
    assert.deepEqual((await ask('PUT', FIRST, { action: 'stop' })).code, 'x-medkit-script-not-running');
    assert.equal((await ask('DELETE', FIRST)).status, 204);
    assert.equal((await ask('GET', FIRST)).status, 404);
    assert.equal((await ask('DELETE', CHECK)).status, 204);
    assert.equal((await ask('GET', CHECK)).status, 404);
    await app.close();
  });

  it('reject each kind of wrong request with a different error', async () => {
    const { app, ask, upload, start } = await setUp();
    await upload();
    await start();
    const rows: readonly (readonly [Method, string, object | undefined, number, string])[] = [
      ['GET', '/api/v1/apps/nobody/scripts', undefined, 404, 'entity-not-found'],
      ['GET', '/api/v1/apps/amr_01/scripts', undefined, 400, 'invalid-parameter'],
      ['GET', `${LIDAR}/none`, undefined, 404, 'resource-not-found'],
      ['GET', `${LIDAR}/a%2F..%2Fb`, undefined, 400, 'invalid-parameter'],
      ['GET', `${LIDAR}/a;id`, undefined, 400, 'invalid-parameter'],
      ['GET', `${LIDAR}/${'x'.repeat(257)}`, undefined, 400, 'invalid-parameter'],
      ['DELETE', `${LIDAR}/..%2F..`, undefined, 400, 'invalid-parameter'],
      ['DELETE', CHECK, undefined, 409, 'x-medkit-script-running'],
      ['POST', `${CHECK}/executions`, {}, 400, 'invalid-request'],
      ['POST', `${CHECK}/executions`, { execution_type: '' }, 400, 'invalid-request'],
      ['POST', `${CHECK}/executions`, { execution_type: 'later' }, 400, 'invalid-parameter'],
      ['POST', `${CHECK}/executions`, { ...NOW, parameters: 'x'.repeat(70_000) }, 400, 'invalid-request'],
      ['POST', `${LIDAR}/none/executions`, NOW, 404, 'resource-not-found'],
      ['GET', `${CHECK}/executions/exec_002`, undefined, 404, 'resource-not-found'],
      ['GET', `${CHECK}/executions/exec%20001`, undefined, 400, 'invalid-parameter'],
      ['GET', FIRST.replace('apps/lidar_driver', 'apps/battery_monitor'), undefined, 404, 'resource-not-found'],
      ['GET', `${LIDAR}/none/executions`, undefined, 404, 'resource-not-found'],
      ['PUT', FIRST, { action: 'pause' }, 400, 'invalid-request'],
      ['PUT', FIRST, {}, 400, 'invalid-request'],
      ['DELETE', FIRST, undefined, 409, 'x-medkit-script-running'],
      ['POST', LIDAR, NOW, 400, 'invalid-request'],
    ];
    for (const [method, url, body, status, code] of rows) {
      const reply = await ask(method, url, body);
      assert.deepEqual([reply.status, reply.code], [status, code], `${method} ${url}`);
    }
    await app.close();
  });

  it('refuse invalid uploads', async () => {
    const { app } = await setUp({ scripts: { max_file_size_mb: 1 } });
    const metadata = (content: string): FormPart => ({ name: 'metadata', content });
    const schema = (parameters_schema: unknown) => metadata(JSON.stringify({ parameters_schema }));
    const rows: readonly (readonly [readonly FormPart[], number, string])[] = [
      [[metadata('{}')], 400, 'invalid-request'],
      [[{ ...SCRIPT, name: 'script' }], 400, 'invalid-request'],
      [[SCRIPT, SCRIPT], 400, 'invalid-request'],
      [[SCRIPT, metadata('{')], 400, 'invalid-request'],
      [[SCRIPT, metadata('[]')], 400, 'invalid-request'],
      [[SCRIPT, metadata('{"name": 3}')], 400, 'invalid-request'],
      [[SCRIPT, schema([])], 400, 'invalid-request'],
      [[SCRIPT, schema({ properties: { a: { pattern: '(a+)+$' } } })], 400, 'invalid-request'],
      [[SCRIPT, schema({ $ref: '#' })], 400, 'invalid-request'],
      [[SCRIPT, schema({ title: 'x'.repeat(20_000) })], 400, 'invalid-request'],
      [[{ ...SCRIPT, content: 'x'.repeat(1024 * 1024 + 1) }], 413, 'x-medkit-script-too-large'],
      // A property of that name is not one of the rejected keywords.
      [[SCRIPT, schema({ properties: { pattern: { type: 'string' } }, required: ['pattern'] })], 201, ''],
      [[SCRIPT], 201, ''],
      [[{ ...SCRIPT, filename: '../../../etc/cron.d/evil one' }], 201, ''],
    ];
    for (const [parts, status, code] of rows) {
      const reply = await uploadForm(app, LIDAR, parts);
      const { vendor_code, error_code = '' } = reply.json();
      assert.deepEqual(
        [reply.statusCode, vendor_code ?? error_code],
        [status, code],
        JSON.stringify(parts).slice(0, 200),
      );
    }
    await app.close();
  });

  it('have their parameters validated by their schema', async () => {
    const { app, ask, upload, programs } = await setUp();
    const schema = { type: 'object', properties: { beams: { type: 'integer', minimum: 1 } }, required: ['beams'] };
    await upload({ name: 'metadata', content: JSON.stringify({ parameters_schema: schema }) });
    const run = (parameters?: unknown) => ask('POST', `${CHECK}/executions`, { ...NOW, parameters });
    const wrong = await run({ beams: 'many' });
    assert.deepEqual([wrong.status, wrong.code], [400, 'invalid-request']);
    assert.deepEqual(wrong.body.parameters.fields, [{ field: 'parameters.beams', message: 'expected an integer' }]);
    assert.equal((await run()).status, 400);
    assert.equal(programs.started.length, 0);
    assert.equal((await run({ beams: 16 })).status, 202);
    await app.close();
  });

  it('run in limited number, and answer 429 beyond it', async () => {
    const { app, upload, start, ask } = await setUp({ scripts: { max_concurrent_executions: 2 } });
    await upload();
    assert.deepEqual([(await start()).status, (await start()).status], [202, 202]);
    const third = await start();
    assert.deepEqual([third.status, third.code], [429, 'x-medkit-concurrency-limit']);
    const { body } = await ask('GET', '/api/v1/health');
    assert.equal(body['x-medkit-scripts'].running, 2);
    await app.close();
  });

  it('are closed by the locks of their entity', async () => {
    const { app, ask, upload } = await setUp();
    await upload();
    const lock = { lock_expiration: 300, scopes: ['scripts'] };
    assert.equal((await ask('POST', '/api/v1/apps/lidar_driver/locks', lock, 'alice')).status, 201);
    assert.deepEqual((await ask('POST', `${CHECK}/executions`, NOW, 'bob')).code, 'lock-broken');
    assert.deepEqual((await ask('DELETE', CHECK, undefined, 'bob')).code, 'lock-broken');
    assert.equal((await ask('GET', CHECK, undefined, 'bob')).status, 200);
    const started = await ask('POST', `${CHECK}/executions`, NOW, 'alice');
    assert.deepEqual([started.status, started.body['x-medkit'].client_id], [202, 'alice']);
    await app.close();
  });

  it('are recorded in the audit log with the principal and the digest', async () => {
    const { app, ask, upload } = await setUp();
    const { 'x-medkit': about } = (await upload()).json();
    await ask('POST', `${CHECK}/executions`, NOW, 'alice');
    await ask('PUT', FIRST, { action: 'stop' }, 'bob');
    const { items } = (await ask('GET', '/api/v1/x-medkit-audit')).body;
    const said = items.map(({ request }: { request: Record<string, unknown> }) => [
      request['client_id'],
      request['notes'],
    ]);
    assert.deepEqual(said.reverse(), [
      [undefined, { script: 'check_lidar_health', sha256: about.sha256 }],
      ['alice', { script: 'check_lidar_health', execution: 'exec_001', sha256: about.sha256 }],
      ['bob', { action: 'stop' }],
    ]);
    await app.close();
  });

  it('can be run if uploads are disabled', async () => {
    const { app, upload, ask } = await setUp({ scripts: { allow_uploads: false } });
    const reply = await upload();
    assert.deepEqual([reply.statusCode, reply.json().error_code], [400, 'invalid-request']);
    assert.match(reply.json().message, /disabled/);
    assert.equal((await ask('GET', LIDAR)).status, 200);
    await app.close();
  });

  it('of the manifest are available too, and cannot be deleted', async () => {
    const script: ManagedScript = {
      id: 'check_lidar_health',
      name: 'LiDAR',
      path: '/etc/robot/check.py',
      format: 'python',
      timeoutSec: 20,
      entityFilter: ['apps/*'],
      env: {},
      args: [],
    };
    const discovery = {
      scripts: () => [script],
      health: () => ({ warnings: [], blocks: {} }),
      state: () => ({ mode: 'runtime_only' as const, strategy: 'runtime' }),
    };
    const { app, ask, upload } = await setUp({}, { discovery });
    const { body } = await ask('GET', CHECK);
    assert.deepEqual([body.managed, body['x-medkit'].timeout_sec], [true, 20]);
    const uploaded = await upload();
    assert.deepEqual([uploaded.statusCode, uploaded.json().id], [201, `${script.id}_2`]);
    assert.deepEqual((await ask('DELETE', CHECK)).code, 'x-medkit-managed-script');
    assert.deepEqual((await ask('GET', '/api/v1/components/amr_01/scripts')).body.items, []);
    assert.deepEqual((await ask('POST', `${CHECK}/executions`, NOW)).code, 'precondition-not-fulfilled');
    await app.close();
  });

  it('are not available without a folder, nor on a gateway that is open to other machines', async () => {
    const open = { server: { host: '0.0.0.0', insecure: true } };
    for (const [changes, reason] of [
      [{ scripts: { scripts_dir: '' } }, /^Scripts backend not configured: .*scripts_dir/],
      [open, /^Scripts backend not configured: other machines can reach 0\.0\.0\.0 .*server\.token_file/],
    ] as const) {
      const { app, ask, upload } = await setUp(changes);
      assert.equal((await upload()).statusCode, 501);
      for (const [method, url, body] of [
        ['GET', LIDAR],
        ['GET', CHECK],
        ['DELETE', CHECK],
        ['POST', `${CHECK}/executions`, NOW],
        ['GET', `${CHECK}/executions`],
        ['GET', FIRST],
        ['PUT', FIRST, { action: 'stop' }],
        ['DELETE', FIRST],
      ] as const) {
        const reply = await ask(method, url, body);
        assert.deepEqual([reply.status, reply.code], [501, 'not-implemented'], `${method} ${url}`);
        assert.match(reply.body.message, reason);
      }
      assert.equal((await ask('GET', '/api/v1/apps/lidar_driver')).body.scripts, undefined);
      assert.equal((await ask('GET', '/api/v1/')).body.capabilities.scripts, false);
      await app.close();
    }
    const withToken = await setUp({ server: { host: '0.0.0.0', token: 'a-token-of-sixteen' } });
    const headers = { host: 'robot-01', authorization: 'Bearer a-token-of-sixteen' };
    assert.equal((await withToken.app.inject({ url: LIDAR, headers })).statusCode, 200);
    await withToken.app.close();
  });

  it('of an entity whose runtime provides scripts are those of the runtime', async () => {
    const received: unknown[] = [];
    const provider: ScriptProvider = {
      list: async (nativeId) => [{ id: 'own', name: nativeId, managed: true }],
      get: async () => ({ id: 'own', name: 'own', managed: true }),
      upload: async (_nativeId, { filename, content }) => {
        received.push(filename, Buffer.from(content).toString());
        return { id: 'own', name: filename, managed: false };
      },
      remove: async () => undefined,
      start: async () => ({ id: 'run-7', status: 'prepared' }),
      executions: async () => [],
      execution: async () => ({ id: 'run-7', status: 'running', progress: 5 }),
      control: async () => ({ id: 'run-7', status: 'terminated' }),
      removeExecution: async () => undefined,
    };
    const { app, ask, upload } = await setUp({ scripts: { scripts_dir: '' } }, {}, provider);
    assert.equal((await ask('GET', LIDAR)).body.items[0].name, '/lidar_driver');
    assert.equal((await upload()).statusCode, 201);
    assert.deepEqual(received, ['check_lidar_health.sh', 'echo fine\n']);
    const started = await ask('POST', `${LIDAR}/own/executions`, NOW);
    assert.deepEqual([started.status, started.reply.headers.location], [202, `${LIDAR}/own/executions/run-7`]);
    assert.equal((await ask('GET', `${LIDAR}/own/executions/run-7`)).body.progress, 5);
    assert.equal((await ask('GET', '/api/v1/components/amr_01/scripts')).status, 501);
    await app.close();
  });
});
