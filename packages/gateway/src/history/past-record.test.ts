import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { testStore } from '@medkit/store/testing';
import { GATEWAY_KEY, type GatewayMark, type HistoryRow } from './history-row.ts';
import { readBeginMs, readExcerpt, trimHistory, trimStatements } from './history-storage.ts';
import { HISTORY_TABLES } from './history-tables.ts';
import { excerptAt, type LogExcerpt, type PastRecord, pastRecord, type Recording } from './past-record.ts';
import { type Copy, randomLog } from './testing/random-log.ts';

const ON: Recording = { is: 'on' };
const SEEDS = [1, 2, 3, 4, 5, Math.floor(performance.now() * 1000) % 1_000_000];

function copyOf({ gap, entities, parameters }: PastRecord): Copy {
  return {
    isRecording: gap?.reason !== 'not_running',
    entities: entities.map(({ id, online }) => (online ? id : `${id}!`)).sort(),
    parameters: parameters.map(({ entity, name, value }) => `${entity.slice(4)} ${name}=${value}`).sort(),
  };
}

async function storedLog(rows: readonly HistoryRow[]) {
  const store = testStore({ clock: new SimulatedClock(), migrations: { history: HISTORY_TABLES } });
  await store.write(
    rows.map(({ id, atMs, key, body }) => ({
      sql: 'INSERT INTO history (id, at_ms, key, body) VALUES (?, ?, ?, ?)',
      parameters: [id, atMs, key, body ?? null],
    })),
  );
  return { store, database: { exists: async () => true, store: async () => store } };
}

for (const seed of SEEDS) {
  test(`the state at a moment equals the copy of a witness, also after old rows were removed (seed ${seed})`, async () => {
    const random = seededRandom(seed);
    const { rows, copies } = randomLog(random, 600);
    const { store, database } = await storedLog(rows);
    const check = async (fromId: number, what: string): Promise<void> => {
      for (let round = 0; round < 40; round += 1) {
        const { atMs } = rows[fromId + Math.floor(random.float() * (rows.length - fromId))]!;
        const tMs = atMs + Math.floor(random.float() * 100);
        const at = rows.findLastIndex((row) => row.atMs <= tMs);
        if (at < fromId) continue;
        const found = await readExcerpt(database, tMs);
        assert.ok(found, what);
        assert.deepEqual(copyOf(pastRecord(found, tMs, ON)), copies[at], `${what}, row ${at} at ${tMs}`);
        if (fromId > 0) continue;
        const pure = excerptAt(rows, tMs);
        assert.ok(pure);
        assert.deepEqual(pastRecord(found, tMs, ON), pastRecord(pure, tMs, ON), `${what}: SQL and the function`);
      }
    };
    await check(0, 'the whole log');
    for (const part of [0.3, 0.6]) {
      const cut = rows[Math.floor(rows.length * part)]!;
      await store.write(trimStatements(cut));
      await check(cut.id - 1, `without the rows up to ${cut.id}`);
    }
    const cut = rows[Math.floor(rows.length * 0.6)]!;
    assert.equal(await readBeginMs(database), cut.atMs);
    const earliest = Math.min(...rows.slice(cut.id - 1).map(({ atMs }) => atMs));
    assert.equal(await readExcerpt(database, earliest - 1), undefined, 'before the record');
    const left = await store.read('SELECT count(*) AS rows FROM history WHERE id <= ?', [cut.id]);
    assert.ok(Number(left[0]!['rows']) <= 1 + 4 + 16, 'only the last row of each key');
  });
}

suite('a moment without a record', () => {
  const mark = (more: Partial<GatewayMark> = {}): string =>
    JSON.stringify({ session: 1, version: '1', startedMs: 0, after: 'start', ...more } satisfies GatewayMark);
  const row = (id: number, atMs: number, body: string): HistoryRow => ({ id, atMs, key: GATEWAY_KEY, body });
  const app = (id: number, atMs: number): HistoryRow => ({ id, atMs, key: 'app a', body: '{"name":"a","run":1}' });
  const gapOf = (rows: readonly HistoryRow[], tMs: number, recording: Recording = ON) =>
    pastRecord(excerptAt(rows, tMs) as LogExcerpt, tMs, recording).gap;

  test('between the end and the next start of the gateway is a gap with both ends', () => {
    const rows = [row(1, 10, mark()), row(2, 20, mark({ ended: true })), row(3, 50, mark({ startedMs: 45 }))];
    assert.equal(gapOf(rows, 15), undefined);
    assert.deepEqual(gapOf(rows, 30), { fromMs: 20, toMs: 50, reason: 'not_running' });
    assert.deepEqual(gapOf(rows, 47), { fromMs: 20, toMs: 50, reason: 'starting' });
    assert.equal(gapOf(rows, 50), undefined);
    assert.equal(gapOf(rows, 99), undefined);
  });

  test('after a crash begins with the last row, because the moment of the crash is unknown', () => {
    const rows = [row(1, 10, mark()), app(2, 20), row(3, 50, mark({ startedMs: 45 }))];
    assert.equal(gapOf(rows, 15), undefined);
    assert.equal(gapOf(rows, 20), undefined);
    assert.deepEqual(gapOf(rows, 21), { fromMs: 20, toMs: 50, reason: 'ended_unexpectedly' });
  });

  test('has no end while the gateway does not record again', () => {
    const rows = [row(1, 10, mark()), row(2, 20, mark({ ended: true }))];
    const starting: Recording = { is: 'starting', sinceMs: 45 };
    assert.deepEqual(gapOf(rows, 30, starting), { fromMs: 20, reason: 'not_running' });
    assert.deepEqual(gapOf(rows, 46, starting), { fromMs: 20, reason: 'starting' });
    const failed: Recording = { is: 'failure', sinceMs: 25 };
    assert.deepEqual(gapOf([row(1, 10, mark())], 30, failed), { fromMs: 10, reason: 'failure' });
  });

  test('names an overload', () => {
    const rows = [row(1, 10, mark()), row(2, 50, mark({ startedMs: 30, after: 'overload' }))];
    assert.deepEqual(gapOf(rows, 40), { fromMs: 10, toMs: 50, reason: 'overload' });
  });

  test('skips rows that another program damaged', () => {
    const rows = [
      row(1, 10, mark()),
      { id: 2, atMs: 20, key: 'app a', body: '{' },
      { id: 3, atMs: 21, key: 'x', body: '1' },
    ];
    assert.deepEqual(pastRecord(excerptAt(rows, 30)!, 30, ON).entities, []);
  });
});

test('the log stays within its bounds, and a clock that is wrong removes only a part', async () => {
  const { rows } = randomLog(seededRandom(7), 3000);
  const { store, database } = await storedLog(rows);
  const count = async (): Promise<number> => Number((await store.read('SELECT count(*) AS n FROM history'))[0]!['n']);
  const [last] = rows.slice(-1);
  const day = 86_400_000;
  await trimHistory(database, { maxRows: 5000, maxDays: 1 }, last!.atMs + 1);
  assert.equal(await count(), 3000, 'within the bounds');
  await trimHistory(database, { maxRows: 5000, maxDays: 1 }, last!.atMs + 100 * day);
  const afterJump = await count();
  assert.ok(afterJump < 3000 && afterJump >= 2750, `${afterJump} rows are left of 3000`);
  await trimHistory(database, { maxRows: 1000, maxDays: 0 }, last!.atMs);
  const bounded = await count();
  assert.ok(bounded <= 1000 && bounded >= 900, `${bounded} rows are left of ${afterJump}`);
});
