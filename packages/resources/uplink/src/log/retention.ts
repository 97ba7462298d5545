import type { Row, Store } from '@medkit/store';
import { type EnrolledHub, readCursors } from './hub-position.ts';
import { RECORD_CLASSES, type RecordKind } from './uplink-record.ts';
import { RECORD_BYTES } from './uplink-tables.ts';

/** Days for which acknowledged records stay, so that a hub that was restored from a backup can read them again. */
const ACKNOWLEDGED_DAYS = 7;
/** Maximum acknowledged records that stay, 48 MB of 0.95 KB each. */
const MAX_ACKNOWLEDGED = 50_000;
/** Rows that one pass considers: the store returns at most 10,000. */
const MAX_ROWS_PER_PASS = 5000;
/** Part of the room that stays in use after records were removed, so that removal is rare. */
const REFILL = 0.9;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Records that were removed before any hub had read them. */
export interface RemovedUnread {
  readonly records: number;
  readonly from: number;
  readonly to: number;
  readonly kinds: Readonly<Partial<Record<RecordKind, number>>>;
}

const SIZE = `octet_length(body) + ${RECORD_BYTES}`;

/** How far the readers that count have read. */
interface Acknowledged {
  /** Number up to which every one has read; 0 if one has not begun, or there is none. */
  readonly byAll: number;
  /** Number up to which at least one has read. */
  readonly byOne: number;
}

/**
 * Returns how far the readers have read for which records stay: each required hub, even if it has read nothing yet, and
 * programs on this machine. If no hub is required, all hubs count.
 */
export async function acknowledgedUpTo(
  store: Pick<Store, 'read'>,
  hubs: readonly EnrolledHub[],
): Promise<Acknowledged> {
  const isSomeRequired = hubs.some(({ required }) => required);
  const observers = hubs.filter(({ required }) => isSomeRequired && !required).map(({ name }) => name);
  const cursors = (await readCursors(store)).filter(({ hub }) => !observers.includes(hub));
  const missing = hubs.some(({ name }) => !observers.includes(name) && !cursors.some(({ hub }) => hub === name));
  const read = cursors.map(({ seq }) => seq);
  return { byAll: missing || read.length === 0 ? 0 : Math.min(...read), byOne: Math.max(0, ...read) };
}

/** Removes acknowledged records that are older than 7 days or beyond the newest 50,000. */
export async function removeAcknowledged(
  store: Pick<Store, 'read' | 'write'>,
  nowMs: number,
  hubs: readonly EnrolledHub[],
): Promise<void> {
  const { byAll: acked } = await acknowledgedUpTo(store, hubs);
  const [old] = await store.read('SELECT coalesce(max(seq), 0) AS seq FROM uplink_log WHERE seq <= ? AND at_ms < ?', [
    acked,
    Math.floor(nowMs - ACKNOWLEDGED_DAYS * DAY_MS),
  ]);
  await removeUpTo(store, Math.max(Number(old?.seq ?? 0), acked - MAX_ACKNOWLEDGED));
}

/** Removes every record up to `seq`, all of which are acknowledged. */
async function removeUpTo(store: Pick<Store, 'write'>, seq: number): Promise<void> {
  if (seq <= 0) return;
  await store.write([
    {
      sql: `UPDATE uplink_head SET removed = max(removed, ?),
              bytes = bytes - (SELECT coalesce(sum(${SIZE}), 0) FROM uplink_log WHERE seq <= ?)`,
      parameters: [seq, seq],
    },
    { sql: 'DELETE FROM uplink_log WHERE seq <= ?', parameters: [seq] },
  ]);
}

/**
 * Makes room if the log uses more than `maxBytes`: removes acknowledged records, oldest first, then those that only some
 * required hubs have, then unread ones, both by class and age. So a hub that is absent for long costs the others nothing.
 * Returns false if there is nothing to remove.
 * @param record statements that record what is removed, for the same transaction
 */
export async function makeRoom(
  store: Pick<Store, 'read' | 'write'>,
  maxBytes: number,
  hubs: readonly EnrolledHub[],
  record: (removed: RemovedUnread) => Parameters<Store['write']>[0],
): Promise<boolean> {
  const [head] = await store.read('SELECT bytes FROM uplink_head');
  const used = Number(head?.bytes ?? 0);
  if (used <= maxBytes) return false;
  const excess = used - Math.floor(maxBytes * REFILL);
  const { byAll, byOne } = await acknowledgedUpTo(store, hubs);
  const read = await store.read(
    `SELECT seq, ${SIZE} AS size FROM uplink_log WHERE seq <= ? ORDER BY seq LIMIT ${MAX_ROWS_PER_PASS}`,
    [byAll],
  );
  if (read.length > 0) {
    await removeUpTo(store, Number(firstWith(read, excess).rows.at(-1)?.seq));
    return true;
  }
  // The last record of each state is the present one, and the newest record is the end of the chain.
  const unread = await store.read(
    `SELECT seq, kind, ${SIZE} AS size FROM uplink_log
     WHERE seq <> (SELECT seq FROM uplink_head)
       AND seq NOT IN (SELECT max(seq) FROM uplink_log WHERE class = ${RECORD_CLASSES.tree} GROUP BY kind)
     ORDER BY seq > ?, class, seq LIMIT ${MAX_ROWS_PER_PASS}`,
    [byOne],
  );
  if (unread.length === 0) return false;
  const { rows: removed, bytes: freed } = firstWith(unread, excess);
  const seqs = removed.map(({ seq }) => Number(seq));
  const kinds: Partial<Record<RecordKind, number>> = {};
  for (const { kind } of removed) kinds[kind as RecordKind] = (kinds[kind as RecordKind] ?? 0) + 1;
  await store.write([
    { sql: 'UPDATE uplink_head SET bytes = max(0, bytes - ?)', parameters: [freed] },
    { sql: 'DELETE FROM uplink_log WHERE seq IN (SELECT value FROM json_each(?))', parameters: [JSON.stringify(seqs)] },
    ...record({ records: seqs.length, from: Math.min(...seqs), to: Math.max(...seqs), kinds }),
  ]);
  return true;
}

/** Returns the first rows that use `bytes` together, or all rows, and the bytes that they use. */
function firstWith(rows: readonly Row[], bytes: number): { readonly rows: readonly Row[]; readonly bytes: number } {
  let used = 0;
  const first = rows.filter(({ size }) => {
    if (used >= bytes) return false;
    used += Number(size);
    return true;
  });
  return { rows: first, bytes: used };
}
