import type { Row } from '@medkit/store';
import { type FleetContext, type FleetStore, optionalText } from '../fleet-context.ts';

/** Events of one file, and rows that one transaction removes: the writer is free for new records between two of them. */
const EVENTS_TOGETHER = 5000;
/** Events of one read: a body has up to 256 KiB, and a result up to 32 MiB. */
const PAGE = 100;

/** The files of removed events. */
export interface EventArchive {
  /** Stores events. Resolves when they are on disk. A file of the same name is an unfinished one of an earlier attempt. */
  store(name: string, lines: AsyncIterable<string>): Promise<void>;
  /** Removes the files that were written before a time. */
  removeBefore(beforeMs: number): Promise<void>;
}

type Sources = Pick<FleetContext, 'store'> & { readonly archive: EventArchive };

/**
 * Archives the events of a table that the hub received before a time, and removes them. Each is in the archive once: the
 * numbers of its first and last event name a file, which is written again if the hub ends before it removes them.
 */
export async function archiveEvents(
  { store, archive }: Sources,
  beforeMs: number,
  table = 'fleet_events',
): Promise<void> {
  for (;;) {
    // Rows are numbered in the order in which they were received, so that the oldest have the lowest numbers.
    const range = { table, after: 0, beforeMs };
    const { first, last, count } = await nextRange(store, range);
    if (count === 0) return;
    await archive.store(nameOf(first, last), linesOf(store, { ...range, after: first - 1, last }));
    const sql = `DELETE FROM ${table} WHERE id BETWEEN ? AND ? AND got_ms < ?`;
    await store.write([{ sql, parameters: [first, last, beforeMs] }]);
    if (count < EVENTS_TOGETHER) return;
  }
}

/** Archives all events of a table that does not change any more, and removes none. The files of an earlier attempt have the same names. */
export async function archiveTable({ store, archive }: Sources, table: string): Promise<void> {
  for (let after = 0; ; ) {
    const range = { table, after, beforeMs: Number.MAX_SAFE_INTEGER };
    const { first, last, count } = await nextRange(store, range);
    if (count === 0) return;
    await archive.store(nameOf(first, last), linesOf(store, { ...range, last }));
    after = last;
  }
}

const nameOf = (first: number, last: number): string => `events-${first}-${last}.ndjson`;

/** Events of a table after a number that were received before a time. */
interface EventRange {
  readonly table: string;
  readonly after: number;
  readonly beforeMs: number;
}

/** Returns the numbers of the events that one file has. */
async function nextRange(
  store: FleetStore,
  { table, after, beforeMs }: EventRange,
): Promise<{ readonly first: number; readonly last: number; readonly count: number }> {
  const [range] = await store.read(
    `SELECT min(id) AS first, max(id) AS last, count(*) AS n
     FROM (SELECT id, got_ms FROM ${table} WHERE id > ? ORDER BY id LIMIT ${EVENTS_TOGETHER}) AS oldest WHERE got_ms < ?`,
    [after, beforeMs],
  );
  return { first: Number(range?.first), last: Number(range?.last), count: Number(range?.n) };
}

async function* linesOf(
  store: FleetStore,
  { table, after: from, last, beforeMs }: EventRange & { readonly last: number },
): AsyncGenerator<string> {
  for (let after = from; ; ) {
    const rows = await store.read(
      `SELECT e.*, r.name FROM ${table} e LEFT JOIN fleet_robots r ON r.id = e.robot
       WHERE e.id > ? AND e.id <= ? AND e.got_ms < ? ORDER BY e.id LIMIT ${PAGE}`,
      [after, last, beforeMs],
    );
    for (const row of rows) yield lineOf(row);
    if (rows.length < PAGE) return;
    after = Number(rows.at(-1)!.id);
  }
}

/** Returns an event as one line of JSON. Its body is JSON already. */
function lineOf({ id, name, seq, hash, kind, boot, robot_ms, at_ms, uncertain_ms, got_ms, ...row }: Row): string {
  const fields = {
    ...{ id, robot: optionalText(name), seq, hash: Buffer.from(hash as Uint8Array).toString('hex'), kind, boot },
    ...{ robot_ms, at_ms, uncertain_ms, got_ms, code: row.code, entity: row.entity, severity: row.severity },
  };
  return `${JSON.stringify(fields).slice(0, -1)},"body":${row.body}}\n`;
}
