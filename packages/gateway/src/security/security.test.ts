import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testGateway } from '../testing/test-gateway.ts';
import { hasSingleHost, hostNames } from './host-names.ts';
import { tokenCheck } from './token.ts';

const UI = 'https://ui.example.com';
const closed = await testGateway();
const open = await testGateway({ cors: { allowed_origins: [UI] } });
const guarded = await testGateway({ server: { token: 'a-long-enough-secret' } });

function ask(gateway: typeof closed, headers: Record<string, string>, options: object = {}) {
  return gateway.app.inject({ url: '/api/v1/apps', headers: { host: 'localhost:8080', ...headers }, ...options });
}

describe('the Host of a request', () => {
  const isOurs = hostNames({ boundHost: 'robot.lan', machineName: 'Robot-01', allowedHosts: ['fleet.example'] });

  test('is accepted by address, machine name, bound host or configuration, with any port', () => {
    for (const host of [
      'localhost',
      'LOCALHOST:8080',
      '127.0.0.1:8080',
      '[::1]:8080',
      '192.168.0.7',
      'robot.lan',
      'robot-01',
      'robot-01.local:80',
      'fleet.example',
    ]) {
      assert.ok(isOurs(host), host);
    }
  });

  test('is rejected if it is any other name, however similar', () => {
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'evil.example:8080',
      '',
      'localhost:x',
      '[::1',
      'user@localhost',
      '1.2.3.4.5',
    ]) {
      assert.equal(isOurs(host), false, host);
    }
  });

  test('must be unique: a second Host header, or another host in the request line, is refused', () => {
    const of = (url: string, ...hosts: string[]) =>
      hasSingleHost({ url, headers: { host: hosts[0] }, rawHeaders: hosts.flatMap((host) => ['hOST', host]) });
    assert.ok(of('/api/v1/apps', 'robot-01'));
    assert.ok(of('http://Robot-01:8080/api/v1/apps', 'robot-01:8080'));
    assert.ok(of('*', 'robot-01'));
    assert.ok(of('/api/v1/apps'));
    assert.equal(of('/api/v1/apps', 'robot-01', 'robot-01'), false);
    assert.equal(of('/api/v1/apps', 'robot-01', 'evil.example'), false);
    for (const url of [
      'http://evil.example/api/v1/apps',
      'https://robot-01@evil.example/',
      'http:///',
      'ftp://robot-01/',
    ]) {
      assert.equal(of(url, 'robot-01'), false, url);
    }
    assert.equal(of('http://robot-01/'), false);
  });

  test('is refused with 421 if a foreign name resolves to the robot', async () => {
    const reply = await ask(closed, { host: 'evil.example:8080' });
    assert.equal(reply.statusCode, 421);
    assert.equal(reply.json().error_code, 'forbidden');
  });
});

describe('a page of a foreign origin', () => {
  test('may neither read nor write, and gets no CORS header', async () => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const) {
      for (const origin of ['https://evil.example', 'null', 'http://localhost:3000']) {
        const reply = await ask(closed, { origin }, { method });
        assert.equal(reply.statusCode, 403, `${method} ${origin}`);
        assert.equal(reply.headers['access-control-allow-origin'], undefined);
      }
    }
  });

  test('may not embed resources, although browsers fetch these without an Origin header', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const reply = await ask(closed, {
        'sec-fetch-site': site,
        'sec-fetch-mode': 'no-cors',
        'sec-fetch-dest': 'script',
      });
      assert.equal(reply.statusCode, 403, site);
    }
  });

  test('may link to the gateway, but not show it in a frame', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    assert.equal((await ask(closed, { ...link, 'sec-fetch-dest': 'document' })).statusCode, 200);
    assert.equal((await ask(closed, { ...link, 'sec-fetch-dest': 'iframe' })).statusCode, 403);
  });

  test('may not send a form to the gateway, with or without an Origin header', async () => {
    const form = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      assert.equal(
        (await ask(closed, form, { method, url: '/api/v1/apps/lidar_driver/faults' })).statusCode,
        403,
        method,
      );
    }
  });

  test('does not reach a runtime with a simple POST or PUT', async () => {
    const written = closed.runtime.written.length;
    await ask(
      closed,
      { origin: 'https://evil.example', 'content-type': 'text/plain' },
      {
        method: 'PUT',
        url: '/api/v1/apps/lidar_driver/data/%2Fcmd_vel',
        payload: '{"data":{}}',
      },
    );
    assert.equal(closed.runtime.written.length, written);
  });
});

