import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { connect } from 'node:http2';
import { Duplex, duplexPair } from 'node:stream';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { httpStreamsOver } from '@medkit/edges/node/http-streams';
import { SimulatedClock } from '@medkit/edges/testing';
import { type UplinkEnd, UplinkFailed } from './handshake/uplink-end.ts';
import { type HubUplink, openHubEnd } from './hub-end.ts';
import { identityFrom, newIdentityKey } from './identity/identity.ts';
import { openRobotEnd } from './robot-end.ts';
import { type Authority, MAX_STREAMS } from './session/authorities.ts';
import { robotSession } from './session/robot-session.ts';
import { memoryCarriers } from './testing/memory-carriers.ts';
import { uplinkPair, uplinkScene } from './testing/uplink-pair.ts';
import { filePace } from './timing/file-pace.ts';

const BIG = Buffer.alloc(1_000_000, 'robot');

const open = (far: HubUplink, authority: Authority, path = '/') =>
  httpStreamsOver(far.dial(authority)).open({
    method: 'GET',
    url: `http://robot${path}`,
    headers: {},
    timeoutMs: 5000,
  });

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const scene = (clock: SimulatedClock) =>
  uplinkScene(clock, (request, response) => response.end(request.url === '/big' ? BIG : `robot ${request.url}`));

test('the hub sends requests through the uplink, and the robot answers them with its HTTP server', async () => {
  const clock = new SimulatedClock();
  const { near, far } = await uplinkPair(clock, scene(clock));
  assert.equal(near.agreement.welcome.robot, 'amr-17');
  assert.equal(far.hello.boot, 412);
  const reply = await open(far, 'gateway', '/api/v1/apps');
  assert.equal(await textOf(reply.body), 'robot /api/v1/apps');
  const file = await open(far, 'files', '/big');
  assert.ok(Buffer.from(await textOf(file.body)).equals(BIG));
  near.close();
  assert.equal((await near.ended).end.kind, 'closed');
  await far.ended;
});

test('a destination that the robot does not serve is refused with 404, without an effect on the session', async () => {
  const clock = new SimulatedClock();
  const { near, far } = await uplinkPair(clock, scene(clock));
  await assert.rejects(open(far, 'uplink'), /the robot answered 404 for the destination uplink/);
  assert.equal((await open(far, 'gateway')).status, 200);
  near.close();
});

/** Serves a session in memory and opens one request on it with a bare client. */
async function statusOf(headers: Readonly<Record<string, string>>): Promise<number> {
  const clock = new SimulatedClock();
  const [near, far] = duplexPair();
  const serve = { gateway: () => assert.fail('it must not be served') };
  robotSession(near, { serve, pace: filePace(clock, 0), clock, ping: () => undefined, onEnd: () => undefined });
  const session = connect('http://robot', { createConnection: () => far });
  const stream = session.request({ ...headers });
  const status = await new Promise<number>((resolve) =>
    stream.once('response', ({ ':status': found }) => resolve(Number(found))),
  );
  session.destroy();
  return status;
}

test('anything but CONNECT to a known destination is refused', async () => {
  assert.equal(await statusOf({ ':method': 'GET', ':path': '/', ':authority': 'gateway' }), 405);
  assert.equal(await statusOf({ ':method': 'POST', ':path': '/', ':authority': 'gateway' }), 405);
  assert.equal(await statusOf({ ':method': 'CONNECT', ':authority': '127.0.0.1:22' }), 404);
  assert.equal(await statusOf({ ':method': 'CONNECT', ':authority': '__proto__' }), 404);
});

test('a robot has at most a hundred open streams, and a cancelled request makes room', async () => {
  const clock = new SimulatedClock();
  const waiting = uplinkScene(clock, () => undefined);
  const { near, far } = await uplinkPair(clock, waiting);
  const streams = await Promise.all(
    Array.from(
      { length: MAX_STREAMS },
      () =>
        new Promise<{ destroy(): void }>((resolve, reject) => {
          far.dial('gateway')({} as never, (error, socket) => (socket ? resolve(socket) : reject(error)));
        }),
    ),
  );
  await assert.rejects(open(far, 'gateway'), /100 open streams/);
  const closed = new Promise((resolve) => (streams[0] as unknown as NodeJS.EventEmitter).once('close', resolve));
  streams[0]?.destroy();
  await closed;
  const cancelled = new AbortController();
  const reply = httpStreamsOver(far.dial('gateway')).open({
    method: 'GET',
    url: 'http://robot/',
    headers: {},
    timeoutMs: 5000,
    signal: cancelled.signal,
  });
  cancelled.abort();
  await assert.rejects(reply, /aborted/);
  near.close();
});

test('a stream that the hub opens and cancels before the robot receives it does not end the process', async () => {
  const clock = new SimulatedClock();
  const [near, far] = duplexPair();
  const serve = { gateway: (connection: Duplex) => connection.end('served') };
  robotSession(near, { serve, pace: filePace(clock, 0), clock, ping: () => undefined, onEnd: () => undefined });
  const held: Buffer[] = [];
  let isHeld = false;
  const relay = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      if (isHeld) held.push(chunk);
      else far.write(chunk);
      done();
    },
  });
  far.on('data', (chunk) => relay.push(chunk));
  const session = connect('http://robot', { createConnection: () => relay });
  const request = () => session.request({ ':method': 'CONNECT', ':authority': 'gateway' });
  await new Promise((resolve) => session.once('remoteSettings', resolve));
  isHeld = true;
  const cancelled = request();
  while (held.length === 0) await setImmediate();
  cancelled.destroy();
  while (held.length === 1) await setImmediate();
  isHeld = false;
  far.write(Buffer.concat(held));
  assert.equal(await textOf(request()), 'served');
  session.destroy();
});

