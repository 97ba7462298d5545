import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { systemClock } from '@medkit/edges/node';
import { httpStreamsOver } from '@medkit/edges/node/http-streams';
import { acceptUplink, connectUplink, type HubUplink, type RobotUplink, type UplinkFailed } from '@medkit/tunnel';
import { memoryRobot, uplinkScene } from '@medkit/tunnel/testing';
import { WebSocket, WebSocketServer } from 'ws';
import { makeCertificate as makeServerCertificate } from '../../packages/gateway/src/tls/self-signed/make-certificate.ts';
import { PeerLink } from '../../packages/runtimes/peer/src/peer-link.ts';
import { makeCertificate } from '../harness/certificates.ts';
import { startProxy } from '../harness/reverse-proxy.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const BIG = Buffer.alloc(8 << 20, 'bytes of a recording ');
/** Idle limit of the proxies in this test, in seconds. */
const IDLE_SEC = 2;

const digestOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** A robot's server: a file with ranges, an upload, and an event stream. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'PUT') {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => response.end(digestOf(Buffer.concat(chunks))));
  } else if (request.url?.endsWith('/events')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: first\n\n');
    setTimeout(() => response.write('data: second\n\n'), 50);
  } else {
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
    const part = request.url?.endsWith('/big') ? BIG.subarray(Number(from ?? 0), Number(to ?? BIG.length) + 1) : '{}';
    response.writeHead(from === undefined ? 200 : 206);
    response.end(part);
  }
}

