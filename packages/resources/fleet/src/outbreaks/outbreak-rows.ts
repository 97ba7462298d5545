import type { OutbreakKind } from '@medkit/contract';
import type { Row, Statement } from '@medkit/store';
import { type FleetStore, optionalNumber, textOf } from '../fleet-context.ts';
import type { OutbreakReport } from './outbreak-report.ts';
import { DAY_MS, type StoredOutbreak } from './windows.ts';

/** Outbreaks that stay in the record: two years of a hub with 14 a day. */
export const MAX_STORED_OUTBREAKS = 10_000;
/** Outbreaks of one read. */
const PAGE = 100;

/** An outbreak of the record, with what an incident shows. */
export interface FleetOutbreak extends StoredOutbreak {
  readonly changedMs: number;
  readonly report: OutbreakReport;
}

/** What `body` contains. */
type Body = Pick<FleetOutbreak, 'about' | 'members' | 'name' | 'report' | 'robots'>;

/** Reads the open outbreaks, and those that ended within a day. */
export async function recentOutbreaks(store: FleetStore, nowMs: number): Promise<readonly FleetOutbreak[]> {
  const sql = `SELECT * FROM fleet_outbreaks WHERE ended_ms IS NULL OR ended_ms > ?
               ORDER BY id DESC LIMIT ${MAX_STORED_OUTBREAKS}`;
  return (await store.read(sql, [nowMs - DAY_MS])).map(outbreakOf);
}

/** Reads all outbreaks of the record, the newest first, a page at a time: one may have each robot of the fleet. */
export async function* storedOutbreaks(store: FleetStore): AsyncGenerator<FleetOutbreak> {
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = await store.read(`SELECT * FROM fleet_outbreaks WHERE id < ? ORDER BY id DESC LIMIT ${PAGE}`, [
      before,
    ]);
    const outbreaks = rows.map(outbreakOf);
    yield* outbreaks;
    if (outbreaks.length < PAGE) return;
    before = outbreaks.at(-1)!.id;
  }
}

/** Returns the outbreak in a row of the table. */
export function outbreakOf(row: Row): FleetOutbreak {
  return {
    id: Number(row.id),
    kind: textOf(row.kind!) as OutbreakKind,
    subject: textOf(row.subject!),
    severity: Number(row.severity),
    beganMs: Number(row.began_ms),
    changedMs: Number(row.changed_ms),
    endedMs: optionalNumber(row.ended_ms),
    ...(JSON.parse(textOf(row.body!)) as Body),
  };
}

type Change = Omit<FleetOutbreak, 'changedMs' | 'id'>;

const bodyOf = ({ about, members, name, report, robots }: Body): string =>
  JSON.stringify({ about, members, name, report, robots } satisfies Body);

/** Returns the statement that opens an outbreak, unless one of its kind and subject is open. Its row is the result. */
export const openStatement = (opening: Change, atMs: number): Statement => ({
  sql: `INSERT INTO fleet_outbreaks (kind, subject, severity, began_ms, changed_ms, body) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING RETURNING *`,
  parameters: [opening.kind, opening.subject, opening.severity, opening.beganMs, atMs, bodyOf(opening)],
});

/** Returns the statement that changes or ends an open outbreak. Its row is the result. */
export const changeStatement = (id: number, change: Change, atMs: number): Statement => ({
  sql: `UPDATE fleet_outbreaks SET severity = ?, changed_ms = ?, ended_ms = ?, body = ?
        WHERE id = ? AND ended_ms IS NULL RETURNING *`,
  parameters: [change.severity, atMs, change.endedMs ?? null, bodyOf(change), id],
});

/** Removes the oldest outbreaks that ended. */
export const REMOVE_OLDEST: Statement = {
  sql: `DELETE FROM fleet_outbreaks WHERE ended_ms IS NOT NULL
          AND id <= (SELECT id FROM fleet_outbreaks ORDER BY id DESC LIMIT 1 OFFSET ${MAX_STORED_OUTBREAKS})`,
};
