import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type LogSeverity, SovdError } from '@medkit/contract';
import { type LogProvider, logBuffers } from '@medkit/core';
import { app, area, component, functionEntity } from '@medkit/core/testing';
import { testGateway } from '../testing/test-gateway.ts';

const HEADERS = { host: 'localhost:8080' };
const MESSAGE = 'Planning failed: start pose outside global costmap bounds';

async function setUp(change: Partial<LogProvider> = {}) {
  const { keep, provider } = logBuffers().open({ isEntity: () => false, logged: () => undefined });
  const gateway = await testGateway({}, undefined, { logs: { ...provider, ...change } });
  let seconds = 1_774_231_973n;
  return {
    gateway,
    keep,
    log: (logger: string, message: string, severity: LogSeverity = 'info') =>
      keep({ timestampNs: seconds++ * 1_000_000_000n, severity, logger, message }),
    get: (path: string) => gateway.app.inject({ url: `/api/v1${path}`, headers: HEADERS }),
    put: (path: string, payload: unknown) =>
      gateway.app.inject({
        method: 'PUT',
        url: `/api/v1${path}`,
        headers: { ...HEADERS, 'content-type': 'application/json' },
        payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
      }),
  };
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

async function messages({ get }: SetUp, path: string): Promise<string[]> {
  const reply = await get(path);
  assert.equal(reply.statusCode, 200, reply.body);
  return reply.json().items.map(({ message }: { message: string }) => message);
}

async function refusal(reply: ReturnType<SetUp['get']>) {
  const { statusCode, body } = await reply;
  const { error_code, message, parameters } = JSON.parse(body);
  return { status: statusCode, code: error_code, message, parameters };
}

describe('GET logs', () => {
  it('returns entries in the formats of both generations of clients, oldest first', async () => {
    const house = await setUp();
    house.keep({
      timestampNs: 1_774_231_973_000_000_042n,
      severity: 'warning',
      logger: 'lidar_driver',
      message: MESSAGE,
      function: 'spin',
      file: 'lidar.cpp',
      line: 7,
    });
    house.log('lidar_driver', 'later');
    const reply = await house.get('/apps/lidar_driver/logs');
    assert.deepEqual(reply.json(), {
      items: [
        {
          id: 'log_1',
          timestamp: '2026-03-23T02:12:53.000000042Z',
          severity: 'warning',
          level: 'WARNING',
          message: MESSAGE,
          logger_name: '/lidar_driver',
          context: { node: 'lidar_driver', function: 'spin', file: 'lidar.cpp', line: 7 },
        },
        {
          id: 'log_2',
          timestamp: '2026-03-23T02:12:53.000000000Z',
          severity: 'info',
          level: 'INFO',
          message: 'later',
          logger_name: '/lidar_driver',
          context: { node: 'lidar_driver' },
        },
      ],
    });
    assert.equal(reply.headers['x-medkit-boot-id'], 'boot');
  });

  it('filters by minimum severity and by a part of the name', async () => {
    const house = await setUp();
    for (const severity of ['debug', 'info', 'warning', 'error', 'fatal'] as const) {
      house.log(severity === 'fatal' ? 'lidar_driver.safety' : 'lidar_driver', severity, severity);
    }
    const of = (query: string) => messages(house, `/apps/lidar_driver/logs?${query}`);
    assert.deepEqual(await of('severity=warning'), ['warning', 'error', 'fatal']);
    assert.deepEqual(await of('severity=WARNING'), ['warning', 'error', 'fatal'], 'as entries have it in `level`');
    assert.deepEqual(await of('severity=&context='), ['debug', 'info', 'warning', 'error', 'fatal']);
    assert.deepEqual(await of('context=safe'), ['fatal']);
    assert.deepEqual(await of('context=unknown'), []);
  });

  it('can be followed by id or by time, with a limit', async () => {
    const house = await setUp();
    for (const text of ['1', '2', '3', '4']) house.log('lidar_driver', text);
    const of = (query: string) => messages(house, `/apps/lidar_driver/logs?${query}`);
    assert.deepEqual(await of('limit=2'), ['3', '4']);
    assert.deepEqual(await of('since=log_1&limit=2'), ['2', '3']);
    assert.deepEqual(await of('since=2026-03-23T02:12:54Z'), ['3', '4']);
    assert.deepEqual(await of('since=2026-03-23T02:12:54.999999999'), ['3', '4']);
    assert.deepEqual(await of('since=2026-03-23T04:12:55%2B02:00'), ['4']);
    assert.deepEqual(await of('since=log_99'), ['1', '2', '3', '4']);
  });

  it('of a component has those of its apps and of its namespace, each once and in order', async () => {
    const house = await setUp();
    const { runtime, clock } = house.gateway;
    runtime.tell({
      components: [component('amr_01', { namespace: '/amr' }), component('plc')],
      apps: [
        app('left', {
          componentId: 'amr_01',
          node: '/amr/left',
          address: { runtime: 'memory', nativeId: '/amr/left' },
        }),
        app('outside', { componentId: 'amr_01' }),
      ],
    });
    await clock.advanceAsync(10);
    for (const logger of ['amr.left', 'elsewhere', 'outside', 'amr.right', 'amrs', 'plc']) house.log(logger, logger);
    const reply = (await house.get('/components/amr_01/logs')).json();
    assert.deepEqual(
      reply.items.map(({ id, message }: { id: string; message: string }) => `${id} ${message}`),
      ['log_1 amr.left', 'log_3 outside', 'log_4 amr.right'],
    );
    assert.deepEqual(reply['x-medkit'], {
      entity_id: 'amr_01',
      aggregation_level: 'component',
      aggregated: true,
      app_count: 2,
      aggregation_sources: ['/amr/left', 'outside'],
    });
    assert.deepEqual(await messages(house, '/components/plc/logs'), ['plc'], 'one without apps has its own');
    assert.deepEqual((await house.get('/components/plc/logs')).json()['x-medkit'], {
      entity_id: 'plc',
      aggregation_level: 'component',
      aggregated: true,
    });
    assert.deepEqual(
      await messages(house, '/apps/outside/logs'),
      ['outside'],
      'an app that nothing serves logs under its id',
    );
  });

  it('of an area has those of all components below it and of all its namespaces', async () => {
    const house = await setUp();
    const { runtime, clock } = house.gateway;
    runtime.tell({
      areas: [area('hall', { namespace: '/hall' }), area('corner', { namespace: '/corner', parentAreaId: 'hall' })],
      components: [component('amr_01', { areaId: 'corner' })],
      apps: [app('lidar_driver', { componentId: 'amr_01', node: '/lidar_driver' })],
    });
    await clock.advanceAsync(10);
    for (const logger of ['lidar_driver', 'hall.lamp', 'corner.fan', 'yard.gate']) house.log(logger, logger);
    const reply = (await house.get('/areas/hall/logs')).json();
    assert.equal(reply.items.length, 3);
    assert.deepEqual(reply['x-medkit'], {
      entity_id: 'hall',
      aggregation_level: 'area',
      aggregated: true,
      component_count: 1,
      app_count: 1,
      aggregation_sources: ['/lidar_driver'],
    });
  });

  it('of a function has those of its hosts, and of the apps of a component that is a host', async () => {
    const house = await setUp();
    house.gateway.runtime.tell({ functions: [functionEntity('navigation', ['amr_01'])] });
    await house.gateway.clock.advanceAsync(10);
    for (const logger of ['lidar_driver', 'battery_monitor']) house.log(logger, logger);
    const reply = (await house.get('/functions/navigation/logs')).json();
    assert.equal(reply.items.length, 1);
    assert.deepEqual(reply['x-medkit'], {
      entity_id: 'navigation',
      aggregation_level: 'function',
      aggregated: true,
      host_count: 1,
      aggregation_sources: ['/lidar_driver'],
    });
  });

  const refusals = {
    'severity=loud': /severity: must be one of debug, info, warning, error, fatal/,
    [`context=${'x'.repeat(257)}`]: /context: must have at most 256/,
    'limit=0': /limit: must be a whole number from 1 to 10000/,
    'limit=ten': /limit/,
    'since=yesterday': /since: must be an entry id/,
    'since=2026-13-40T00:00:00Z': /since/,
  };
  for (const [query, message] of Object.entries(refusals)) {
    it(`rejects ${query.slice(0, 30)}, without a request to a node`, async () => {
      const house = await setUp({ list: () => assert.fail('asked') });
      for (const path of ['/apps/lidar_driver/logs', '/rosout']) {
        const { status, code, message: said } = await refusal(house.get(`${path}?${query}`));
        assert.deepEqual([status, code], [400, 'invalid-parameter']);
        assert.match(said, message);
      }
    });
  }

  it('accepts a context of 256 characters', async () => {
    const house = await setUp();
    assert.deepEqual(await messages(house, `/apps/lidar_driver/logs?context=${'x'.repeat(256)}`), []);
  });

  it('rejects an unknown entity before it checks anything else', async () => {
    const house = await setUp();
    for (const path of ['logs?severity=loud', 'logs/configuration']) {
      assert.deepEqual(await refusal(house.get(`/apps/nobody/${path}`)), {
        status: 404,
        code: 'entity-not-found',
        message: 'Entity not found',
        parameters: { entity_id: 'nobody' },
      });
      assert.equal((await refusal(house.get(`/apps/a%20b/${path}`))).code, 'invalid-parameter');
      assert.equal((await refusal(house.get(`/areas/lidar_driver/${path}`))).code, 'invalid-parameter');
    }
  });

  it('is unavailable while the log fails, and available again afterwards', async () => {
    let broken = true;
    const house = await setUp({
      list: async () => {
        if (broken) throw new Error('disk on fire');
        return [];
      },
    });
    const { status, code, message } = await refusal(house.get('/areas/warehouse/logs'));
    assert.deepEqual([status, code, message], [503, 'service-unavailable', 'The log cannot be read']);
    assert.equal((await refusal(house.get('/rosout'))).status, 503);
    broken = false;
    assert.equal((await house.get('/areas/warehouse/logs')).statusCode, 200);
  });

  it('passes on deliberate errors of a log', async () => {
    const house = await setUp({
      list: () => Promise.reject(new SovdError({ code: 'not-responding', message: 'Asleep' })),
    });
    const { status, message, parameters } = await refusal(house.get('/apps/lidar_driver/logs'));
    assert.deepEqual([status, message, parameters.entity_id], [504, 'Asleep', 'lidar_driver']);
  });

  it('reports that the gateway is shutting down', async () => {
    const stopped = () => Promise.reject(new SovdError({ code: 'x-medkit-gateway-shutdown' }));
    const house = await setUp({ list: stopped });
    const replies = [house.get('/apps/lidar_driver/logs'), house.get('/areas/warehouse/logs'), house.get('/rosout')];
    for (const reply of replies) {
      const { statusCode, body } = await reply;
      assert.deepEqual([statusCode, JSON.parse(body).vendor_code], [503, 'x-medkit-gateway-shutdown']);
    }
  });
});

describe('GET rosout', () => {
  it('returns every entry, also of loggers without an entity, with the same filters', async () => {
    const house = await setUp();
    house.log('lidar_driver', 'a', 'error');
    house.log('stranger', 'b');
    assert.deepEqual(await messages(house, '/rosout'), ['a', 'b']);
    assert.deepEqual(await messages(house, '/rosout?severity=error'), ['a']);
    assert.deepEqual(await messages(house, '/rosout?context=strange'), ['b']);
    assert.deepEqual(await messages(house, '/rosout?limit=1'), ['b']);
    assert.deepEqual(await messages(house, '/rosout?since=log_1'), ['b']);
  });
});

describe('GET /logs', () => {
  it('returns those of an area or a function, or all entries if neither is named, with the same filters', async () => {
    const house = await setUp();
    house.log('lidar_driver', 'a', 'error');
    house.log('stranger', 'b');
    for (const [kind, path] of [
      ['area', 'areas'],
      ['function', 'functions'],
    ]) {
      const { items } = (await house.get(`/${path}`)).json();
      for (const { id } of items) {
        assert.deepEqual(await messages(house, `/logs?${kind}=${id}`), await messages(house, `/${path}/${id}/logs`));
      }
      assert.ok(items.length > 0);
    }
    assert.deepEqual(await messages(house, '/logs'), ['a', 'b']);
    assert.deepEqual(await messages(house, '/logs?area=&severity=error'), ['a']);
    assert.deepEqual(await messages(house, '/logs?area=warehouse&severity=fatal'), []);
    assert.deepEqual(await messages(house, '/logs?area=warehouse&severity=error'), ['a']);
  });

  it('rejects an unknown area, and an area together with a function', async () => {
    const house = await setUp();
    const { status, code } = await refusal(house.get('/logs?area=moon'));
    assert.deepEqual([status, code], [404, 'entity-not-found']);
    const both = await refusal(house.get('/logs?area=warehouse&function=navigation'));
    assert.deepEqual([both.status, both.code], [400, 'invalid-parameter']);
    assert.equal((await refusal(house.get('/logs?severity=loud'))).status, 400);
  });
});

describe('logs/configuration', () => {
  const path = '/apps/lidar_driver/logs/configuration';

  it('has defaults, and a change leaves omitted fields unchanged', async () => {
    const { get, put } = await setUp();
    assert.deepEqual((await get(path)).json(), { severity_filter: 'debug', max_entries: 100 });
    const changed = await put(path, { severity_filter: 'error' });
    assert.deepEqual([changed.statusCode, changed.body], [204, '']);
    assert.equal((await put(path, { max_entries: 5, severity_filter: null })).statusCode, 204);
    assert.equal((await put(path, {})).statusCode, 204);
    assert.deepEqual((await get(path)).json(), { severity_filter: 'error', max_entries: 5 });
    assert.deepEqual((await get('/functions/navigation/logs/configuration')).json(), {
      severity_filter: 'debug',
      max_entries: 100,
    });
  });

  it('limits every list of its entity, and of no other entity', async () => {
    const house = await setUp();
    for (const text of ['1', '2', '3', '4']) house.log('lidar_driver', text, text === '4' ? 'info' : 'fatal');
    await house.put(path, { severity_filter: 'fatal', max_entries: 2 });
    assert.deepEqual(await messages(house, '/apps/lidar_driver/logs'), ['2', '3']);
    assert.deepEqual(await messages(house, '/apps/lidar_driver/logs?severity=debug&limit=50'), ['2', '3']);
    assert.deepEqual(await messages(house, '/components/amr_01/logs'), ['1', '2', '3', '4']);
    assert.deepEqual(await messages(house, '/rosout'), ['1', '2', '3', '4']);
  });

  for (const body of [
    { max_entries: 0 },
    { max_entries: 10_001 },
    { severity_filter: 'warn' },
    { severity_filter: '' },
  ]) {
    it(`refuses ${JSON.stringify(body)} and changes nothing`, async () => {
      const { get, put } = await setUp();
      const { status, code } = await refusal(put(path, { max_entries: 7, severity_filter: 'info', ...body }));
      assert.deepEqual([status, code], [400, 'invalid-parameter']);
      assert.equal((await get(path)).json().max_entries, 100);
    });
  }

  it('refuses a body that is not JSON or has values of another type', async () => {
    const { put } = await setUp();
    assert.equal((await refusal(put(path, '{"max'))).code, 'invalid-request');
    const { status, code, parameters } = await refusal(put(path, { max_entries: '5', severity_filter: 3 }));
    assert.deepEqual([status, code], [400, 'invalid-request']);
    assert.deepEqual(parameters.fields.map(({ field }: { field: string }) => field).sort(), [
      'max_entries',
      'severity_filter',
    ]);
  });

  it('is among the capabilities of every kind of entity and of the gateway', async () => {
    const { get } = await setUp();
    for (const entity of ['areas/warehouse', 'components/amr_01', 'apps/lidar_driver', 'functions/navigation']) {
      const names = (await get(`/${entity}`)).json().capabilities.map(({ name }: { name: string }) => name);
      assert.ok(names.includes('logs'), entity);
    }
    assert.equal((await get('/')).json().capabilities.logs, true);
  });
});
