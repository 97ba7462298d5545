import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http, { type IncomingMessage, type RequestListener, type RequestOptions } from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock as clock, systemRandom as random, systemFiles, systemWritableFiles } from '@medkit/edges/node';
import Fastify from 'fastify';
import { trustedProxies } from '../../packages/gateway/src/security/trusted-proxies.ts';
import { forwardConnections, type ServingHub } from '../../packages/gateway/src/standby/forward-connections.ts';
import { replicaKey } from '../../packages/gateway/src/standby/replica-handshake.ts';
import { MAX_HANDSHAKES, serveReplicas } from '../../packages/gateway/src/standby/serve-replicas.ts';
import { listenAsStandby } from '../../packages/gateway/src/standby/standby-listener.ts';
import { testCertificate } from '../../packages/gateway/src/testing/test-certificate.ts';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { openTls } from '../../packages/gateway/src/tls/open-tls.ts';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';

const KEY = replicaKey(new Uint8Array(32).fill(1));
const BIG = Buffer.alloc(8 << 20, 'bytes of a recording ');
/** Client whose address differs from that of the standby. */
const CLIENT = '127.0.0.9';
const PROXY = '127.0.0.8';

const digestOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** A certificate on disk, as a gateway serves it. */
async function tlsOf(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-standby-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = { cert_file: join(folder, 'cert.pem'), key_file: join(folder, 'key.pem') };
  const made = testCertificate(clock.wallMs());
  writeFileSync(files.cert_file, made.cert);
  writeFileSync(files.key_file, made.key, { mode: 0o600 });
  const { server } = await testConfig();
  const tls = await openTls({
    config: await testConfig({ server: { tls: { ...server.tls, enabled: true, ...files } } }),
    files: { ...systemFiles, ...systemWritableFiles },
    watchFolder: () => undefined,
    ...{ clock, random, machineName: 'hub-a', addresses: [], log: () => undefined },
  });
  t.after(() => tls.close());
  return tls;
}

/** A server that serves replicas, as the hub that serves does. */
async function startHub(t: TestContext, isSecure: boolean, key = KEY) {
  const tls = isSecure ? await tlsOf(t) : undefined;
  const app = Fastify({
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies([PROXY])!,
    ...(tls && {
      serverFactory: (handler: RequestListener) => tls.createServer(handler, { connectionTimeout: 60_000 }),
    }),
  });
  const seen = { aborted: 0, logged: [] as string[] };
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.get('/address', async ({ ip, socket }) => ({ ip, socket: socket.remoteAddress }));
  app.get('/big', async () => BIG);
  app.put('/upload', async ({ raw }) => {
    const chunks: Buffer[] = [];
    for await (const chunk of raw) chunks.push(chunk);
    return { digest: digestOf(Buffer.concat(chunks)), trailers: raw.trailers };
  });
  app.get('/events', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.raw.write('data: first\n\n');
    reply.raw.once('close', () => seen.aborted++);
  });
  app.get('/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return 'finished';
  });
  app.server.on('upgrade', (_request, socket, head) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.write(head);
    socket.pipe(socket);
  });
  const address = `127.0.0.1:${await freePort()}`;
  const log = (_level: string, line: string): void => void seen.logged.push(line);
  await serveReplicas({ app, address, key, clock, random, log });
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => app.close());
  return { app, tls, address, seen };
}

type Hub = Awaited<ReturnType<typeof startHub>>;

interface StandbyOptions {
  readonly hub: Partial<ServingHub>;
  readonly tls?: Hub['tls'];
  readonly max?: number;
}

/** A standby in front of a hub. */
async function startStandby(t: TestContext, { hub, tls, max }: StandbyOptions) {
  const lines: string[] = [];
  const forwarder = forwardConnections({
    hub: { address: () => undefined, nextLook: async () => undefined, ...hub },
    ...{ key: KEY, idleMs: 60_000, clock, random, log: (_level, line) => void lines.push(line) },
    ...(max !== undefined && { max }),
  });
  const listener = await listenAsStandby({ server: { host: '127.0.0.1', port: 0 }, tls, forwarder, clock });
  t.after(() => listener.close());
  return { url: listener.url, lines, close: listener.close };
}

/** Sends a request on a new connection. */
function send(url: string, options: RequestOptions = {}) {
  const start = url.startsWith('https') ? https.request : http.request;
  return start(url, { agent: false, localAddress: CLIENT, ...options, rejectUnauthorized: false } as RequestOptions);
}

async function read(
  request: http.ClientRequest,
): Promise<{ readonly response: IncomingMessage; readonly body: Buffer }> {
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { response, body: Buffer.concat(chunks) };
}

const jsonOf = async (request: http.ClientRequest) => JSON.parse((await read(request)).body.toString());

