import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { HttpStreams, Random } from '@medkit/edges';
import { seededRandom } from '@medkit/edges';
import type { RecordLine } from '@medkit/fleet';
import { chainedHex } from '@medkit/store';
import { BadReply, LogGone, readLog, readState } from '../../packages/gateway/src/fleet/robot-replies.ts';
import { checkLines } from '../../packages/resources/fleet/src/ingest/log-lines.ts';
import { ADDRESS, fleetStage, helloOf, KEY } from '../../packages/resources/fleet/src/testing/fleet-stage.ts';
import { faultItem, robotLog } from '../../packages/resources/fleet/src/testing/robot-log.ts';
import { IS_FULL_LENGTH, printSeed, STORM_SEED } from '../harness/storm.ts';

/** Replies of a hostile robot: half of them of the log, half of them states. */
const CASES = IS_FULL_LENGTH ? 1_000_000 : 10_000;
/** A reply that the hub stores costs a hundred times one that it only reads. */
const STORED_SHARE = 0.01;
const OTHER = 'OTHEROTHEROTHEROTHER';
const ODD: readonly string[] = [
  ...[
    'null',
    '-1',
    '1e999',
    '1e300',
    '9007199254740993',
    '9007199254740991',
    '0.5',
    'true',
    '""',
    '[]',
    '{}',
    '\u0000',
  ],
  ...['"__proto__"', '"\\ud800"', '"\\u0000"', '"\'; DROP TABLE fleet_robots; --"', '"fault_confirmed"', '[[[[', '\n'],
  ...['{"__proto__":{"refused":"x"}}', '{"toString":1}', `"${'x'.repeat(300)}"`, `"${'x'.repeat(5000)}"`],
  ...['['.repeat(3000), '{"kind":"hole","from":1,"to":9007199254740991}', ',"body":{'],
];

const picker = (random: Random) => ({
  number: (limit: number): number => Math.floor(random.float() * limit),
  of: <T>(items: readonly T[]): T => items[Math.floor(random.float() * items.length)]!,
});

/** Changes a text: other values, inserted ones, a cut, other bytes. */
function changed(text: string, random: Random, maxChanges: number): string {
  const { number, of } = picker(random);
  let result = text;
  for (let changes = number(maxChanges + 1); changes > 0; changes -= 1) {
    const [odd, at] = [of(ODD), number(result.length)];
    const values = [...result.matchAll(/(?<=:)(?:"[^"]*"|[\d.-]+|true|false)/g)];
    const kind = number(5);
    if (kind < 2 && values.length > 0) {
      const { index, 0: value } = of(values);
      result = result.slice(0, index) + odd + result.slice(index + value.length);
    } else if (kind === 2) result = result.slice(0, at) + odd + result.slice(at);
    else if (kind === 3) result = result.slice(0, at);
    else result = result.slice(0, at) + String.fromCharCode(number(256)) + result.slice(at + 1);
  }
  return result;
}

/** A robot that sends these bytes in pieces. */
function robotSends(status: number, text: string, random: Random): HttpStreams {
  const bytes = Buffer.from(text, random.float() < 0.5 ? 'utf8' : 'latin1');
  async function* body() {
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + Math.floor(random.float() * bytes.length);
      yield bytes.subarray(at, end);
      at = end;
    }
  }
  return { open: async () => ({ status, headers: {}, body: body(), close: () => undefined }) };
}

/** Runs a reader. Anything other than a result or an error with its own text fails the test. */
async function answered<T>(text: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BadReply || error instanceof LogGone) return undefined;
    if (/^(?:the robot answered|the log was cut)/.test((error as Error).message)) return undefined;
    throw new Error(`${text.slice(0, 300)} throws`, { cause: error });
  }
}

const BODIES: readonly (readonly [kind: string, body: object])[] = [
  ['fault', { event_type: 'fault_confirmed', fault: { ...faultItem('A'), entity_id: 'arm' } }],
  ['fault', { event_type: 'fault_cleared', fault: faultItem('A'), auto_cleared_codes: ['B', 'C'] }],
  ['fault', { event_type: 'fault_updated', fault: faultItem('B', 3), 'x-medkit-origin': 'cell-2' }],
  ['incident', { news: 'opened', incident: { id: 'inc_1' } }],
  ['gap', { reason: 'room', records: 5 }],
  ['boot', { boot: 3, previous_end: 'killed' }],
];

