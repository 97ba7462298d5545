import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@medkit/edges';
import { eventually } from '../harness/eventually.ts';
import { printSeed, STORM_SEED } from '../harness/storm.ts';
import { GAUGE_OPTIONS, openProcessGauge } from '../interop/process-gauge.ts';
import { openConnectionCutter } from './connection-cutter.ts';
import { startFailingRobot, startHeadOf } from './failing-robot.ts';
import { followed } from './stream-client.ts';

const FLAPS = 50;
/** Disturbances of the other gateway, and how many of ten each has. */
const KINDS = { cut: 6, paused: 3, killed: 1 } as const;
const PERIOD_MS = 50;
const MAX_PAUSE_MS = 400;

const folder = mkdtempSync(join(tmpdir(), 'medkit-flaps-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const ask = async (url: string, path: string) => {
  const reply = await fetch(`${url}/api/v1${path}`);
  return { status: reply.status, body: JSON.parse(await reply.text()) };
};

/** Returns whether a fault or event belongs to the robot, and is not the head's report of an unresponsive peer. */
const isOfRobot = (item: { readonly fault_code: string }): boolean => item.fault_code !== 'PEER_NOT_RESPONDING';

/** Returns the codes of all faults of the robot that a gateway lists, and whether every gateway answered. */
const listed = async (url: string) => {
  const { status, body } = await ask(url, '/faults?status=all');
  assert.equal(status, 200);
  const codes: readonly string[] = body.items
    .filter(isOfRobot)
    .map(({ fault_code }: { readonly fault_code: string }) => fault_code);
  return { codes: codes.toSorted(), isWhole: body['x-medkit']?.partial === undefined };
};

/** Returns those of a client's events that belong to the robot, formatted as `<number> <type> <code>`. */
const formatEvents = (
  events: readonly { readonly id?: string; readonly data: string }[],
  idOf: (id: string) => string,
) =>
  events.flatMap(({ id = '', data }) => {
    const { event_type, fault } = JSON.parse(data);
    return isOfRobot(fault) ? [`${idOf(id)} ${event_type} ${fault.fault_code}`] : [];
  });
const plainId = (id: string): string => id;
const ofYard = (id: string): string => /yard\.(\d+)/.exec(id)?.[1] ?? `not of yard: ${id}`;

/** Returns a gateway's complete log of local faults. */
async function localLog(url: string): Promise<readonly string[]> {
  const newest = await followed(`${url}/api/v1/faults/stream`);
  await eventually('its last event', async () => newest.events.length > 0);
  const { codes } = await listed(url);
  const all = await followed(`${url}/api/v1/faults/stream`, '0');
  await eventually('an event of each fault', async () => all.events.length >= codes.length);
  // Nothing changes any more: events that have not arrived by now are missing.
  await delay(500);
  for (const client of [newest, all]) client.close();
  assert.deepEqual(
    all.comments.filter((comment) => /kept|anew/.test(comment)),
    [],
  );
  return formatEvents(all.events, plainId);
}

it('a gateway that restarts fifty times, is replaced and changes its tree is shown correctly, each event once', {
  timeout: 300_000,
}, async (context) => {
  printSeed(context);
  await using stack = new AsyncDisposableStack();
  const random = seededRandom(STORM_SEED);
  const robot = { folder: join(folder, 'yard'), periodMs: PERIOD_MS };
  let yard = await startFailingRobot(robot);
  stack.defer(async () => void (await yard.program.end('SIGKILL')));
  const { port } = yard;
  const way = await openConnectionCutter(port);
  stack.defer(() => way.close());
  const head = await startHeadOf(
    { yard: way.url },
    { folder: join(folder, 'head'), env: { NODE_OPTIONS: GAUGE_OPTIONS } },
  );
  stack.defer(async () => assert.equal(await head.program.end('SIGTERM'), 0, head.program.output()));
  const gauge = stack.use(await openProcessGauge(head.program));
  const shows = (path: string, status = 200) =>
    eventually(`${path} at the head`, async () => (await ask(head.url, path)).status === status);
  await shows('/apps/lamp');
  const followers = async (url: string) => (await ask(url, '/health')).body['x-medkit-event-streams'].clients;
  // Once two streams are left, its past, which is read once for the incidents, has been read.
  await eventually('its tree and its faults are followed', async () => (await followers(yard.url)) === 2);
  const atFirst = { descriptors: gauge.descriptors(), followers: 2 };
  const stream = `${head.url}/api/v1/faults/stream`;

  const staying = await followed(stream, '0~yard.0');
  stack.defer(() => staying.close());
  const parts: (readonly string[])[] = [];
  let coming = await followed(stream, '0~yard.0');
  const comesAgain = async () => {
    coming.close();
    parts.push(formatEvents(coming.events, ofYard));
    coming = await followed(stream, coming.lastId());
  };

  const kinds = Object.entries(KINDS).flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
  const counts: Record<string, number> = {};
  for (let flap = 0; flap < FLAPS; flap += 1) {
    const kind = kinds[Math.floor(random.float() * kinds.length)] ?? 'cut';
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind === 'cut') way.cut();
    if (kind === 'killed') {
      await yard.program.end('SIGKILL');
      yard = await startFailingRobot({ ...robot, port });
    }
    if (kind === 'paused') process.kill(yard.program.pid, 'SIGSTOP');
    await delay(random.float() * MAX_PAUSE_MS);
    if (kind === 'paused') process.kill(yard.program.pid, 'SIGCONT');
    if (random.float() < 0.3) await comesAgain();
    if (random.float() < 0.3) await ask(head.url, '/faults');
  }
  context.diagnostic(JSON.stringify(counts));

  // It runs undisturbed now, and with other apps: one disappeared and one is new.
  await yard.program.end('SIGTERM');
  yard = await startFailingRobot({ folder: robot.folder, port, apps: ['mast'] });
  await shows('/apps/mast');
  await shows('/apps/lamp', 404);
  const log = await localLog(yard.url);
  assert.ok(log.length > FLAPS, `${log.length} events`);
  await eventually('its events at the head', async () => {
    assert.deepEqual(formatEvents(staying.events, ofYard), log);
    return true;
  });
  await comesAgain();
  await eventually('the same for who came again', async () => {
    const arrived = parts.flat().length + formatEvents(coming.events, ofYard).length;
    return arrived >= log.length;
  });
  await comesAgain();
  assert.deepEqual(parts.flat(), log);
  const sameList = () =>
    eventually('one list of faults', async () => {
      const [atYard, atHead] = [await listed(yard.url), await listed(head.url)];
      assert.ok(atHead.isWhole);
      assert.deepEqual(atHead.codes, atYard.codes);
      return true;
    });
  await sameList();

  // Another robot uses its name and its address.
  await yard.program.end('SIGTERM');
  const received = () => formatEvents(staying.events, ofYard);
  const before = received().length;
  const other = { folder: join(folder, 'other'), port, apps: ['boom'] };
  yard = await startFailingRobot({ ...other, periodMs: PERIOD_MS });
  await shows('/apps/boom');
  await shows('/apps/mast', 404);
  await eventually('its first events', async () => received().length > before + 5);
  await yard.program.end('SIGTERM');
  yard = await startFailingRobot(other);
  await shows('/apps/boom');
  const otherLog = await localLog(yard.url);
  await eventually('all of its events', async () => {
    assert.deepEqual(received().slice(before), otherLog);
    return true;
  });
  assert.ok(staying.comments.includes('events of yard have a new numbering'), String(staying.comments));
  await sameList();

  staying.close();
  coming.close();
  await eventually('nobody is followed any more', async () => {
    assert.deepEqual([await followers(head.url), await followers(yard.url)], [0, atFirst.followers]);
    return true;
  });
  await eventually('as many descriptors as at first', async () => {
    const descriptors = gauge.descriptors();
    assert.ok(descriptors <= atFirst.descriptors, `${descriptors}, at first ${atFirst.descriptors}`);
    return true;
  });
});
