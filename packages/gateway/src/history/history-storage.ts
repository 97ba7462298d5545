import type { Row, Statement, Store } from '@medkit/store';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { GATEWAY_KEY, type HistoryRow, type NewRow } from './history-row.ts';
import type { LogBegin, LogExcerpt } from './past-record.ts';

/** The database with `HISTORY_TABLES`, opened on first use. */
export type HistoryDatabase = Pick<GatewayDatabase, 'exists' | 'store'>;

/** Bounds of the change log. */
export interface HistoryBounds {
  readonly maxRows: number;
  /** Changes of more days are removed; 0 retains them up to `maxRows`. */
  readonly maxDays: number;
}

/** Rows per read: a body may be long, and the size of one reply of the store is bounded. */
const PAGE = 2000;
/** Of the rows, one in this many is removed beyond the bound, so that not every write removes rows. */
const TRIMMED_PART = 20;
const DAY_MS = 86_400_000;

/** Appends rows in one transaction. A power failure may lose the last of them. Rejects with a `StoreError`. */
export async function appendRows(database: HistoryDatabase, rows: readonly NewRow[]): Promise<void> {
  const store = await database.store();
  const sql = 'INSERT INTO history (at_ms, key, body) VALUES (?, ?, ?)';
  const statements = rows.map(({ atMs, key, body }) => ({ sql, parameters: [Math.round(atMs), key, body ?? null] }));
  await store.write(statements, undefined, 'system');
}

/** Returns the last row of each key except parameters. Rejects with a `StoreError`. */
export async function lastRows(database: HistoryDatabase): Promise<readonly HistoryRow[]> {
  if (!(await database.exists())) return [];
  return rowsUpTo(await database.store(), Number.MAX_SAFE_INTEGER, 'parameter %');
}

/** Reads what decides the state at a moment, as `excerptAt` selects it. Rejects with a `StoreError`. */
export async function readExcerpt(database: HistoryDatabase, tMs: number): Promise<LogExcerpt | undefined> {
  if (!(await database.exists())) return undefined;
  const store = await database.store();
  const begin = await readBegin(store);
  const [found] = await store.read(
    'SELECT id, at_ms FROM history WHERE id > ? AND at_ms <= ? ORDER BY id DESC LIMIT 1',
    [begin?.id ?? 0, Math.floor(tMs)],
  );
  const last = found ? placeOf(found) : begin && begin.atMs <= tMs ? begin : undefined;
  if (!last) return undefined;
  const [next] = await store.read('SELECT id, at_ms, key, body FROM history WHERE id > ? ORDER BY id LIMIT 1', [
    last.id,
  ]);
  return { rows: await rowsUpTo(store, last.id), last, next: next && rowOf(next) };
}

/** Returns when the log begins, milliseconds since 1970; `undefined` while it is empty. */
export async function readBeginMs(database: HistoryDatabase): Promise<number | undefined> {
  if (!(await database.exists())) return undefined;
  const store = await database.store();
  const begin = await readBegin(store);
  const [first] = begin ? [] : await store.read('SELECT id, at_ms FROM history ORDER BY id LIMIT 1');
  return begin?.atMs ?? (first && placeOf(first).atMs);
}

/** Removes the oldest changes beyond the bounds; the state that they led to remains. Rejects with a `StoreError`. */
export async function trimHistory(database: HistoryDatabase, bounds: HistoryBounds, nowMs: number): Promise<void> {
  const store = await database.store();
  const cut = await cutOf(store, bounds, nowMs);
  if (cut) await store.write(trimStatements(cut), undefined, 'system');
}

/** Returns the statements that move the beginning of the log to a position. */
export function trimStatements({ id, atMs }: LogBegin): readonly Statement[] {
  const at = (sql: string): Statement => ({ sql, parameters: { id } });
  return [
    {
      sql: 'INSERT INTO history_begin (one, id, at_ms) VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET id = excluded.id, at_ms = excluded.at_ms',
      parameters: [id, Math.round(atMs)],
    },
    at(
      `DELETE FROM history WHERE id <= :id AND EXISTS (
         SELECT 1 FROM history AS later WHERE later.key = history.key AND later.id > history.id AND later.id <= :id)`,
    ),
    at('DELETE FROM history WHERE id <= :id AND body IS NULL'),
    // Values of an earlier period or process are unknown from here on: see `pastRecord`.
    at(
      `DELETE FROM history WHERE id <= :id AND key LIKE 'parameter %' AND NOT EXISTS (
         SELECT 1 FROM history AS entity, history AS mark
         WHERE entity.key = json_extract(history.body, '$.entity') AND entity.id <= :id
           AND json_extract(entity.body, '$.run') = json_extract(history.body, '$.run')
           AND mark.key = '${GATEWAY_KEY}' AND mark.id <= :id
           AND json_extract(mark.body, '$.session') = json_extract(history.body, '$.session'))`,
    ),
  ];
}

/** Returns the position up to which changes are removed; `undefined` if the log is within its bounds. */
async function cutOf(store: Store, { maxRows, maxDays }: HistoryBounds, nowMs: number): Promise<LogBegin | undefined> {
  const part = Math.max(1, Math.floor(maxRows / TRIMMED_PART));
  const [counted] = await store.read('SELECT count(*) AS rows FROM history');
  if (Number(counted?.['rows']) > maxRows) {
    const [row] = await store.read('SELECT id, at_ms FROM history ORDER BY id DESC LIMIT 1 OFFSET ?', [maxRows - part]);
    return row && placeOf(row);
  }
  if (maxDays === 0) return undefined;
  // A part at a time: a clock that is wrong for a moment must not remove the whole log.
  const begin = await readBegin(store);
  const [row] = await store.read(
    `SELECT id, at_ms FROM (SELECT id, at_ms FROM history WHERE id > ? ORDER BY id LIMIT ?) AS oldest
     WHERE at_ms < ? ORDER BY id DESC LIMIT 1`,
    [begin?.id ?? 0, part, Math.round(nowMs - maxDays * DAY_MS)],
  );
  return row && placeOf(row);
}

async function readBegin(store: Store): Promise<LogBegin | undefined> {
  const [row] = await store.read('SELECT id, at_ms FROM history_begin');
  return row && placeOf(row);
}

/** @param without pattern of keys that are left out */
async function rowsUpTo(store: Store, id: number, without = ''): Promise<readonly HistoryRow[]> {
  const rows: HistoryRow[] = [];
  for (let after = ''; ; ) {
    const page = await store.read(
      `SELECT history.id, at_ms, history.key, body
       FROM (SELECT key, max(id) AS id FROM history WHERE key > ? AND id <= ? AND key NOT LIKE ? GROUP BY key ORDER BY key LIMIT ?) AS latest
       JOIN history ON history.id = latest.id ORDER BY history.key`,
      [after, id, without, PAGE],
    );
    rows.push(...page.map(rowOf));
    if (page.length < PAGE) return rows;
    after = rows.at(-1)!.key;
  }
}

const placeOf = ({ id, at_ms }: Row): LogBegin => ({ id: Number(id), atMs: Number(at_ms) });

function rowOf(row: Row): HistoryRow {
  const { key, body } = row;
  return { ...placeOf(row), key: String(key), body: body === null ? undefined : String(body) };
}
