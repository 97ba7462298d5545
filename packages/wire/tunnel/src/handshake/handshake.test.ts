import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryHub, memoryRobot } from '../testing/memory-hub.ts';
import { type HubRecord, hubHandshake } from './hub-handshake.ts';
import { lineChannel } from './line-channel.ts';
import { MAX_LINE_BYTES } from './messages.ts';
import { type RobotRecord, robotEnrolment, robotHandshake } from './robot-handshake.ts';
import { REFUSALS, type UplinkEnd, UplinkFailed } from './uplink-end.ts';

const KEY = 'ROBOTROBOTROBOTROBOT';

/** Returns the end with which a promise fails. */
async function endOf(promise: Promise<unknown>): Promise<UplinkEnd> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UplinkFailed) return error.end;
    throw error;
  }
  throw new Error('it did not fail');
}

function bothEnds({ record, robot = memoryRobot() }: { record?: Partial<HubRecord>; robot?: RobotRecord } = {}) {
  const clock = new SimulatedClock();
  const hub = memoryHub(seededRandom(1));
  hub.robots.set(KEY, { name: 'amr-17', ratchet: {} });
  const [near, far] = duplexPair();
  const atRobot = robotHandshake(lineChannel(near), robot, clock);
  const atHub = hubHandshake(lineChannel(far), KEY, { ...hub, ...record }, clock);
  return { atRobot, atHub, hub, robot };
}

/** Sends lines as a robot, and returns the hub's end and what it sent. */
async function asRobot(...lines: readonly string[]) {
  const hub = memoryHub(seededRandom(1));
  hub.robots.set(KEY, { name: 'amr-17', ratchet: {} });
  const [near, far] = duplexPair();
  let received = '';
  near.on('data', (chunk) => {
    received += chunk;
  });
  near.write(lines.map((line) => `${line}\n`).join(''));
  near.end();
  const end = await endOf(hubHandshake(lineChannel(far), KEY, hub, new SimulatedClock()));
  far.end();
  await new Promise((resolve) => setImmediate(resolve));
  return { end, received, outdatedKeys: hub.outdatedKeys };
}

const HELLO = {
  v: [1],
  boot: 1,
  mono_ms: 5.5,
  wall_ms: -1,
  log: { id: 'l', oldest: 1, newest: 2 },
  versions: { medkit: '0.3.0' },
  link: { metered: false, keepalive_sec: 30 },
  active: { critical: 0, error: 0 },
};

test('both ends agree, and the ratchet is confirmed', async () => {
  const { atRobot, atHub, hub, robot } = bothEnds();
  const [near, far] = await Promise.all([atRobot, atHub]);
  assert.equal(near.welcome.robot, 'amr-17');
  assert.equal(near.hubOffsetMs, 0);
  assert.ok(far.kind === 'open' && far.hello.active.error === 1);
  assert.deepEqual(hub.robots.get(KEY)?.ratchet, { current: (await robot.hello()).ratchet });
});

test('each refusal of the hub reaches the robot with its code, its delay and its reason', async () => {
  for (const refused of REFUSALS) {
    const refusal = { refused, retry_ms: 5000, why: `because of ${refused}` };
    for (const step of ['welcome', 'confirm'] as const) {
      const { atRobot, atHub } = bothEnds({ record: { [step]: async () => refusal } });
      const expected = { kind: 'refused', code: refused, retryMs: 5000, reason: `because of ${refused}` };
      assert.deepEqual(await Promise.all([endOf(atRobot), endOf(atHub)]), [expected, expected]);
    }
  }
});

test('the robot confirms nothing before it has stored the ratchet', async () => {
  const robot = { ...memoryRobot(), accept: () => Promise.reject(new Error('disk full')) };
  const { atRobot, hub } = bothEnds({ robot });
  await assert.rejects(atRobot, /disk full/);
  assert.equal(hub.robots.get(KEY)?.ratchet.current, undefined);
  assert.notEqual(hub.robots.get(KEY)?.ratchet.next, undefined);
});