/** A hub on loopback that accepts the uplink of one robot, and the robot's options. */
async function startHub() {
  const known = uplinkScene(systemClock, answer);
  const scene = { ...known, robotEnd: { ...known.robotEnd, record: memoryRobot(1) } };
  const server = createServer((_request, response) => response.writeHead(404).end());
  const accepted: HubUplink[] = [];
  const failed: Error[] = [];
  server.on('upgrade', (request, socket, head) => {
    acceptUplink({ request, socket, head }, scene.hubEnd).then(
      (uplink) => void (uplink.kind === 'open' && accepted.push(uplink)),
      (error) => failed.push(error),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    server,
    scene,
    accepted,
    failed,
    dial: (url: string, options: Partial<Parameters<typeof connectUplink>[0]> = {}) =>
      connectUplink({ ...scene.robotEnd, url, ...options }),
    [Symbol.dispose]: () => {
      for (const uplink of accepted) uplink.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function octetsOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Uses everything that a hub needs: documents by `PeerLink`, a body of 8 MiB both ways, a range and an event stream. */
async function checkRequests(hub: HubUplink): Promise<void> {
  const peer = { name: 'amr-17', url: 'http://robot' };
  const names = { addressesOf: async () => ['127.0.0.1'] };
  const link = new PeerLink(peer, { clock: systemClock, http: httpStreamsOver(hub.dial('gateway')), names });
  const document = await link.document({ method: 'GET', path: '/apps', headers: {}, timeoutMs: 5000 });
  assert.equal(document.text, '{}');
  const { open } = httpStreamsOver(hub.dial('files'));
  const get = (path: string, headers = {}) =>
    open({ method: 'GET', url: `http://robot${path}`, headers, timeoutMs: 5000 });
  assert.equal(digestOf(await octetsOf((await get('/big')).body)), digestOf(BIG));
  const range = await get('/big', { range: 'bytes=65536-1114111' });
  assert.equal(range.status, 206);
  assert.ok((await octetsOf(range.body)).equals(BIG.subarray(65_536, 1_114_112)));
  const sent = await open({ method: 'PUT', url: 'http://robot/big', headers: {}, body: BIG, timeoutMs: 5000 });
  assert.equal(String(await octetsOf(sent.body)), digestOf(BIG));
  const events = await get('/events');
  let text = '';
  for await (const chunk of events.body) {
    text += Buffer.from(chunk);
    if (text.endsWith('second\n\n')) break;
  }
  assert.equal(text, 'data: first\n\ndata: second\n\n');
}

const hasEnded = (uplink: RobotUplink, withinMs: number) =>
  Promise.race([uplink.ended, new Promise<undefined>((resolve) => setTimeout(resolve, withinMs, undefined))]);

suite('an uplink through real proxies that end the outer TLS', {
  skip: missingSystemPackages('proxies'),
  timeout: 240_000,
  concurrency: true,
}, () => {
  for (const name of ['nginx', 'haproxy'] as const) {
    test(`${name}: requests and large bodies are right, pings keep it open, and silence is a lost connection`, async () => {
      await using stack = new AsyncDisposableStack();
      const folder = mkdtempSync(join(tmpdir(), 'medkit-tunnel-'));
      stack.defer(() => rmSync(folder, { recursive: true, force: true }));
      const certificate = makeCertificate({ folder, name: 'proxy', subject: 'DNS:localhost' });
      const hub = stack.use(await startHub());
      const idle = `${IDLE_SEC}s`;
      const proxy = stack.use(
        await startProxy({
          ...{ name, guide: 'uplink.md', folder, certificate, gateway: hub.host },
          replace: { '60s': idle },
        }),
      );
      const url = `${proxy.url.replace('https', 'wss')}/uplink`;
      const authorities = [certificate.cert];
      await assert.rejects(
        hub.dial(url),
        /certificate of .* is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT; set hub.ca_file/,
      );
      const uplink = await hub.dial(url, { authorities });
      assert.equal(uplink.outerProblem, undefined);
      await checkRequests(hub.accepted[0] as HubUplink);
      // Twice the idle limit passes without a request.
      assert.equal(await hasEnded(uplink, 2 * IDLE_SEC * 1000), undefined);
      uplink.close();
      const record = { ...memoryRobot(30), ratchet: hub.scene.robotEnd.record.ratchet };
      const silent = await hub.dial(url, { authorities, record });
      const { end, silentMs } = await silent.ended;
      assert.equal(end.kind, 'lost');
      assert.ok(silentMs > IDLE_SEC * 900, `${silentMs}`);
    });
  }
});

/** Forwards TCP to a port until `stall` is called: then no byte passes, and no connection is closed. */
async function stallingRelay(host: string) {
  const [, port] = host.split(':');
  const sockets: Socket[] = [];
  const server = createTcpServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far);
    far.pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/uplink`,
    stall: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test('both ends notice a half-open connection after two and a half periods', async () => {
  using hub = await startHub();
  using relay = await stallingRelay(hub.host);
  const uplink = await hub.dial(relay.url);
  relay.stall();
  const { end, silentMs } = await uplink.ended;
  assert.deepEqual([end.reason, silentMs], ['the hub does not answer pings', 0]);
  assert.match(await (hub.accepted[0] as HubUplink).ended, /no ping for 2.5 s/);
});

test('a busy hub, and an address that is no hub, are reported as such', async () => {
  using hub = await startHub();
  const url = `ws://${hub.host}/uplink`;
  for (const [status, header, kind] of [
    ['503 Busy', 'Retry-After: 7\r\n', 'busy'],
    ['404 Not Found', '', 'lost'],
  ] as const) {
    hub.server.removeAllListeners('upgrade');
    hub.server.on('upgrade', (_request, socket) =>
      socket.end(`HTTP/1.1 ${status}\r\n${header}Content-Length: 0\r\n\r\n`),
    );
    const end = await hub.dial(url).then(
      () => assert.fail('it must not connect'),
      (error: UplinkFailed) => error.end,
    );
    assert.equal(end.kind, kind, end.reason);
    if (end.kind === 'busy') assert.equal(end.retryMs, 7000);
    else assert.match(end.reason, /answered 404 instead of a WebSocket: check the address/);
  }
});

/** Relays WebSocket messages and changes one byte of the message `at` of the hub, as a hostile TLS proxy could. */
async function changingProxy(hub: string, at: number) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (near) => {
    const far = new WebSocket(`ws://${hub}/uplink`);
    let count = 0;
    const early: Buffer[] = [];
    near.on('message', (data: Buffer) => (far.readyState === far.OPEN ? far.send(data) : early.push(data)));
    far.on('open', () => {
      for (const data of early) far.send(data);
    });
    far.on('message', (data: Buffer) => {
      count += 1;
      if (count === at) data[data.length >> 1] = (data[data.length >> 1] ?? 0) ^ 1;
      near.send(data);
    });
    near.on('close', () => far.terminate());
    far.on('close', () => near.terminate());
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/uplink`,
    [Symbol.dispose]: () => server.close(),
  };
}

test('a proxy that changes a byte breaks the connection and adds nothing to it', async () => {
  using hub = await startHub();
  using honest = await changingProxy(hub.host, -1);
  (await hub.dial(honest.url)).close();
  for (const at of [1, 2]) {
    using proxy = await changingProxy(hub.host, at);
    const end = await hub.dial(proxy.url).then(
      ({ ended }) => ended.then((session) => session.end),
      (error) => error.end,
    );
    assert.equal(end.kind, 'lost', `${at}: ${end.reason}`);
  }
});

test('an outer certificate of another time is accepted, because a robot may start in 1970', async () => {
  const { cert, key } = makeServerCertificate({
    names: ['localhost'],
    notBeforeMs: Date.UTC(2090, 0, 1),
    notAfterMs: Date.UTC(2099, 0, 1),
    serial: Buffer.alloc(16, 1),
  });
  using hub = await startHub();
  const outer = createTlsServer({ cert, key }, (near) => {
    const far = connect(Number(hub.host.split(':')[1]), '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(outer, 'listening');
  const url = `wss://localhost:${(outer.address() as AddressInfo).port}/uplink`;
  const uplink = await hub.dial(url, { authorities: [cert] });
  assert.equal(uplink.outerProblem, 'CERT_NOT_YET_VALID');
  uplink.close();
  await uplink.ended;
  outer.close();
});
