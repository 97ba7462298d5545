import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { ALL_ROUTES, API_BASE } from '@medkit/contract';
import { app } from '@medkit/core/testing';
import { type TestGateway, testGateway } from '../testing/test-gateway.ts';

const gateway = await testGateway();

function ask(url: string, options: object = {}, { app: server }: TestGateway = gateway) {
  return server.inject({ url, headers: { host: 'localhost:8080' }, ...options });
}

const ids = { area_id: 'warehouse', component_id: 'amr_01', app_id: 'lidar_driver', function_id: 'navigation' };

describe('every route', () => {
  for (const { method, path, operationId, parameters, body, responses, errors, foreignErrors = {} } of ALL_ROUTES) {
    test(`${operationId} answers with a declared reply or error`, async () => {
      const url = Object.entries({ ...ids, data_id: '%2Fcmd_vel' }).reduce(
        (filled, [name, value]) => filled.replace(`{${name}}`, value),
        API_BASE + path,
      );
      const needed = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
      const query = new URLSearchParams(Object.fromEntries(needed.map(({ name, example }) => [name, String(example)])));
      const [payload] = Object.values(body?.examples ?? {});
      // A stream never ends; HEAD returns its headers.
      const verb = responses[200]?.media === 'text/event-stream' ? 'HEAD' : method.toUpperCase();
      const headers = { host: 'localhost:8080', 'x-client-id': 'engineer-alice' };
      const reply = await ask(query.size > 0 ? `${url}?${query}` : url, {
        method: verb,
        headers,
        ...(payload !== undefined && { payload }),
      });
      const success = responses[reply.statusCode];
      if (success?.schema) assert.equal(reply.headers['content-type'], 'application/json');
      if (success || foreignErrors[reply.statusCode]) return;
      // If the item does not exist, the entity cannot be controlled, or the upload is invalid, the reply is one of the
      // declared errors.
      const { error_code, vendor_code } = reply.json();
      const said = `${reply.statusCode} ${reply.body} ${gateway.log}`;
      assert.ok(
        url.includes('{') ||
          body?.media ||
          /^(not-implemented|resource-not-found|precondition-not-fulfilled)$/.test(error_code),
        said,
      );
      assert.ok([...errors, 'invalid-request'].includes(vendor_code ?? error_code), said);
      assert.notEqual(error_code, 'internal-error', said);
    });
  }
});

describe('a JSON body', () => {
  const writing = ALL_ROUTES.filter(({ body, method }) => body && !body.media && method !== 'post');
  for (const payload of ['null', '[]', '"text"', '1', undefined]) {
    test(`${payload ?? 'that is missing'} is refused, or ignored, by every route that reads one`, async () => {
      for (const { method, path, operationId, tag } of writing) {
        const url = API_BASE + path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name as keyof typeof ids] ?? 'scan');
        const headers = { host: 'localhost:8080', 'content-type': 'application/json' };
        const reply = await ask(url, { method: method.toUpperCase(), headers, ...(payload && { payload }) });
        const isOff = ['Authentication', 'Fleet', 'Incidents', 'Updates'].includes(tag) && reply.statusCode === 501;
        assert.ok(reply.statusCode < 500 || isOff, `${operationId} ${payload}: ${reply.statusCode} ${reply.body}`);
        if (payload) assert.equal(reply.json().error_code, 'invalid-request', operationId);
      }
    });
  }
});

