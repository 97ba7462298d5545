import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { after, test } from 'node:test';
import { setImmediate as defer } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { httpStreamsOver } from '@medkit/edges/node/http-streams';
import { SimulatedClock } from '@medkit/edges/testing';
import { type HubUplink, openHubEnd } from '../hub-end.ts';
import { openRobotEnd } from '../robot-end.ts';
import { memoryCarriers } from '../testing/memory-carriers.ts';
import { uplinkScene } from '../testing/uplink-pair.ts';
import { HOLD_MS, heldUplinks } from './held-uplinks.ts';
import { type AnnouncedUplink, openHubLink } from './hub-link.ts';
import { openStandbyLink } from './standby-link.ts';

const ADDRESS = '10.0.0.7';
const KEY = 'ABCDEFGHJKMNPQRSTVWX';
const BIG = Buffer.alloc(2_000_000, 'robot');

const listener = createServer().listen(0, '127.0.0.1');
after(() => listener.close());

/** Both ends of a connection. In memory, a write would deliver within itself, which HTTP/2 of Node.js does not allow. */
async function socketPair(): Promise<readonly [near: Socket, far: Socket]> {
  if (!listener.listening) await once(listener, 'listening');
  const near = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const [far] = (await once(listener, 'connection')) as [Socket];
  for (const socket of [near, far]) socket.on('error', () => undefined);
  return [near, far];
}

/** Waits for a condition, and lets the simulated time pass. */
async function until(clock: SimulatedClock, what: string, isTrue: () => boolean, stepMs = 0): Promise<void> {
  for (let turn = 0; turn < 20_000; turn++) {
    if (isTrue()) return;
    await setImmediate();
    clock.advance(stepMs);
  }
  assert.fail(`${what} did not come about`);
}

/** A standby with a robot, and hubs that it can be linked with. */
function stage({ max = 10 } = {}) {
  const clock = new SimulatedClock();
  const scene = uplinkScene(clock, (request, response) => {
    if (request.url === '/big') response.end(BIG);
    else if (request.url !== '/never') response.end(`robot ${request.url}`);
  });
  const { hub, hubEnd, robotEnd } = scene;
  const held = heldUplinks({ clock, random: seededRandom(1), perSec: 100 });
  /** Links the standby with a hub, which notes what it announces. */
  const link = async () => {
    const [near, far] = await socketPair();
    const seen = { uplinks: [] as HubUplink[], announced: [] as AnnouncedUplink[], pings: [] as string[] };
    const ends: string[] = [];
    const atHub = openHubLink(far, {
      ...{ identity: hubEnd.identity, max, record: () => hub, clock },
      onOpen: (uplink, announced) => {
        seen.uplinks.push(uplink);
        seen.announced.push(announced);
      },
      onPing: (robot) => void seen.pings.push(robot),
      onEnd: (reason) => void ends.push(reason),
    });
    return { near, far, atHub, ...seen, ends, atStandby: await openStandbyLink(near, { held, clock }) };
  };
  /** Connects the robot through the standby. */
  const connect = async (standby: Awaited<ReturnType<typeof link>>['atStandby']) => {
    const carriers = memoryCarriers(clock);
    for (const { stream } of [carriers.robot, carriers.hub]) {
      const write = stream._write.bind(stream);
      stream._write = (...parameters) => void defer(() => write(...parameters));
    }
    const { identity, record } = standby;
    const [near, far] = await Promise.all([
      openRobotEnd(carriers.robot, robotEnd),
      openHubEnd(carriers.hub, {
        ...{ identity, record: record({ address: ADDRESS }), clock },
        onPing: () => held.seen('amr-17'),
      }),
    ]);
    assert.ok(far.kind === 'open');
    held.add(far, ADDRESS);
    return { near, carriers };
  };
  return { clock, hub, held, link, connect };
}

const request = (uplink: HubUplink, path: string) =>
  httpStreamsOver(uplink.dial('gateway')).open({
    method: 'GET',
    url: `http://robot${path}`,
    headers: {},
    timeoutMs: 5000,
  });

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('a robot at the standby is decided about by the hub, which uses its uplink through the link', async () => {
  const { clock, link, connect, held } = stage();
  const one = await link();
  const { near } = await connect(one.atStandby);
  await until(clock, 'the announcement', () => one.uplinks.length === 1);
  const [uplink] = one.uplinks;
  assert.deepEqual(one.announced, [{ address: ADDRESS, isHeld: false }]);
  assert.deepEqual([uplink?.welcome.robot, uplink?.hello.boot, one.atHub.size], ['amr-17', 412, 1]);
  assert.equal(String(await bytesOf((await request(uplink!, '/api')).body)), 'robot /api');
  assert.ok((await bytesOf((await request(uplink!, '/big')).body)).equals(BIG));
  held.seen('amr-17');
  await until(clock, 'the ping', () => one.pings.length === 1, 10);
  assert.deepEqual(one.pings, ['amr-17']);
  near.close();
  await uplink!.ended;
  assert.deepEqual([held.size, one.atHub.size], [0, 0]);
  one.atHub.close();
});