/** Lines with valid numbers and hashes after a position, whose bodies are hostile. */
function hostileLines(end: { seq: number; hash: string }, random: Random): readonly RecordLine[] {
  const { number, of } = picker(random);
  let { seq, hash } = end;
  return Array.from({ length: 1 + number(4) }, () => {
    const [kind, sound] = of(BODIES);
    seq += 1;
    if (random.float() < 0.05) {
      hash = '';
      const from = seq;
      seq += number(1000);
      return { seq, text: JSON.stringify({ kind: 'hole', from, to: seq }) };
    }
    const body = changed(JSON.stringify(sound), random, 2);
    hash = chainedHex(hash, seq, kind, body);
    const head = { seq, kind, at_ms: of([0, -1, 8.64e15, 1.7e12]), boot: number(3), mono_ms: of([0, 2 ** 53 - 1]) };
    const members = JSON.stringify({ ...head, hash }).slice(0, -1);
    return { seq, text: `${members},"body":${body}}` };
  });
}

it('no reply of a hostile robot throws past its reader, or changes what the hub knows of others', async (context) => {
  printSeed(context);
  const random = seededRandom(STORM_SEED);
  const { number, of } = picker(random);
  const stage = await fleetStage();
  const { fleet } = stage;
  const epochs = new Map<string, number>();
  for (const [name, key] of [
    ['amr-17', KEY],
    ['amr-18', OTHER],
  ] as const) {
    await stage.robot(name, key);
    const session = await fleet.connected(name, { hello: helloOf(), address: ADDRESS });
    epochs.set(name, 'epoch' in session ? session.epoch : 0);
  }
  const log = robotLog();
  await fleet.storeState('amr-17', epochs.get('amr-17')!, log.state());
  await fleet.storeState('amr-18', epochs.get('amr-18')!, log.state([faultItem('OTHER')]));
  const others = async () => [await fleet.robot('amr-18'), (await fleet.faults({ robot: 'amr-18' })).items];
  const before = await others();
  const sound = JSON.stringify({ ...log.state([faultItem('A'), faultItem('B', 3)]), hubs: [{ hub: 'hub', seq: 4 }] });
  const signal = new AbortController().signal;
  const epoch = epochs.get('amr-17')!;
  const counts = { lines: 0, states: 0, stored: 0 };

  for (let at = 0; at < CASES; at += 1) {
    const isStored = random.float() < STORED_SHARE;
    if (at % 2 === 0) {
      const text = changed(sound, random, 3);
      const state = await answered(text, () =>
        readState(robotSends(of([200, 200, 200, 404, 500]), text, random), signal),
      );
      if (!state) continue;
      counts.states += 1;
      if (isStored) assert.equal((await fleet.storeState('amr-17', epoch, state)).outcome, 'stored');
      continue;
    }
    const cursor = isStored ? await fleet.cursor('amr-17') : undefined;
    const end = { seq: cursor?.seq ?? 0, hash: cursor?.hash ?? '00'.repeat(16) };
    const lines = hostileLines(end, random);
    const text = changed(lines.map((line) => `${line.text}\n`).join(''), random, isStored ? 0 : 2);
    const robot = robotSends(of([200, 200, 200, 200, 410, 503]), text, random);
    const received: RecordLine[] = [];
    await answered(text, async () => {
      const page = { log: cursor?.log ?? 'log-1', after: end.seq, waitSec: 0 };
      for await (const block of readLog(robot, page, signal)) received.push(...block);
    });
    counts.lines += received.length;
    const checked = checkLines(end, received);
    if (checked.outcome !== 'sound' || !cursor) continue;
    const part = { robot: 'amr-17', epoch, log: cursor.log, after: cursor.seq, records: received };
    assert.equal((await fleet.ingest([part])).get('amr-17'), 'stored');
    counts.stored += 1;
    if (number(100) === 0) await fleet.faults({});
  }
  assert.ok(
    counts.lines > CASES / 10 && counts.states > CASES / 50 && counts.stored > CASES / 1000,
    JSON.stringify(counts),
  );
  assert.deepEqual(await others(), before);
  const { items } = await fleet.robots({});
  assert.deepEqual(
    items.map(({ id }) => id),
    ['amr-17', 'amr-18'],
  );
  assert.equal(Object.hasOwn(Object.prototype, 'refused'), false);
});