describe('addresses', () => {
  test('may end in one slash', async () => {
    for (const url of ['/api/v1', '/api/v1/', '/api/v1/apps/', '/api/v1/apps/lidar_driver/data/']) {
      assert.equal((await ask(url)).statusCode, 200, url);
    }
  });

  test('of data may have raw or encoded slashes', async () => {
    for (const id of ['%2Ffront%2Fleft%2Fscan', '/front/left/scan', '/front%2Fleft/scan']) {
      const reply = await ask(`/api/v1/apps/lidar_driver/data/${id}`);
      assert.equal(reply.json().id, '/front/left/scan', id);
    }
  });

  test('without a route get the error of ros2_medkit, whatever the method', async () => {
    for (const [method, url] of [
      ['GET', '/api/v1/robots'],
      ['GET', '/elsewhere'],
      ['DELETE', '/api/v1/robots'],
      ['OPTIONS', '/elsewhere'],
      ['GET', '/api/v1/apps/lidar_driver/nothing/here'],
    ]) {
      const reply = await ask(url!, { method });
      assert.equal(reply.statusCode, 404);
      assert.deepEqual(reply.json(), {
        error_code: 'resource-not-found',
        message: 'Resource not found',
        parameters: { status: 404 },
      });
    }
  });

  test('that do not support a method list the supported ones', async () => {
    for (const [method, url, allowed] of [
      ['DELETE', '/api/v1/apps', 'GET, HEAD'],
      ['OPTIONS', '/api/v1/apps?x=1', 'GET, HEAD'],
      ['PATCH', '/api/v1/apps/lidar_driver/data/front/left/scan', 'GET, HEAD, PUT'],
      ['GET', '/api/v1/apps/lidar_driver/status/restart', 'PUT'],
      ['PUT', '/api/v1/apps/lidar_driver/locks/', 'GET, HEAD, POST'],
      ['POST', '/', 'GET, HEAD'],
      ['POST', '/api/v1/apps/lidar_driver/operations/calibrate', 'GET, HEAD'],
      ['PUT', '/api/v1/areas/warehouse/bulk-data/maps', 'GET, HEAD'],
      ['POST', '/api/v1/areas/warehouse/bulk-data/maps', 'GET, HEAD'],
    ]) {
      const reply = await ask(url!, { method });
      const said = `${method} ${url}: ${reply.body}`;
      assert.deepEqual([reply.statusCode, reply.headers.allow], [405, allowed], said);
      assert.equal(reply.json().error_code, 'invalid-request', said);
    }
  });

  test('with invalid percent-encoding are 400', async () => {
    const reply = await ask('/api/v1/apps/%zz');
    assert.deepEqual([reply.statusCode, reply.json().error_code], [400, 'invalid-request']);
  });

  test('longer than 8192 bytes are 414', async () => {
    const reply = await ask(`/api/v1/apps/${'a'.repeat(8192)}`);
    assert.deepEqual([reply.statusCode, reply.json().error_code], [414, 'invalid-request']);
  });

  test('have different errors for invalid ids, ids of another kind and unknown ids', async () => {
    assert.equal((await ask(`/api/v1/apps/${'a'.repeat(257)}`)).json().error_code, 'invalid-parameter');
    assert.deepEqual((await ask('/api/v1/areas/lidar_driver')).json().parameters, {
      entity_id: 'lidar_driver',
      expected_type: 'Area',
      actual_type: 'App',
    });
    assert.equal((await ask('/api/v1/apps/nobody')).json().error_code, 'entity-not-found');
  });
});

describe('HEAD', () => {
  test('answers as GET does, without the body', async () => {
    for (const url of ['/api/v1/apps', '/api/v1/health', '/api/v1/apps/lidar_driver/data/%2Fscan', '/docs']) {
      const [head, get] = [await ask(url, { method: 'HEAD' }), await ask(url)];
      assert.equal(head.statusCode, 200, url);
      assert.equal(head.body, '');
      assert.equal(head.headers['content-length'], get.headers['content-length'], url);
    }
  });
});

