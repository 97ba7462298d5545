import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { SimulatedClock } from '@medkit/edges/testing';
import { listen, StartRefused } from '../listen.ts';
import { testGateway } from '../testing/test-gateway.ts';
import { closeServer } from './close-server.ts';

const HOST = '127.0.0.1';
const anyPort = { host: HOST, port: 0, clock: systemClock };
const gateway = await testGateway({ server: { max_body_bytes: 1024 } });
let port = 0;

before(async () => {
  port = await listen(gateway.app, anyPort);
});
after(() => gateway.app.close());

/** Sends bytes unchanged and returns the whole response. */
function exchange(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = '';
    const socket = connect(port, HOST, () => socket.write(text));
    socket.setEncoding('utf8').on('data', (data) => {
      reply += data;
    });
    socket.on('close', () => resolve(reply)).on('error', reject);
  });
}

function parts(reply: string) {
  const [head = '', body = ''] = reply.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) as { error_code: string; message: string } };
}

test('headers that are too large are answered with 431', async () => {
  const { status, body } = parts(
    await exchange(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`),
  );
  assert.deepEqual([status, body.error_code], [431, 'invalid-request']);
});

test('an address beyond all limits is answered with 414', async () => {
  const { status } = parts(await exchange(`GET /${'x'.repeat(40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
  assert.equal(status, 414);
});

test('an unknown method, or bytes that are not HTTP, are answered with 400', async () => {
  assert.equal(parts(await exchange('FETCH / HTTP/1.1\r\nHost: localhost\r\n\r\n')).status, 400);
  assert.equal(parts(await exchange('\x16\x03\x01hello\r\n\r\n')).status, 400);
  assert.equal(
    parts(await exchange('PROPFIND / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).status,
    400,
  );
});

test('the gateway waits ten minutes for a client that does not read, in addition to the time of a service call', () => {
  assert.equal(gateway.app.server.timeout, 610_000);
});

test('HTTP/1.1 without a Host is refused', async () => {
  assert.equal(parts(await exchange('GET /api/v1/apps HTTP/1.1\r\nConnection: close\r\n\r\n')).status, 421);
});

test('a request with two hosts is refused', async () => {
  for (const request of [
    'GET /api/v1/apps HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'GET http://evil.example/api/v1/apps HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  ]) {
    const { status, body } = parts(await exchange(request));
    assert.deepEqual([status, body.error_code], [400, 'invalid-request']);
  }
  const absolute = 'GET http://localhost/api/v1/apps HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  assert.equal(parts(await exchange(absolute)).status, 200);
});

test('a body over the limit is answered with 413, with or without Content-Length', async () => {
  const head =
    'PUT /api/v1/apps/lidar_driver/data/cmd_vel HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n';
  assert.equal(parts(await exchange(`${head}Content-Length: 2000\r\n\r\n${'x'.repeat(2000)}`)).status, 413);
  const chunked = parts(
    await exchange(`${head}Transfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2000)}\r\n0\r\n\r\n`),
  );
  assert.deepEqual([chunked.status, chunked.body.error_code], [413, 'payload-too-large']);
});

test('a body far over the limit is answered with 413, not with a broken connection', async () => {
  const size = 5_000_000;
  const head = `PUT /api/v1/apps/lidar_driver/data/cmd_vel HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
  const { status, body } = parts(await exchange(`${head}Content-Length: ${size}\r\n\r\n${'x'.repeat(size)}`));
  assert.deepEqual([status, body.error_code], [413, 'payload-too-large']);
});

test('a port in use is reported in one line with the remedy', async () => {
  const second = await testGateway();
  await assert.rejects(listen(second.app, { ...anyPort, port }), (error: StartRefused) => {
    assert.ok(error instanceof StartRefused);
    assert.equal(error.code, 'EADDRINUSE');
    assert.equal(
      error.message,
      `${HOST}:${port} is already in use by another SOVD gateway; choose another port with --port`,
    );
    return true;
  });
  await assert.rejects(
    listen(second.app, { ...anyPort, host: '192.0.2.1' }),
    /192\.0\.2\.1 is not an address of this machine/,
  );
});

test('closing lets a request in progress finish and accepts no other', async () => {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const separate = await testGateway({}, () => {
    arrived.resolve();
    return released.promise;
  });
  const separatePort = await listen(separate.app, anyPort);
  const reading = fetch(`http://${HOST}:${separatePort}/api/v1/apps/lidar_driver/data/%2Fscan`);
  await arrived.promise;
  const closed = closeServer(separate.app, systemClock);
  released.resolve();
  assert.equal((await reading).status, 200);
  await closed;
  await assert.rejects(fetch(`http://${HOST}:${separatePort}/api/v1/health`));
});

test('closing aborts a request that never finishes, after a while', async () => {
  const arrived = Promise.withResolvers<void>();
  const separate = await testGateway({}, () => {
    arrived.resolve();
    return new Promise(() => undefined);
  });
  const separatePort = await listen(separate.app, anyPort);
  const reading = fetch(`http://${HOST}:${separatePort}/api/v1/apps/lidar_driver/data/%2Fscan`);
  await arrived.promise;
  const clock = new SimulatedClock();
  const closed = closeServer(separate.app, clock);
  clock.advance(6000);
  await assert.rejects(reading);
  await closed;
});

test('closing answers a change in progress with an unknown outcome, and a read with the shutdown', async () => {
  const arrived = { read: Promise.withResolvers<void>(), write: Promise.withResolvers<void>() };
  const never = (method: keyof typeof arrived) => () => {
    arrived[method].resolve();
    return new Promise<never>(() => undefined);
  };
  const configurations = { read: never('read'), write: never('write') };
  const separate = await testGateway({}, undefined, { configurations: configurations as never });
  const separatePort = await listen(separate.app, anyPort);
  const url = `http://${HOST}:${separatePort}/api/v1/apps/lidar_driver/configurations/rate`;
  const headers = { 'content-type': 'application/json' };
  const requests = [fetch(url, { method: 'PUT', headers, body: '{"data":10}' }), fetch(url)];
  await Promise.all([arrived.read.promise, arrived.write.promise]);
  const clock = new SimulatedClock();
  const closed = closeServer(separate.app, clock, () => separate.model.endCalls());
  clock.advance(5000);
  const replies = await Promise.all(requests);
  const bodies = await Promise.all(replies.map(async (reply) => (await reply.json()) as Record<string, unknown>));
  assert.deepEqual(
    bodies.map((body, at) => [replies[at]?.status, body['vendor_code'] ?? body['error_code']]),
    [
      [504, 'x-medkit-outcome-unknown'],
      [503, 'x-medkit-gateway-shutdown'],
    ],
  );
  await closed;
});

test('a request that arrives while the gateway shuts down gets the shutdown error on every route', async () => {
  const stopping = await testGateway();
  const to = await listen(stopping.app, anyPort);
  const paths = ['apps/lidar_driver/logs', 'apps/lidar_driver/logs/configuration', 'apps/lidar_driver/operations'];
  const begun = await Promise.all(
    paths.map(async (path) => {
      const socket = connect(to, HOST).setEncoding('utf8');
      await once(socket, 'connect');
      socket.write(`GET /api/v1/${path} HTTP/1.1\r\nHost: localhost\r\n`);
      return socket;
    }),
  );
  // All of them have arrived once a complete request, sent after them, was answered.
  await fetch(`http://${HOST}:${to}/api/v1/health`);
  const closed = stopping.app.close();
  for (const socket of begun) {
    socket.write('\r\n');
    const reply = (await socket.toArray()).join('');
    assert.match(reply, /^HTTP\/1\.1 503 /);
    assert.match(reply, /"vendor_code":"x-medkit-gateway-shutdown"/);
  }
  await closed;
});