test('the hub says why it ends a session', async () => {
  const cases = [
    [{ retry_ms: 4000 }, { kind: 'stopped', retryMs: 4000, reason: 'the hub stops' }],
    [
      { refused: 'revoked', why: 'lost robot' },
      { kind: 'refused', code: 'revoked', reason: 'lost robot' },
    ],
  ] as const;
  for (const [farewell, end] of cases) {
    const clock = new SimulatedClock();
    const { near, far } = await uplinkPair(clock, scene(clock));
    far.end(farewell);
    assert.deepEqual((await near.ended).end, end);
    await far.ended;
    await assert.rejects(open(far, 'gateway'), /the robot is not connected/);
  }
});

test('both ends close a connection on which pings are lost', async () => {
  const clock = new SimulatedClock();
  const { carriers, near, far } = await uplinkPair(clock, scene(clock));
  assert.equal(near.periodMs, 25_000);
  for (let at = 0; at < 4; at += 1) await clock.advanceAsync(25_000, 5000);
  assert.equal((await open(far, 'gateway')).status, 200);
  carriers.losePings();
  await clock.advanceAsync(62_501, 500);
  const { end, silentMs } = await near.ended;
  assert.deepEqual([end.kind, silentMs], ['lost', 0]);
  assert.match(await far.ended, /no ping for 62.5 s|lost/);
});

/** Opens both ends and returns how each failed. */
async function failures(
  change: (scene: ReturnType<typeof uplinkScene>) => Partial<ReturnType<typeof uplinkScene>>,
): Promise<readonly (UplinkEnd | undefined)[]> {
  const clock = new SimulatedClock({ epochMs: 0 });
  const known = scene(clock);
  const { robotEnd, hubEnd } = { ...known, ...change(known) };
  const carriers = memoryCarriers(clock);
  const results = await Promise.allSettled([openRobotEnd(carriers.robot, robotEnd), openHubEnd(carriers.hub, hubEnd)]);
  return results.map((result) => {
    const reason = result.status === 'rejected' ? result.reason : undefined;
    return reason instanceof UplinkFailed ? reason.end : reason;
  });
}

test('a robot sends nothing to a hub with another key', async () => {
  let isRead = false;
  const [atRobot, atHub] = await failures(({ robotEnd }) => {
    const record = {
      ...robotEnd.record,
      hello: () => {
        isRead = true;
        return Promise.reject(new Error('asked'));
      },
    };
    return { robotEnd: { ...robotEnd, record: record as never, hubFingerprint: 'A'.repeat(20) } };
  });
  assert.ok(atRobot?.kind === 'protocol' && atRobot.code === 'other-hub');
  assert.match(atRobot.reason, /instead of A{20}: it is another hub, or its key was replaced/);
  assert.equal(atHub?.kind, 'lost');
  assert.equal(isRead, false);
});

test('a hub refuses a robot with another key as unknown', async () => {
  const [atRobot] = await failures(({ robotEnd }) => ({
    robotEnd: { ...robotEnd, identity: identityFrom(newIdentityKey()) },
  }));
  assert.ok(atRobot?.kind === 'refused' && atRobot.code === 'unknown');
});

test('a revoked robot and a cloned disk are refused', async () => {
  const [revoked] = await failures((known) => {
    for (const robot of known.hub.robots.values()) robot.refusal = { refused: 'revoked', why: 'it was sold' };
    return {};
  });
  assert.deepEqual(revoked, { kind: 'refused', code: 'revoked', reason: 'it was sold' });
  const [cloned] = await failures((known) => {
    for (const robot of known.hub.robots.values()) robot.ratchet = { current: '7.x.y' };
    return {};
  });
  assert.ok(cloned?.kind === 'refused' && cloned.code === 'cloned');
});

test('a hub with a key of another kind is not accepted, and a peer without TLS neither', async () => {
  const clock = new SimulatedClock();
  const { robotEnd } = scene(clock);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const carriers = memoryCarriers(clock);
  const opening = openRobotEnd(carriers.robot, robotEnd);
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const hub = new TLSSocket(carriers.hub.stream, { isServer: true, key, cert: robotEnd.identity.certificate } as never);
  hub.on('error', () => undefined);
  await assert.rejects(opening, UplinkFailed);
  const plain = memoryCarriers(clock);
  const opened = openRobotEnd(plain.robot, robotEnd);
  plain.hub.stream.write('HTTP/1.1 200 OK\r\n\r\n');
  await assert.rejects(opened, /inner TLS failed/);
});

test('a handshake that takes more than ten seconds ends on both sides', async () => {
  const clock = new SimulatedClock();
  for (const end of [openRobotEnd, openHubEnd] as const) {
    const { robotEnd, hubEnd } = scene(clock);
    const carriers = memoryCarriers(clock);
    const opening = end === openRobotEnd ? openRobotEnd(carriers.robot, robotEnd) : openHubEnd(carriers.hub, hubEnd);
    clock.advance(10_001);
    await assert.rejects(
      opening,
      (error: UplinkFailed) => error.end.kind === 'protocol' && error.end.code === 'too-slow',
    );
    const [near] = [end === openRobotEnd ? carriers.robot.stream : carriers.hub.stream];
    if (end === openRobotEnd) assert.ok(near.destroyed);
  }
});