describe('cached pages', () => {
  test('are not sent again to a client that has cached them', async () => {
    const { etag } = (await ask('/api/v1/apps')).headers;
    assert.match(String(etag), /^"boot-\d+"$/);
    const again = await ask('/api/v1/apps', { headers: { host: 'localhost', 'if-none-match': etag } });
    assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, '', etag]);
  });

  test('are compressed for clients that accept it, if that saves enough', async () => {
    const separate = await testGateway();
    separate.runtime.tell({ apps: Array.from({ length: 50 }, (_, index) => app(`node_${index}`)) });
    separate.clock.advance(100);
    const plain = await ask('/api/v1/apps', {}, separate);
    const take = async (accepted: string, more: object = {}) =>
      ask('/api/v1/apps', { headers: { host: 'localhost', 'accept-encoding': accepted, ...more } }, separate);
    const packed = await take('gzip, deflate, br');
    assert.deepEqual([packed.headers['content-encoding'], packed.headers.vary], ['gzip', 'Accept-Encoding']);
    assert.equal(gunzipSync(packed.rawPayload).toString(), plain.body);
    assert.equal(packed.headers.etag, `W/${plain.headers.etag}`);
    assert.equal((await take('gzip', { 'if-none-match': packed.headers.etag })).statusCode, 304);
    assert.equal((await take('identity', { 'if-none-match': packed.headers.etag })).statusCode, 304);
    for (const accepted of ['gzip;q=0', 'br', 'x-gzipped']) {
      assert.equal((await take(accepted)).headers['content-encoding'], undefined, accepted);
    }
    assert.equal((await take('deflate, gzip;q=0.5, *;q=0')).headers['content-encoding'], 'gzip');
    const small = await ask('/api/v1/areas', { headers: { host: 'localhost', 'accept-encoding': 'gzip' } }, separate);
    assert.equal(small.headers['content-encoding'], undefined);
  });

  test('are sent again after a change of the tree', async () => {
    const separate = await testGateway();
    const before = await ask('/api/v1/apps', {}, separate);
    separate.runtime.tell({ apps: [app('new_node')] });
    separate.clock.advance(100);
    const after = await ask(
      '/api/v1/apps',
      { headers: { host: 'localhost', 'if-none-match': before.headers.etag } },
      separate,
    );
    assert.equal(after.statusCode, 200);
    assert.deepEqual(
      after.json().items.map(({ id }: { id: string }) => id),
      ['new_node'],
    );
  });

  test('of removed entities are 404 and are not cached', async () => {
    const separate = await testGateway();
    assert.equal((await ask('/api/v1/apps/lidar_driver', {}, separate)).statusCode, 200);
    separate.runtime.tell({ apps: [] });
    separate.clock.advance(100);
    assert.equal((await ask('/api/v1/apps/lidar_driver', {}, separate)).statusCode, 404);
  });
});

describe('request bodies', () => {
  const put = (payload: unknown, type: string | undefined = 'application/json') =>
    ask('/api/v1/apps/lidar_driver/data/%2Fcmd_vel', {
      method: 'PUT',
      payload,
      headers: { host: 'localhost', ...(type && { 'content-type': type }) },
    });

  test('keep 64-bit integers exact, in the request and in the reply', async () => {
    const reply = await put('{"type":"geometry_msgs/msg/Twist","data":{"stamp":18446744073709551615}}');
    assert.match(reply.body, /"data":\{"stamp":18446744073709551615\}/);
    assert.deepEqual(gateway.runtime.written.at(-1)?.value, { stamp: 18446744073709551615n });
  });

  test('are JSON only with a JSON content type', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonx',
    ]) {
      const reply = await put('{"data":{}}', type);
      assert.deepEqual([reply.statusCode, reply.json().error_code], [415, 'invalid-request'], type);
      assert.match(reply.json().message, /Content-Type: application\/json/);
    }
    for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'application/merge-patch+json']) {
      assert.equal((await put('{"data":{}}', type)).statusCode, 200, type);
    }
  });

  test('that are malformed are refused without the message of the parser', async () => {
    for (const payload of ['{"data":', '{"data":{"__proto__":{}}}', '{data:1}']) {
      const reply = await put(payload);
      assert.equal(reply.statusCode, 400);
      assert.equal(reply.json().message, 'Malformed JSON: the request body is not a JSON document');
    }
  });

  test('of the wrong shape are rejected with every problem', async () => {
    const reply = await put('{"type":7,"data":{}}');
    assert.deepEqual(reply.json(), {
      error_code: 'invalid-request',
      message: 'Request body validation failed',
      parameters: { fields: [{ field: 'type', message: 'expected a string' }] },
    });
    assert.equal((await put('[1]')).json().parameters.fields[0].message, 'expected a JSON object');
  });

  test('larger than the limit are 413', async () => {
    const separate = await testGateway({ server: { max_body_bytes: 1024 } });
    const reply = await ask(
      '/api/v1/apps/lidar_driver/data/cmd_vel',
      { method: 'PUT', payload: { data: 'x'.repeat(2000) } },
      separate,
    );
    assert.equal(reply.statusCode, 413);
    assert.deepEqual(reply.json(), {
      error_code: 'payload-too-large',
      message: 'The request body is larger than the 1024 bytes allowed',
      parameters: { limit: 1024 },
    });
  });
});