describe('the pages of the gateway and programs', () => {
  test('are admitted', async () => {
    for (const headers of [
      {},
      { origin: 'http://localhost:8080' },
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    ] as Record<string, string>[]) {
      assert.equal((await ask(closed, headers)).statusCode, 200, JSON.stringify(headers));
    }
  });
});

describe('a page of an allowed origin', () => {
  test('may read, and the reply names its origin', async () => {
    const { statusCode, headers } = await ask(open, { origin: UI });
    assert.equal(statusCode, 200);
    assert.equal(headers['access-control-allow-origin'], UI);
    assert.equal(headers.vary, 'Origin');
    assert.match(String(headers['access-control-expose-headers']), /ETag, Location/);
    assert.equal(headers['access-control-allow-credentials'], undefined);
  });

  test('can read errors', async () => {
    const reply = await ask(open, { origin: UI }, { url: '/api/v1/apps/nobody' });
    assert.deepEqual([reply.statusCode, reply.headers['access-control-allow-origin']], [404, UI]);
  });

  test('gets the allowed methods and headers in reply to a preflight request', async () => {
    const reply = await ask(open, { origin: UI, 'access-control-request-method': 'PUT' }, { method: 'OPTIONS' });
    assert.deepEqual([reply.statusCode, reply.body], [204, '']);
    assert.equal(reply.headers['access-control-max-age'], '86400');
    assert.equal(reply.headers['access-control-allow-methods'], 'GET, PUT, POST, DELETE, OPTIONS');
    const allowed = String(reply.headers['access-control-allow-headers']).split(', ');
    for (const name of ['X-Client-Id', 'Last-Event-ID', 'If-None-Match']) assert.ok(allowed.includes(name), name);
  });

  test('is the only one that gets a reply to a preflight request', async () => {
    assert.equal((await ask(open, { origin: 'https://evil.example' }, { method: 'OPTIONS' })).statusCode, 403);
    assert.equal((await ask(open, {}, { method: 'OPTIONS' })).statusCode, 403);
    assert.equal((await ask(open, { origin: 'https://evil.example' })).statusCode, 403);
    const program = await ask(open, {});
    assert.deepEqual([program.statusCode, program.headers.vary], [200, 'Origin']);
  });
});

describe('a token', () => {
  test('is required for every request that could reveal something about the robot', async () => {
    for (const url of ['/api/v1/', '/api/v1/apps', '/api/v1/apps/docs', '/api/v1/nowhere']) {
      const reply = await ask(guarded, {}, { url });
      assert.equal(reply.statusCode, 401, url);
      assert.equal(reply.headers['www-authenticate'], 'Bearer realm="medkit"');
    }
    assert.equal((await ask(guarded, { authorization: 'Bearer a-long-enough-secret' })).statusCode, 200);
  });

  test('is not required for the page, the documentation and its files', async () => {
    for (const url of ['/', '/docs', '/api/v1/docs', '/api/v1/swagger-ui/swagger-ui.css']) {
      assert.equal((await ask(guarded, {}, { url })).statusCode, 200, url);
    }
  });

  test('is required for details of the health, but not to see that the gateway runs', async () => {
    const anonymous = (await ask(guarded, {}, { url: '/api/v1/health' })).json();
    assert.deepEqual(Object.keys(anonymous), ['status', 'timestamp', 'warning_schema_version', 'warnings']);
    const whole = await ask(guarded, { authorization: 'Bearer a-long-enough-secret' }, { url: '/api/v1/health' });
    assert.ok('discovery' in whole.json());
  });

  test('that is wrong causes another error than a missing one', async () => {
    const reply = await ask(guarded, { authorization: 'Bearer not-this-one' });
    assert.equal(reply.statusCode, 401);
    assert.equal(reply.headers['www-authenticate'], 'Bearer realm="medkit", error="invalid_token"');
  });

  test('is described in the OpenAPI document', async () => {
    const document = (await ask(guarded, {}, { url: '/api/v1/docs' })).json();
    assert.equal(document.components.securitySchemes.bearerAuth.scheme, 'bearer');
  });

  test('is compared as a whole', () => {
    const isToken = tokenCheck('s3cret-s3cret-s3cret');
    assert.ok(isToken('Bearer s3cret-s3cret-s3cret'));
    assert.ok(isToken('bearer s3cret-s3cret-s3cret'));
    for (const wrong of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      'Bearer s3cret',
      'Basic s3cret-s3cret-s3cret',
      'Bearer s3cret-s3cret-s3cret x',
    ]) {
      assert.equal(isToken(wrong), false, String(wrong));
    }
  });
});
