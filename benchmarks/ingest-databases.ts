import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '@medkit/edges/node';
import { FLEET_TABLES } from '@medkit/fleet';
import { openStore, type Store } from '@medkit/store';
import { postgresStore } from '@medkit/store/postgres';
import pg from 'pg';
import { startPostgres } from '../test/harness/postgres.ts';
import { onCpuMs } from './process.ts';

/** A stored record, as the baseline inserts it. */
export interface BaselineRow {
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly code: string;
  readonly nowMs: number;
  readonly body: string;
}

/** A database of a fleet hub, and a connection without medkit to a second one with the same tables. */
export interface IngestDatabase extends AsyncDisposable {
  /** Name of the benchmark in its results. */
  readonly name: string;
  readonly hasPartitions: boolean;
  readonly store: Store;
  /** Stores rows of the robot 1 and moves its cursor, in one transaction of the baseline. */
  insert(rows: readonly BaselineRow[]): Promise<void>;
  /** Returns the processor time that the server used so far; `undefined` if there is no server. */
  serverUs(): { readonly store: number; readonly baseline: number } | undefined;
}

const COLUMNS =
  'robot, seq, hash, kind, boot, robot_ms, at_ms, uncertain_ms, got_ms, code, entity, severity, body' as const;
const CURSOR = 'INSERT INTO fleet_cursors (robot) VALUES (1)';

/** Opens files in a folder. */
export async function sqliteIngest(folder: string): Promise<IngestDatabase> {
  const path = join(folder, 'fleet.db');
  const store = await openStore({ path, clock: systemClock, warn: console.warn, migrations: FLEET_TABLES });
  const baseline = new DatabaseSync(join(folder, 'baseline.db'));
  baseline.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  for (const table of FLEET_TABLES['fleet']!.flat())
    if (/fleet_(events|cursors)\b/.test(String(table))) baseline.exec(String(table));
  baseline.exec(CURSOR);
  const insert = baseline.prepare(
    `INSERT INTO fleet_events (${COLUMNS}) VALUES (1, ?, ?, 'fault', 1, ?, ?, 1000, ?, ?, 'arm', 2, ?)`,
  );
  return {
    name: 'ingest-sqlite',
    hasPartitions: false,
    store,
    insert: async (rows) => {
      baseline.exec('BEGIN IMMEDIATE');
      for (const { seq, hash, nowMs, code, body } of rows) insert.run(seq, hash, nowMs, nowMs, nowMs, code, body);
      baseline.exec(`UPDATE fleet_cursors SET seq = ${rows.at(-1)!.seq} WHERE robot = 1`);
      baseline.exec('COMMIT');
    },
    serverUs: () => undefined,
    [Symbol.asyncDispose]: async () => {
      baseline.close();
      await store.close();
    },
  };
}

/** Starts a server with two schemas. */
export async function postgresIngest(): Promise<IngestDatabase> {
  const server = await startPostgres();
  const open = (schema: string): Promise<Store> =>
    postgresStore({ url: server.url, schema, clock: systemClock, warn: console.warn, migrations: FLEET_TABLES });
  await (await open('baseline')).close();
  const baseline = new pg.Client({ connectionString: server.url, options: '-c search_path=baseline' });
  await baseline.connect();
  await baseline.query(CURSOR);
  const store = await open('medkit');
  const { rows: backends } = await baseline.query<{ readonly pid: number; readonly is_baseline: boolean }>(
    "SELECT pid, pid = pg_backend_pid() AS is_baseline FROM pg_stat_activity WHERE backend_type = 'client backend'",
  );
  const usedUs = (isBaseline: boolean): number =>
    1000 * backends.reduce((sum, { pid, is_baseline }) => sum + (is_baseline === isBaseline ? onCpuMs(pid) : 0), 0);
  const insert = {
    name: 'insert',
    text: `INSERT INTO fleet_events (${COLUMNS})
           SELECT 1, seq, hash, 'fault', 1, now_ms, now_ms, 1000, now_ms, code, 'arm', 2, body
           FROM unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::text[], $5::text[]) AS r (seq, hash, now_ms, code, body)`,
  };
  return {
    name: 'ingest',
    hasPartitions: true,
    store,
    insert: async (rows) => {
      await baseline.query('BEGIN');
      const column = (name: keyof BaselineRow) => rows.map((row) => row[name]);
      const values = [column('seq'), column('hash'), column('nowMs'), column('code'), column('body')];
      await baseline.query({ ...insert, values });
      await baseline.query('UPDATE fleet_cursors SET seq = $1 WHERE robot = 1', [rows.at(-1)!.seq]);
      await baseline.query('COMMIT');
    },
    serverUs: () => ({ store: usedUs(false), baseline: usedUs(true) }),
    [Symbol.asyncDispose]: async () => {
      await baseline.end();
      await store.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
