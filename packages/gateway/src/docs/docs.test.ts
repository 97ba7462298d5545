import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { memoryOperations } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { Validator } from '@seriousme/openapi-schema-validator';
import { testGateway } from '../testing/test-gateway.ts';
import { CACHE_MS, documentPages } from './documents.ts';

const gateway = await testGateway({}, undefined, {
  operations: memoryOperations({
    '/lidar_driver': {
      '/enable': {
        answer: () => ({}),
        typeInfo: {
          request: { type: 'object', properties: { data: { type: 'boolean' } } },
          response: { type: 'object', properties: { success: { type: 'boolean' } } },
        },
      },
      '/spin': {},
    },
  }),
});
const off = await testGateway({ docs: { enabled: false } });

function ask(url: string, { app } = gateway) {
  return app.inject({ url, headers: { host: 'robot-01:8080' } });
}

async function document(url: string) {
  const reply = await ask(url);
  assert.equal(reply.statusCode, 200, `${url} ${reply.body}`);
  const { valid, errors } = await new Validator().validate(reply.json());
  assert.ok(valid, JSON.stringify(errors));
  return reply.json() as { info: { title: string }; servers: { url: string }[]; paths: Record<string, object> };
}

describe('the OpenAPI document', () => {
  test('names the address that the client used', async () => {
    const { servers, paths } = await document('/api/v1/docs');
    assert.equal(servers[0]?.url, 'http://robot-01:8080/api/v1');
    assert.ok('/apps/{app_id}/data/{data_id}' in paths);
  });
});

describe('the whole document', () => {
  test('is sent once to a client that caches it, and compressed to a client that accepts it', async () => {
    const plain = await ask('/api/v1/docs');
    assert.equal(plain.headers['cache-control'], 'no-cache');
    assert.equal(plain.headers.vary, 'Accept-Encoding');
    const headers = { host: 'robot-01:8080', 'accept-encoding': 'br;q=1, gzip' };
    const packed = await gateway.app.inject({ url: '/api/v1/docs', headers });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.ok(packed.rawPayload.length < plain.rawPayload.length / 5);
    assert.equal(gunzipSync(packed.rawPayload).toString(), plain.body);
    for (const { etag } of [plain.headers, packed.headers]) {
      const again = await gateway.app.inject({
        url: '/api/v1/docs',
        headers: { ...headers, 'if-none-match': String(etag) },
      });
      assert.deepEqual([again.statusCode, again.body], [304, '']);
    }
  });

  test('is built once, and cached for a bounded number of host names until it is not requested for a while', () => {
    let made = 0;
    const clock = new SimulatedClock();
    const pageFor = documentPages(() => {
      made++;
      return '{"servers":[{"url":"http://somewhere.invalid/api/v1"}]}';
    }, clock);
    const first = pageFor('http://robot-01/api/v1');
    assert.equal(String(first.bytes), '{"servers":[{"url":"http://robot-01/api/v1"}]}');
    const pages = Array.from({ length: 100 }, (_, port) => pageFor(`http://127.0.0.1:${port}/api/v1`));
    assert.equal(String(pages.at(-1)?.bytes), '{"servers":[{"url":"/api/v1"}]}');
    assert.ok(new Set([first, ...pages]).size < 10);
    assert.equal(new Set([first, ...pages].map(({ etag }) => etag)).size, new Set([first, ...pages]).size);
    clock.advance(CACHE_MS - 1);
    assert.equal(pageFor('http://robot-01/api/v1'), first);
    clock.advance(CACHE_MS - 1);
    assert.equal(pageFor('http://robot-01/api/v1'), first);
    assert.equal(made, 1);
    clock.advance(CACHE_MS);
    assert.equal(clock.timers, 0);
    assert.equal(pageFor('http://robot-01/api/v1').etag, first.etag, 'what clients have of it is good for as long');
    assert.equal(made, 2);
  });
});