test('an enrolment returns the name and the receipt, and a wrong code is refused', async () => {
  for (const [enrol, kind] of [
    ['GOOD-CODE', 'enrolled'],
    ['BAD-CODE', 'invite-unknown'],
  ] as const) {
    const [near, far] = duplexPair();
    const atHub = hubHandshake(lineChannel(far), KEY, memoryHub(seededRandom(1)), new SimulatedClock());
    const atRobot = robotEnrolment(lineChannel(near), { enrol, machine: { serial: 'S-1' } });
    if (kind === 'enrolled') {
      assert.deepEqual(await atRobot, {
        v: 1,
        robot: 'amr-17',
        tenant: 'default',
        status: 'approved',
        receipt: 'receipt',
      });
      assert.equal((await atHub).kind, 'enrolled');
    } else {
      const ends = await Promise.all([endOf(atRobot), endOf(atHub)]);
      for (const end of ends) assert.ok(end.kind === 'refused' && end.code === kind);
    }
  }
});

test('the hub informs a robot without a common version which end to update', async () => {
  for (const [v, code] of [
    [[], 'too-old'],
    [[0], 'too-old'],
    [[2, 3], 'too-new'],
  ] as const) {
    const { end, received, outdatedKeys } = await asRobot(JSON.stringify({ ...HELLO, v }));
    assert.ok(end.kind === 'refused' && end.code === code);
    assert.match(received, code === 'too-old' ? /update medkit on the robot/ : /update medkit on the hub/);
    assert.equal(outdatedKeys.length, code === 'too-old' ? 1 : 0);
  }
});

test('an invalid message is refused with the member that is wrong', async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['{', /it is not JSON/],
    ['[]', /the message must be an object/],
    ['null', /the message must be an object/],
    [JSON.stringify({ ...HELLO, boot: -1 }), /boot must be a non-negative integer/],
    [JSON.stringify({ ...HELLO, log: { id: 7 } }), /log.id must be a text/],
    [JSON.stringify({ ...HELLO, v: Array(9).fill(1) }), /v must be a list of at most 8/],
    [JSON.stringify({ ...HELLO, link: undefined }), /link must be an object/],
    [JSON.stringify({ ...HELLO, wall_ms: null }), /wall_ms must be a number/],
    ['{"enrol":"A","v":[1],"machine":{"serial":1}}', /machine.serial must be a text/],
  ];
  for (const [line, problem] of cases) {
    const { end, received } = await asRobot(line);
    assert.ok(end.kind === 'protocol' && end.code === 'malformed', line);
    assert.match(end.reason, problem);
    assert.match(received, /"refused":"malformed"/);
  }
});

test('a confirmation that confirms nothing, and a connection that ends, are failures', async () => {
  const unconfirmed = await asRobot(JSON.stringify(HELLO), '{"confirmed":false,"went_back":false}');
  assert.ok(unconfirmed.end.kind === 'refused' && unconfirmed.end.code === 'malformed');
  const ended = await asRobot(JSON.stringify(HELLO));
  assert.equal(ended.end.kind, 'lost');
});

test('a line is limited to 4 KiB, whether it ends or not', async () => {
  const longest = JSON.stringify({ ...HELLO, more: '' });
  const fitting = longest.replace('""', `"${'x'.repeat(MAX_LINE_BYTES - longest.length)}"`);
  assert.equal((await asRobot(fitting)).end.kind, 'lost');
  for (const line of [`${fitting} `, 'x'.repeat(100_000)]) {
    const { end, received } = await asRobot(line);
    assert.ok(end.kind === 'protocol' && end.code === 'line-too-long');
    assert.match(received, /more than 4096 bytes/);
  }
});

test('the bytes after the last line belong to the stream', async () => {
  const [near, far] = duplexPair();
  const channel = lineChannel(far);
  near.write('{"go":true}\nPRI * HTTP/2');
  assert.equal(await channel.read(), '{"go":true}');
  const stream = channel.intoStream();
  near.end('.0');
  let text = '';
  for await (const chunk of stream) text += chunk;
  assert.equal(text, 'PRI * HTTP/2.0');
});
