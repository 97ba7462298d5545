import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { systemClock, systemRandom } from '@medkit/edges/node';
import { chainedHash } from '@medkit/store';
import { gatewayUplink } from '../../packages/gateway/src/uplink/gateway-uplink.ts';
import { temporaryFolder } from '../../packages/resources/faults/src/testing/temporary-folder.ts';
import { startProgram } from '../harness/program.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';
import { openRobot } from './robot.ts';

const KILLS = scaledStorm(40, 4);
const NEWS = /(?<=^\d+ )fault_(?:confirmed|cleared) \S+ \d+$/gm;
const LEAST_NEWS = 20;

interface LogRow {
  readonly seq: number;
  readonly kind: string;
  readonly body: string;
  readonly hash: Uint8Array;
}

const newsOf = (type: string, code: string, occurrence: number) => `${type} ${code} ${occurrence}`;

/** Returns the rows of a table of the database with the faults. */
function rowsOf<Row>(folder: string, sql: string): readonly Row[] {
  using database = new DatabaseSync(join(folder, 'faults.db'));
  return database.prepare(sql).all() as unknown as readonly Row[];
}

/** Returns the fault records of the log. Fails if its chain is broken. */
function recorded(folder: string): readonly string[] {
  let previous: Uint8Array = new Uint8Array(16);
  return rowsOf<LogRow>(folder, 'SELECT * FROM uplink_log ORDER BY seq').flatMap(({ seq, kind, body, hash }, at) => {
    assert.equal(seq, at + 1, 'there is no hole');
    previous = chainedHash(previous, seq, kind, body);
    assert.deepEqual(previous, hash);
    if (kind !== 'fault') return [];
    const { event_type, occurrence, fault } = JSON.parse(body);
    return [newsOf(event_type, fault.fault_code, occurrence)];
  });
}

test(`after each of ${KILLS} kill -9, the uplink log has every acknowledged fault event once, as the event log does`, {
  timeout: 120_000,
}, async (context) => {
  printSeed(context);
  const random = seededRandom(STORM_SEED).float;
  using folder = temporaryFolder();
  const acknowledged: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const robot = startProgram([folder.path], { script: join(import.meta.dirname, 'uplink-robot.ts') });
    const least = LEAST_NEWS + Math.floor(random() * 200);
    await robot.printed(new RegExp(`^${least} fault_`, 'm'));
    assert.equal(await robot.end('SIGKILL'), 'SIGKILL');
    acknowledged.push(...(robot.output().match(NEWS) ?? []));

    const records = recorded(folder.path);
    assert.equal(new Set(records).size, records.length, 'nothing is recorded twice');
    const missing = new Set(acknowledged);
    for (const record of records) missing.delete(record);
    assert.deepEqual([...missing], []);
    const events = rowsOf<{ type: string; payload: string }>(
      folder.path,
      'SELECT type, payload FROM events ORDER BY id',
    );
    const expected = events.map(({ type, payload }) => {
      const { fault } = JSON.parse(payload);
      return newsOf(type, fault.code, fault.occurrenceCount);
    });
    assert.deepEqual(records.slice(-expected.length), expected);
  }
  context.diagnostic(`${acknowledged.length} acknowledged events`);
  assert.ok(acknowledged.length >= KILLS * LEAST_NEWS);
  const starts = rowsOf<LogRow>(folder.path, "SELECT * FROM uplink_log WHERE kind = 'boot' ORDER BY seq");
  assert.deepEqual(
    starts.map(({ body }) => JSON.parse(body).previous_end),
    ['none', ...Array.from({ length: KILLS - 1 }, () => 'killed')],
  );
});

test('a robot without a hub has no uplink log, and its database is used once it has one', async () => {
  using folder = temporaryFolder();
  const report = { event: 'FAILED', severity: 2, description: '', source: '/source' } as const;
  await during(await openRobot(folder.path), async ({ manager }) => {
    await manager.report({ ...report, code: 'OLD' });
  });
  const tables = "SELECT name FROM sqlite_schema WHERE name LIKE 'uplink%'";
  assert.deepEqual(rowsOf(folder.path, tables), []);
  const uplink = () =>
    gatewayUplink({ clock: systemClock, random: systemRandom, maxBytes: 2 ** 26, log: (_, text) => assert.fail(text) });
  await during(await openRobot(folder.path, { uplink: uplink() }), async ({ manager }) => {
    assert.equal(manager.get('OLD')?.status, 'CONFIRMED');
    await manager.report({ ...report, code: 'NEW' });
  });
  assert.deepEqual(recorded(folder.path), ['fault_confirmed NEW 1']);
  await during(await openRobot(folder.path), async ({ manager }) => {
    await manager.report({ ...report, code: 'UNSEEN' });
  });
  await during(await openRobot(folder.path, { uplink: uplink() }), async () => undefined);
  assert.deepEqual(
    rowsOf<LogRow>(folder.path, "SELECT * FROM uplink_log WHERE kind = 'gap'").map(({ body }) => JSON.parse(body)),
    [{ reason: 'off', fault_events: 1 }],
  );
});

async function during<Opened extends AsyncDisposable>(opened: Opened, work: (opened: Opened) => Promise<void>) {
  await using robot = opened;
  await work(robot);
}