test('a reply is not read faster than the hub reads it, and does not stop other ones', async () => {
  const { clock, link, connect } = stage();
  const one = await link();
  const { near, carriers } = await connect(one.atStandby);
  await until(clock, 'the announcement', () => one.uplinks.length === 1);
  const slow = await request(one.uplinks[0]!, '/big');
  for (let turn = 0; turn < 200; turn++) await setImmediate();
  assert.ok(carriers.hub.octets.received < 1_200_000, `${carriers.hub.octets.received} bytes`);
  assert.equal(String(await bytesOf((await request(one.uplinks[0]!, '/api')).body)), 'robot /api');
  assert.ok((await bytesOf(slow.body)).equals(BIG));
  near.close();
  one.atHub.close();
});

test('a farewell of the hub reaches the robot, and a cut ends its connection', async () => {
  const { clock, link, connect } = stage();
  const one = await link();
  const first = await connect(one.atStandby);
  await until(clock, 'the announcement', () => one.uplinks.length === 1);
  one.uplinks[0]!.end({ refused: 'revoked', why: 'the key was revoked' });
  const { end } = await first.near.ended;
  assert.deepEqual([end.kind, end.reason], ['refused', 'the key was revoked']);
  await until(clock, 'the end at the hub', () => one.atHub.size === 0, 10);
  const second = await connect(one.atStandby);
  await until(clock, 'the announcement', () => one.uplinks.length === 2);
  one.uplinks[1]!.destroy();
  assert.equal((await second.near.ended).end.kind, 'lost');
  await assert.rejects(request(one.uplinks[1]!, '/api'), /the robot is not connected/);
  one.atHub.close();
});

test('an uplink outlives the link, and is announced to the next hub as an older one', async () => {
  const { clock, link, connect, held } = stage();
  const one = await link();
  const { near } = await connect(one.atStandby);
  await until(clock, 'the announcement', () => one.uplinks.length === 1);
  const cut = request(one.uplinks[0]!, '/never');
  one.far.destroy();
  await assert.rejects(cut);
  await one.uplinks[0]!.ended;
  await one.atStandby.ended;
  assert.deepEqual([held.size, one.ends.length], [1, 1]);
  const two = await link();
  await until(clock, 'the announcement', () => two.uplinks.length === 1, 10);
  assert.equal(two.announced[0]?.isHeld, true);
  assert.equal(String(await bytesOf((await request(two.uplinks[0]!, '/api')).body)), 'robot /api');
  near.close();
  two.atHub.close();
});

test('without a hub, an uplink ends after a minute; with one that does not answer, the link ends after some seconds', async () => {
  const { clock, link, connect, held } = stage();
  const one = await link();
  const { near } = await connect(one.atStandby);
  await until(clock, 'the announcement', () => one.uplinks.length === 1);
  one.far.pause();
  const lost = one.atStandby.ended;
  one.near.removeAllListeners('data');
  const pass = async (seconds: number): Promise<void> => {
    for (let turn = 0; turn < 10 * seconds; turn++) {
      clock.advance(100);
      await setImmediate();
    }
  };
  await pass(8);
  assert.match(await lost, /does not answer/);
  await pass(HOLD_MS / 1000 - 5);
  assert.equal(held.size, 1);
  await pass(5);
  const ending = near.ended;
  await until(clock, 'the end', () => held.size === 0, 10);
  assert.equal((await ending).end.kind, 'stopped');
});

test('an enrolment and a refusal come from the hub, and questions fail when the link ends', async () => {
  const { clock, hub, link, connect } = stage();
  const one = await link();
  const record = one.atStandby.record({ address: ADDRESS });
  const machine = {};
  assert.deepEqual(await record.enrol(KEY, { v: [1], enrol: 'BAD', machine }), { refused: 'invite-unknown' });
  const enrolled = await record.enrol(KEY, { v: [1], enrol: 'GOOD-CODE', machine });
  assert.equal('robot' in enrolled && enrolled.robot, 'amr-17');
  await record.outdated(KEY);
  assert.deepEqual(hub.outdatedKeys, [KEY]);
  await assert.rejects(record.confirm(KEY, { wentBack: false }), /the handshake is not open/);
  for (const robot of hub.robots.values()) robot.refusal = { refused: 'revoked', why: 'its key was revoked' };
  await assert.rejects(connect(one.atStandby), /its key was revoked/);
  one.atHub.close();
  await until(clock, 'the end', () => one.ends.length === 1);
  await one.atStandby.ended;
  await assert.rejects(record.enrol(KEY, { v: [1], enrol: 'GOOD-CODE', machine }), /the connection/);
});