test('a message may be larger than other bodies', async () => {
  const payload = { data: 'x'.repeat(1_200_000) };
  const message = await ask('/api/v1/apps/lidar_driver/data/cmd_vel', { method: 'PUT', payload });
  assert.equal(message.statusCode, 200);
  const trigger = await ask('/api/v1/apps/lidar_driver/triggers', { method: 'POST', payload });
  assert.deepEqual([trigger.statusCode, trigger.json().parameters], [413, { limit: 1_048_576 }]);
});

describe('failures', () => {
  test('of a runtime are logged and not sent to the client', async () => {
    const separate = await testGateway({}, () => {
      throw new Error('password=hunter2 at /etc/secret');
    });
    const reply = await ask('/api/v1/apps/lidar_driver/data/scan', {}, separate);
    assert.deepEqual([reply.statusCode, reply.json().error_code], [500, 'internal-error']);
    assert.doesNotMatch(reply.body, /hunter2|secret/);
    assert.match(separate.log.join(), /hunter2/);
  });

  test('of the gateway itself are logged and not sent to the client', async () => {
    const separate = await testGateway();
    separate.model.health = () => Promise.reject(new TypeError('undefined is not a robot'));
    const reply = await ask('/api/v1/health', {}, separate);
    assert.deepEqual(reply.json(), {
      error_code: 'internal-error',
      message: 'Internal server error',
      parameters: { details: 'An internal error occurred' },
    });
    assert.match(separate.log.join(), /GET \/api\/v1\/health: TypeError: undefined is not a robot/);
  });

  test('to answer in time are answered with 504', async () => {
    const separate = await testGateway({}, () => new Promise(() => undefined));
    const reading = ask('/api/v1/apps/lidar_driver/data/%2Fscan', {}, separate);
    await separate.clock.advanceAsync(10_000, 1000);
    assert.deepEqual([(await reading).statusCode, (await reading).json().error_code], [504, 'not-responding']);
  });
});

describe('the root', () => {
  test('lists its capabilities for both generations of clients', async () => {
    const root = (await ask('/api/v1/')).json();
    assert.equal(root.capabilities.discovery, true);
    assert.equal(root.capabilities.updates, false);
    assert.deepEqual(root.supported_features, [
      'async_actions',
      'bulk_data',
      'configurations',
      'cyclic_subscriptions',
      'data_access',
      'discovery',
      'faults',
      'locking',
      'logs',
      'operations',
      'scripts',
      'triggers',
    ]);
    assert.equal(root.entry_points.apps, '/api/v1/apps');
    assert.ok(root.endpoints.includes('GET /api/v1/apps/{app_id}'));
    for (const entry of Object.values<string>(root.entry_points))
      assert.equal((await ask(entry)).statusCode, 200, entry);
    const version = (await ask('/api/v1/version-info')).json();
    assert.deepEqual(version.items, version.sovd_info);
  });
});
