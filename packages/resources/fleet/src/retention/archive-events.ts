import type { Row } from '@medkit/store';
import { type FleetContext, type FleetStore, optionalText } from '../fleet-context.ts';

/** Events of one file, and rows that one transaction removes: the writer is free for new records between two of them. */
const EVENTS_TOGETHER = 5000;
/** Events of one read: a body has up to 256 KiB, and a result up to 32 MiB. */
const PAGE = 100;

/** Stores removed events. Resolves when they are on disk. A file of the same name is an unfinished one of an earlier attempt. */
export type EventArchive = (name: string, lines: AsyncIterable<string>) => Promise<void>;

/**
 * Archives the events that the hub received before a time, and removes them. Each is in the archive once: the numbers of its
 * first and last event name a file, which is written again if the hub ends before it removes them.
 */
export async function archiveEvents(
  { store, archive }: Pick<FleetContext, 'store'> & { readonly archive: EventArchive },
  beforeMs: number,
): Promise<void> {
  for (;;) {
    // Rows are numbered in the order in which they were received, so that the oldest have the lowest numbers.
    const [range] = await store.read(
      `SELECT min(id) AS first, max(id) AS last, count(*) AS n
       FROM (SELECT id, got_ms FROM fleet_events ORDER BY id LIMIT ${EVENTS_TOGETHER}) AS oldest WHERE got_ms < ?`,
      [beforeMs],
    );
    const [first, last, count] = [Number(range?.first), Number(range?.last), Number(range?.n)];
    if (count === 0) return;
    await archive(`events-${first}-${last}.ndjson`, linesOf(store, { first, last, beforeMs }));
    await store.write([
      { sql: 'DELETE FROM fleet_events WHERE id BETWEEN ? AND ? AND got_ms < ?', parameters: [first, last, beforeMs] },
    ]);
    if (count < EVENTS_TOGETHER) return;
  }
}

interface EventRange {
  readonly first: number;
  readonly last: number;
  readonly beforeMs: number;
}

async function* linesOf(store: FleetStore, { first, last, beforeMs }: EventRange): AsyncGenerator<string> {
  for (let after = first - 1; ; ) {
    const rows = await store.read(
      `SELECT e.*, r.name FROM fleet_events e LEFT JOIN fleet_robots r ON r.id = e.robot
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