test('a second uplink of a robot replaces the first one, and a hub takes no more than its maximum', async () => {
  const { clock, link, connect, held } = stage({ max: 1 });
  const one = await link();
  const first = await connect(one.atStandby);
  await until(clock, 'the announcement', () => one.uplinks.length === 1);
  const second = await connect(one.atStandby);
  assert.equal((await first.near.ended).end.kind, 'lost');
  await until(clock, 'one of them', () => held.size <= 1);
  second.near.close();
  one.atHub.close();
});

/** A standby that sends what it likes. */
async function hostileStandby(t: { after(end: () => void): void }) {
  const { clock, hub } = stage();
  const { performServerHandshake } = await import('node:http2');
  const [near, far] = await socketPair();
  const opened: HubUplink[] = [];
  const ends: string[] = [];
  const scene = uplinkScene(clock, () => undefined);
  const link = openHubLink(far, {
    ...{ identity: scene.hubEnd.identity, max: 2, record: () => hub, clock },
    onOpen: (uplink) => void opened.push(uplink),
    onPing: () => undefined,
    onEnd: (reason) => void ends.push(reason),
  });
  const session = performServerHandshake(near);
  session.on('error', () => undefined);
  const control = await new Promise<Duplex>((resolve) =>
    session.once('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200 });
      resolve(stream);
    }),
  );
  let received = '';
  control.on('data', (chunk) => {
    received += chunk;
  });
  t.after(() => link.close());
  return { clock, control, opened, ends, link, received: () => received };
}

const OPEN = {
  ...{ type: 'open', id: 1, fingerprint: KEY, address: ADDRESS, held: true },
  hello: {
    ...{ v: [1], boot: 1, mono_ms: 1, wall_ms: 1, log: { id: 'l', oldest: 1, newest: 1 }, versions: { medkit: '1' } },
    ...{ link: { metered: false, keepalive_sec: 30 }, active: { critical: 0, error: 0 } },
  },
  welcome: { v: 1, at_ms: 1, robot: 'amr-17', next: 'n', policy: { keepalive_max_sec: 25, reconnect_spread_ms: 0 } },
};

test('invalid messages of a standby end the link, and name the reason', async (t) => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['no json\n', /not valid JSON/],
    ['{"type":"other"}\n', /type must be a known one/],
    ['{"type":"constructor"}\n', /type must be a known one/],
    ['null\n', /type must be a known one/],
    ['{"type":"open","id":-1}\n', /id must be a non-negative integer/],
    [`${JSON.stringify({ ...OPEN, fingerprint: 'x' })}\n`, /fingerprint must be a fingerprint/],
    [`${JSON.stringify({ type: 'pings', ids: Array(1001).fill(1) })}\n`, /ids must be a list of at most 1000/],
    [`${JSON.stringify(OPEN)}\n${JSON.stringify(OPEN)}\n`, /the uplink 1 is open already/],
    ['x'.repeat(70_000), /more than 65536 bytes/],
  ];
  for (const [text, reason] of cases) {
    const { clock, control, ends } = await hostileStandby(t);
    control.write(text);
    await until(clock, `the end after ${text.slice(0, 40)}`, () => ends.length === 1);
    assert.match(ends[0] ?? '', reason);
  }
});

test('messages about unknown uplinks have no effect, and those above the maximum are cut', async (t) => {
  const { clock, control, opened, ends, link, received } = await hostileStandby(t);
  const send = (message: object) => control.write(`${JSON.stringify(message)}\n`);
  send({ type: 'ended', id: 7, reason: 'unknown' });
  send({ type: 'pings', ids: [7, 8] });
  send({
    type: 'ask',
    call: 1,
    handshake: 3,
    address: ADDRESS,
    fingerprint: OPEN.fingerprint,
    question: { confirm: { wentBack: false } },
  });
  for (const id of [1, 2, 3]) send({ ...OPEN, id });
  await until(clock, 'both answers', () => received().includes('"destroy"') && received().includes('"answer"'));
  assert.match(received(), /"type":"destroy","id":3\}/);
  assert.match(received(), /the handshake is not open/);
  send({ type: 'ended', id: 1, reason: 'it left' });
  assert.equal(await opened[0]!.ended, 'it left');
  send({ type: 'ended', id: 1, reason: 'again' });
  send({ ...OPEN, id: 4 });
  await until(clock, 'the next one', () => opened.length === 3);
  assert.deepEqual([link.size, ends.length], [2, 0]);
});
