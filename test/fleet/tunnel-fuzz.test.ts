import assert from 'node:assert/strict';
import { connect, performServerHandshake } from 'node:http2';
import { duplexPair } from 'node:stream';
import { it } from 'node:test';
import { type Random, seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { takeLine } from '../../packages/wire/tunnel/src/handshake/line-channel.ts';
import {
  decodeFarewell,
  decodeFromHub,
  decodeFromRobot,
  MAX_LINE_BYTES,
} from '../../packages/wire/tunnel/src/handshake/messages.ts';
import { judgeRatchet } from '../../packages/wire/tunnel/src/handshake/ratchet.ts';
import { UplinkFailed } from '../../packages/wire/tunnel/src/handshake/uplink-end.ts';
import { hubSession } from '../../packages/wire/tunnel/src/session/hub-session.ts';
import { robotSession } from '../../packages/wire/tunnel/src/session/robot-session.ts';
import { filePace } from '../../packages/wire/tunnel/src/timing/file-pace.ts';
import { IS_FULL_LENGTH, printSeed, STORM_SEED } from '../harness/storm.ts';

const CASES = IS_FULL_LENGTH ? 1_000_000 : 10_000;
/** A session costs a hundred times a line. */
const SESSIONS = CASES / 100;

/** Valid messages, which the storm changes. */
const MESSAGES: readonly object[] = [
  {
    ...{
      v: [1],
      ratchet: '3.AAAAAAAAAAAAAAAAAAAAAA.x',
      boot: 4,
      mono_ms: 1.5,
      wall_ms: -3,
      active: { critical: 1, error: 2 },
    },
    ...{
      log: { id: 'log', oldest: 1, newest: 9 },
      versions: { medkit: '0.3.0' },
      link: { metered: true, keepalive_sec: 30 },
    },
  },
  { v: [1], enrol: '7KQ2', machine: { serial: 'S-1', model: 'AMR' } },
  {
    ...{ v: 1, at_ms: 5, robot: 'amr-17', cursor: { log: 'log', seq: 8, hash: 'h' }, next: '4.a.b' },
    policy: { keepalive_max_sec: 25, reconnect_spread_ms: 0 },
  },
  { v: 1, robot: 'amr-17', tenant: 'default', status: 'pending', receipt: 'r' },
  { refused: 'pending', retry_ms: 3, why: 'wait' },
  { confirmed: true, went_back: false },
  { go: true },
  { retry_ms: 500 },
];
const ODD: readonly string[] = [
  ...[
    'null',
    '-1',
    '1e999',
    '9007199254740993',
    '""',
    '"__proto__"',
    '[]',
    '{}',
    '[[[[',
    '"\\ud800"',
    'true',
    '\u0000',
  ],
  `"${'x'.repeat(2000)}"`,
  '['.repeat(3000),
  '{"__proto__":{"refused":"x"}}',
];

/** Changes a message: other values, bytes, lengths and line ends. */
function hostileLine(random: Random): Buffer {
  const pick = (limit: number): number => Math.floor(random.float() * limit);
  let text = JSON.stringify(MESSAGES[pick(MESSAGES.length)]);
  for (let changes = pick(4); changes > 0; changes -= 1) {
    const odd = ODD[pick(ODD.length)] ?? '';
    const at = pick(text.length);
    const kind = pick(4);
    if (kind === 0) text = text.replace(/(?<=:)(?:"[^"]*"|[\d.-]+|true|false)/, odd);
    else if (kind === 1) text = text.slice(0, at) + odd + text.slice(at);
    else if (kind === 2) text = text.slice(0, at);
    else text = text.slice(0, at) + String.fromCharCode(pick(256)) + text.slice(at + 1);
  }
  return Buffer.from(`${text}${random.float() < 0.9 ? '\n' : ''}${random.float() < 0.2 ? 'PRI' : ''}`, 'latin1');
}

/** Runs a parser; anything other than a result or `UplinkFailed` fails the test. */
function parsed<T>(input: Buffer, parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UplinkFailed) return undefined;
    throw new Error(`${input.toString('latin1').slice(0, 300)} throws`, { cause: error });
  }
}

it('no line of either end throws anything but a failure with a code', (context) => {
  printSeed(context);
  const random = seededRandom(STORM_SEED);
  const key = { secret: Buffer.alloc(32), robot: '1' };
  let read = 0;
  for (let at = 0; at < CASES; at += 1) {
    const input = hostileLine(random);
    const line = parsed(input, () => takeLine(input))?.line;
    if (line === undefined) continue;
    assert.ok(line.length <= MAX_LINE_BYTES);
    const first = parsed(input, () => decodeFromRobot('first', line));
    const messages = [
      first,
      parsed(input, () => decodeFromRobot('confirmation', line)),
      ...(['welcome', 'enrolled', 'go'] as const).map((name) => parsed(input, () => decodeFromHub(name, line))),
      decodeFarewell(line),
    ];
    read += Number(messages.some((message) => message !== undefined));
    if (first && 'ratchet' in first) {
      const judged = judgeRatchet({ current: '1.x.y' }, first.ratchet, key, random);
      assert.equal(judged.verdict, 'cloned');
    }
  }
  assert.ok(read > CASES / 20, `only ${read} lines were read: the storm changes too much`);
  assert.equal(Object.hasOwn(Object.prototype, 'refused'), false);
});

/** Bytes of HTTP/2 as a real peer sends them, to be changed. */
async function realBytes(isHub: boolean): Promise<Buffer> {
  const [near, far] = duplexPair();
  const chunks: Buffer[] = [];
  const session = isHub ? connect('http://robot', { createConnection: () => near }) : performServerHandshake(near);
  session.on('error', () => undefined);
  if ('request' in session)
    session.request({ ':method': 'CONNECT', ':authority': 'gateway' }).on('error', () => undefined);
  far.on('data', (chunk: Buffer) => chunks.push(chunk));
  while (chunks.length === 0) await new Promise((resolve) => setImmediate(resolve));
  session.destroy();
  return Buffer.concat(chunks);
}

it('no bytes end the process at either end of HTTP/2', async (context) => {
  printSeed(context);
  const random = seededRandom(STORM_SEED);
  const clock = systemClock;
  const bytes = { hub: await realBytes(true), robot: await realBytes(false) };
  for (let at = 0; at < SESSIONS; at += 1) {
    const isHub = random.float() < 0.5;
    const input = Buffer.from(isHub ? bytes.robot : bytes.hub);
    for (let changes = Math.floor(random.float() * 6); changes > 0; changes -= 1) {
      // The preface of a client stays, so that the frames after it are read.
      const from = isHub || random.float() < 0.1 ? 0 : 24;
      input[from + Math.floor(random.float() * (input.length - from))] = Math.floor(random.float() * 256);
    }
    const [near, far] = duplexPair();
    far.on('error', () => undefined);
    far.resume();
    const ended = new Promise<void>((resolve) => {
      const onEnd = (): void => resolve();
      if (isHub) hubSession(near, clock, onEnd).dial('gateway')({} as never, () => undefined);
      else {
        const serve = { gateway: () => undefined };
        robotSession(near, { serve, pace: filePace(clock, 0), clock, ping: () => undefined, onEnd });
      }
    });
    far.write(input);
    far.end(Buffer.from(random.bytes(64)));
    await new Promise((resolve) => setImmediate(resolve));
    near.destroy();
    await ended;
  }
});
