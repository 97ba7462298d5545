import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { openStore, type Store } from '@medkit/store';
import { startHistory } from '../packages/gateway/src/history/history-recorder.ts';
import { entityState, type NewRow } from '../packages/gateway/src/history/history-row.ts';
import { appendRows, readExcerpt } from '../packages/gateway/src/history/history-storage.ts';
import { HISTORY_TABLES } from '../packages/gateway/src/history/history-tables.ts';
import { pastRecord } from '../packages/gateway/src/history/past-record.ts';
import { median } from './process.ts';

/** Apps of the robot. */
const APPS = 300;
/** Changes in the log that is read: the default of `history.max_rows`. */
const ROWS = 100_000;
/** Changes of the tree per measurement, and pairs of measurements. */
const CHANGES = 200;
const ROUNDS = 9;
/** The recorder begins 5 s after its start, and writes within 0.25 s. */
const SETTLE_MS = 5500;

/** The cost of a recorded tree change, and of reading a moment in a full log. */
export async function pastState(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'medkit-bench-'));
  try {
    await writing(join(folder, 'write.db'));
    await reading(join(folder, 'read.db'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const open = (path: string): Promise<Store> =>
  openStore({ path, clock: systemClock, warn: console.warn, migrations: { history: HISTORY_TABLES } });

const robot = (changed = -1, online = true): readonly App[] =>
  Array.from({ length: APPS }, (_, at) =>
    app(`app_${at}`, { node: `/group_${at % 10}/app_${at}`, componentId: 'amr_01', online: at !== changed || online }),
  );

/** Tree changes with a recorder, interleaved with the same changes without one: the calibrator. */
async function writing(path: string): Promise<void> {
  const store = await open(path);
  const scene = async (isRecorded: boolean) => {
    const runtime = memoryRuntime({ apps: robot() });
    const model = await openModel({ runtimes: [runtime], clock: systemClock, log: () => undefined });
    const database = { exists: async () => true, store: async () => store };
    const bounds = { maxRows: ROWS, maxDays: 30 };
    const options = { model, database, clock: systemClock, log: console.warn, bounds, version: '1' };
    return { runtime, model, recorder: isRecorded ? startHistory(options) : undefined };
  };
  const [recorded, baseline] = [await scene(true), await scene(false)];
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const measure = async ({ runtime, model, recorder }: typeof recorded, round: number): Promise<number> => {
    const began = process.cpuUsage();
    for (let change = 0; change < CHANGES; change += 1) {
      const merged = new Promise<void>((resolve) => {
        const stop = model.onChange(() => {
          stop();
          resolve();
        });
      });
      // Each app changes a few times only: one that changes more often has used its rows.
      runtime.tell({ apps: robot((round * CHANGES + change) % APPS, false) });
      await merged;
    }
    await recorder?.flush();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / CHANGES;
  };
  const [withRecorder, without]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    withRecorder.push(await measure(recorded, round));
    without.push(await measure(baseline, round));
  }
  const [row] = await store.read('SELECT count(*) AS rows FROM history');
  console.log(
    `one change in a tree of ${APPS} apps: ${median(withRecorder).toFixed(0)} µs CPU of all threads with a record, ` +
      `${median(without).toFixed(0)} µs without (${row?.['rows']} rows)`,
  );
  await recorded.recorder?.close();
  await Promise.all([recorded.model.close(), baseline.model.close()]);
  await store.close();
}

/** Reads moments in a full log, interleaved with a scan of its rows in SQL: the calibrator. */
async function reading(path: string): Promise<void> {
  const store = await open(path);
  const database = { exists: async () => true, store: async () => store };
  const [first] = robot();
  const state = entityState(first!)!;
  const rows = Array.from({ length: ROWS }, (_, at): NewRow => {
    const key = `app app_${at % APPS}`;
    return { atMs: at * 1000, key, body: JSON.stringify({ ...state, online: at % 2 === 0, run: at }) };
  });
  const mark = { session: 1, version: '1', startedMs: 0, after: 'start' };
  await appendRows(database, [{ atMs: 0, key: 'gateway', body: JSON.stringify(mark) }]);
  for (let at = 0; at < ROWS; at += 1000) await appendRows(database, rows.slice(at, at + 1000));
  const [moments, scans]: [number[], number[]] = [[], []];
  let found = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const tMs = ((round + 0.5) / ROUNDS) * ROWS * 1000;
    const began = performance.now();
    found = pastRecord((await readExcerpt(database, tMs))!, tMs, { is: 'on' }).entities.length;
    moments.push(performance.now() - began);
    const scanning = performance.now();
    await store.read('SELECT count(*) AS rows, sum(length(body)) AS bytes FROM history');
    scans.push(performance.now() - scanning);
  }
  const { databaseBytes } = await store.usage();
  console.log(
    `a moment in ${ROWS} changes: ${median(moments).toFixed(0)} ms for ${found} entities, ` +
      `${(median(moments) / median(scans)).toFixed(1)} times a scan of the rows; ${(databaseBytes / ROWS).toFixed(0)} bytes per change`,
  );
  await store.close();
}