describe('a scoped document', () => {
  test('of a collection has its list and its detail', async () => {
    const { info, paths } = await document('/api/v1/apps/docs');
    assert.equal(info.title, 'medkit - apps');
    assert.deepEqual(Object.keys(paths), ['/apps', '/apps/{app_id}']);
  });

  test('of an entity has the paths of its resources, under its id', async () => {
    const { paths } = await document('/api/v1/functions/navigation/docs/');
    assert.ok('/functions/navigation/hosts' in paths);
  });

  test('of the data of an entity has a path for every topic, with distinct operation ids', async () => {
    const { paths } = await document('/api/v1/apps/lidar_driver/data/docs');
    assert.deepEqual(Object.keys(paths).sort(), [
      '/apps/lidar_driver/data',
      '/apps/lidar_driver/data/cmd_vel',
      '/apps/lidar_driver/data/front%2Fleft%2Fscan',
      '/apps/lidar_driver/data/scan',
    ]);
    const ids = [...JSON.stringify(paths).matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  test('of a topic shows its message, also if its name has slashes', async () => {
    assert.match(JSON.stringify(await document('/api/v1/apps/lidar_driver/data/scan/docs')), /"ranges"/);
    const nested = await document('/api/v1/apps/lidar_driver/data/front/left/scan/docs');
    assert.deepEqual(Object.keys(nested.paths), ['/apps/lidar_driver/data/front%2Fleft%2Fscan']);
  });

  test('of the operations of an entity has the paths of each, with its messages', async () => {
    const { paths } = await document('/api/v1/apps/lidar_driver/operations/docs');
    assert.deepEqual(Object.keys(paths).sort(), [
      '/apps/lidar_driver/operations',
      '/apps/lidar_driver/operations/enable',
      '/apps/lidar_driver/operations/enable/executions',
      '/apps/lidar_driver/operations/spin',
      '/apps/lidar_driver/operations/spin/executions',
      '/apps/lidar_driver/operations/spin/executions/{execution_id}',
    ]);
    const post = JSON.stringify((paths['/apps/lidar_driver/operations/enable/executions'] as { post: object }).post);
    assert.match(post, /"data":\{"type":"boolean"\}/);
    assert.match(post, /"success":\{"type":"boolean"\}/);
    assert.match(JSON.stringify(paths), /"x-sovd-asynchronous-execution":true/);
    const one = await document('/api/v1/apps/lidar_driver/operations/spin/docs');
    assert.equal(Object.keys(one.paths).length, 3);
  });

  test('of a server resource has only its path', async () => {
    assert.deepEqual(Object.keys((await document('/api/v1/health/docs')).paths), ['/health']);
  });

  test('of a path that does not exist, or has no route yet, is 404', async () => {
    for (const path of [
      'robots',
      'apps/nobody',
      'apps/lidar_driver/modes',
      'apps/lidar_driver/depends-on/x',
      'a/b/c/d/e/f/g/h/i/j/k',
    ]) {
      assert.equal((await ask(`/api/v1/${path}/docs`)).statusCode, 404, path);
    }
  });
});

describe('Swagger UI', () => {
  test('is at /docs and /api/v1/swagger-ui, and loads everything from this gateway', async () => {
    for (const url of ['/docs', '/api/v1/swagger-ui']) {
      const reply = await ask(url);
      assert.match(String(reply.headers['content-type']), /^text\/html/);
      assert.match(String(reply.headers['content-security-policy']), /default-src 'self'; script-src 'self';/);
      const loaded = [...reply.body.matchAll(/(?:src|href)="(\.[^"]+)"/g)].map(([, address]) => address!);
      assert.equal(loaded.length, 4);
      for (const address of loaded) {
        const { pathname } = new URL(address, `https://fleet.example/robot-7${url}`);
        assert.ok(pathname.startsWith('/robot-7/'), `${address} is below the path of a proxy`);
        assert.equal((await ask(pathname.slice('/robot-7'.length))).statusCode, 200, address);
      }
      assert.doesNotMatch(reply.body, /https?:\/\//);
    }
  });

  test('serves no other file', async () => {
    for (const asset of ['package.json', '..%2Fpackage.json', 'constructor', 'logo.svg']) {
      assert.equal((await ask(`/api/v1/swagger-ui/${asset}`)).json().message, 'Asset not found', asset);
    }
  });
});

test('documentation answers 501 on every route if it is switched off', async () => {
  for (const url of [
    '/api/v1/docs',
    '/api/v1/apps/docs',
    '/docs',
    '/api/v1/swagger-ui',
    '/api/v1/swagger-ui/swagger-ui.css',
  ]) {
    const reply = await ask(url, off);
    assert.equal(reply.statusCode, 501, url);
    assert.equal(reply.json().message, 'Capability description is disabled');
  }
  const { endpoints, entry_points } = (await ask('/api/v1/', off)).json();
  assert.equal(JSON.stringify([endpoints, entry_points]).includes('docs'), false);
});