for (const isSecure of [false, true]) {
  const scheme = isSecure ? 'HTTPS' : 'HTTP';
  test(`${scheme}: requests, uploads, trailers and upgrades pass a standby, with the address of the client`, async (t) => {
    const hub = await startHub(t, isSecure);
    const { url } = await startStandby(t, { hub: { address: () => hub.address }, tls: hub.tls });
    assert.deepEqual(await jsonOf(send(`${url}/address`)), { ip: CLIENT, socket: CLIENT });
    // As from any client: only a trusted proxy states another address.
    const headers = { 'x-forwarded-for': '10.0.0.7' };
    assert.equal((await jsonOf(send(`${url}/address`, { headers }))).ip, CLIENT);
    assert.equal((await jsonOf(send(`${url}/address`, { headers, localAddress: PROXY }))).ip, '10.0.0.7');

    assert.equal(digestOf((await read(send(`${url}/big`))).body), digestOf(BIG));
    const upload = send(`${url}/upload`, {
      method: 'PUT',
      headers: { 'transfer-encoding': 'chunked', trailer: 'x-check', expect: '100-continue', 'content-type': 'a/b' },
    });
    upload.flushHeaders();
    await once(upload, 'continue');
    upload.addTrailers({ 'x-check': 'done' });
    upload.write(BIG);
    assert.deepEqual(await jsonOf(upload), { digest: digestOf(BIG), trailers: { 'x-check': 'done' } });

    const upgrade = send(`${url}/socket`, { headers: { connection: 'Upgrade', upgrade: 'websocket' } });
    upgrade.end();
    const [, socket] = (await once(upgrade, 'upgrade')) as [IncomingMessage, Socket];
    socket.end(BIG);
    const echoed: Buffer[] = [];
    for await (const chunk of socket) echoed.push(chunk);
    assert.equal(digestOf(Buffer.concat(echoed)), digestOf(BIG));
  });

  test(`${scheme}: cuts of a client reach the hub, those of the hub the client, and the standby ends what it forwards`, async (t) => {
    const hub = await startHub(t, isSecure);
    const standby = await startStandby(t, { hub: { address: () => hub.address }, tls: hub.tls });
    const stream = async () => {
      const request = send(`${standby.url}/events`);
      request.end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      assert.equal(String((await once(response, 'data'))[0]), 'data: first\n\n');
      request.on('error', () => undefined);
      response.on('error', () => undefined);
      return { request, ended: new Promise((resolve) => response.once('close', resolve)) };
    };
    const first = await stream();
    first.request.destroy();
    await eventually('the hub notices it', async () => hub.seen.aborted === 1);
    const second = await stream();
    hub.app.server.closeAllConnections();
    await second.ended;
    const third = await stream();
    await standby.close();
    await third.ended;
    await eventually('the hub notices it', async () => hub.seen.aborted === 3);
  });

  test(`${scheme}: a hub that closes finishes the requests of its standby`, async (t) => {
    const hub = await startHub(t, isSecure);
    const { url } = await startStandby(t, { hub: { address: () => hub.address }, tls: hub.tls });
    const request = send(`${url}/slow`);
    const reply = read(request);
    await once(hub.app.server, 'request');
    await hub.app.close();
    assert.equal((await reply).body.toString(), 'finished');
  });

  test(`${scheme}: a standby without a hub to forward to answers 503 with the reason`, async (t) => {
    const tls = isSecure ? await tlsOf(t) : undefined;
    const other = await startHub(t, isSecure, replicaKey(new Uint8Array(32).fill(2)));
    const web = http.createServer((_request, response) => response.end('a web server')).listen(0, '127.0.0.1');
    const mute = createServer().listen(0, '127.0.0.1');
    t.after(() => {
      web.close();
      mute.close();
    });
    const addressOf = (server: { address(): unknown }) => `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const cases: readonly (readonly [string | undefined, RegExp])[] = [
      [undefined, /it has no fleet\.replica_address: set it on both hubs/],
      [`127.0.0.1:${await freePort()}`, /ECONNREFUSED/],
      [other.address, /not a hub with the same fleet\.secret_file/],
      [addressOf(web), /the connection ended|not a hub with the same/],
      [addressOf(mute), /it does not answer|the connection ended/],
    ];
    for (const [address, reason] of cases) {
      const { url, lines } = await startStandby(t, { hub: { address: () => address }, tls });
      for (let round = 0; round < 2; round++) {
        const { response, body } = await read(send(`${url}/address`));
        assert.equal(response.statusCode, 503);
        assert.equal(response.headers['retry-after'], '5');
        assert.match(JSON.parse(body.toString()).message, reason);
      }
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(lines[0] ?? '', reason);
    }
    assert.match(other.seen.logged.join('\n'), /refused a connection at fleet\.replica_address/);
  });
}

test('a standby looks at the database again if the hub does not answer, and forwards to the next one', async (t) => {
  const hub = await startHub(t, false);
  let address = `127.0.0.1:${await freePort()}`;
  const nextLook = async () => {
    address = hub.address;
  };
  const { url } = await startStandby(t, { hub: { address: () => address, nextLook } });
  assert.equal((await jsonOf(send(`${url}/address`))).ip, CLIENT);
});

test('connections above the maximum are answered with 503, and those that end make room', async (t) => {
  const hub = await startHub(t, false);
  const { url } = await startStandby(t, { hub: { address: () => hub.address }, max: 2 });
  const streams = [send(`${url}/events`), send(`${url}/events`)];
  for (const stream of streams) {
    stream.end();
    stream.on('error', () => undefined);
    await once(stream, 'response');
  }
  const { response, body } = await read(send(`${url}/address`));
  assert.equal(response.statusCode, 503);
  assert.match(body.toString(), /already forwards 2 connections, which is the maximum/);
  streams[0]?.destroy();
  await eventually('room', async () => (await read(send(`${url}/address`))).response.statusCode === 200);
  streams[1]?.destroy();
});

test('connections without a handshake replace the oldest of them, and do not disturb a standby', async (t) => {
  const hub = await startHub(t, false);
  const [host = '', port = ''] = hub.address.split(':');
  const silent: Socket[] = [];
  t.after(() => {
    for (const socket of silent) socket.destroy();
  });
  let closed = 0;
  for (let at = 0; at <= MAX_HANDSHAKES; at++) {
    const socket = connect(Number(port), host);
    socket.on('error', () => undefined).once('close', () => closed++);
    socket.resume();
    silent.push(socket);
    await once(socket, 'connect');
  }
  await eventually('the oldest is closed', async () => closed === 1);
  assert.equal(silent[0]?.destroyed, true);
  const { url } = await startStandby(t, { hub: { address: () => hub.address } });
  assert.equal((await jsonOf(send(`${url}/address`))).ip, CLIENT);
});
