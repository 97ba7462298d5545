import { DAY_MS, type FleetContext, nowMs, textOf } from '../fleet-context.ts';
import { IS_NEEDED_FILE } from '../issues/needed-occurrences.ts';
import { robotNamed } from '../robots/robot-rows.ts';

/** Files that a hub stores: with recordings of 20 MB, 2 TB. The oldest ones beyond are removed. */
const MAX_STORED_FILES = 100_000;
/** Rows that one transaction changes. */
const MAX_ROWS_PER_TURN = 500;

/** Which files the store of a hub must have. */
export interface StoredFiles {
  /**
   * Ends the retention of files, and removes the oldest beyond the limit. Pinned files and those of active faults, open
   * incidents and the last occurrences of open issues stay. Returns the digests that no row has any more.
   */
  expire(): Promise<readonly string[]>;
  /**
   * Removes the files of a robot that were reported at or after `sinceMs`, pinned ones too, and their transfers. Returns the
   * number of files and the digests that no row has any more. Throws `FleetNotFound`.
   */
  erase(
    robot: string,
    sinceMs: number,
    by: string,
  ): Promise<{ readonly removed: number; readonly unused: readonly string[] }>;
  /** Returns those of these digests that no row has. */
  unknown(digests: readonly string[]): Promise<readonly string[]>;
  /** Returns the digests of all stored files. */
  digests(): Promise<ReadonlySet<string>>;
  /** Notes that the bytes of a file are missing. */
  lost(digest: string): Promise<void>;
}

/** Removes old rows without a file. A row stays while its robot lists the evidence: it would be judged again. */
const WITHOUT_FILE = `DELETE FROM fleet_evidence_files WHERE id IN (SELECT f.id FROM fleet_evidence_files f
  WHERE f.state IN ('gone', 'failed', 'offered') AND f.reported_ms < ? AND NOT EXISTS (SELECT 1 FROM fleet_evidence e
    WHERE e.robot = f.robot AND e.log = f.log AND e.key = f.key) LIMIT ${MAX_ROWS_PER_TURN})`;

export function storedFiles(context: Pick<FleetContext, 'clock' | 'retention' | 'store'>): StoredFiles {
  const { store, retention } = context;
  const unknown: StoredFiles['unknown'] = async (digests) => {
    const rows = await store.read(
      'SELECT DISTINCT sha256 FROM fleet_evidence_files WHERE sha256 IN (SELECT value FROM json_each(?))',
      [JSON.stringify(digests)],
    );
    const known = new Set(rows.map(({ sha256 }) => textOf(sha256!)));
    return [...new Set(digests)].filter((digest) => !known.has(digest));
  };
  /** Takes the files of the rows that match, in turns. The rows stay, so that rules do not request the files again. */
  const take = async (condition: string, values: Readonly<Record<string, number>>, reason: string) => {
    const digests: string[] = [];
    let removed = 0;
    for (;;) {
      const rows = await store.read(
        `SELECT f.id, f.sha256 FROM fleet_evidence_files f WHERE ${condition} LIMIT ${MAX_ROWS_PER_TURN}`,
        values,
      );
      if (rows.length === 0) break;
      removed += rows.length;
      for (const { sha256 } of rows) if (sha256 != null) digests.push(textOf(sha256));
      await store.write([
        {
          sql: `UPDATE fleet_evidence_files SET state = 'offered', reason = :reason, bytes = 0, etag = NULL, sha256 = NULL,
                  stored_ms = NULL, expires_ms = NULL, pinned = 0, queued_ms = NULL
                WHERE id IN (SELECT f.id FROM fleet_evidence_files f
                  WHERE f.id IN (SELECT CAST(value AS INTEGER) FROM json_each(:ids)) AND ${condition})`,
          parameters: { ...values, reason, ids: JSON.stringify(rows.map(({ id }) => Number(id))) },
        },
      ]);
    }
    return { removed, unused: digests.length === 0 ? [] : await unknown(digests) };
  };
  return {
    expire: async () => {
      const now = nowMs(context);
      const expired = await take(
        `f.state IN ('kept', 'lost') AND f.pinned = 0 AND f.expires_ms < :now AND NOT ${IS_NEEDED_FILE}`,
        { now },
        'its retention at the hub has ended',
      );
      const excess = await take(
        `f.state = 'kept' AND f.pinned = 0 AND f.id <= (SELECT o.id FROM fleet_evidence_files o
         WHERE o.state = 'kept' AND o.pinned = 0 ORDER BY o.id DESC LIMIT 1 OFFSET :max) AND NOT ${IS_NEEDED_FILE}`,
        { now, max: MAX_STORED_FILES },
        `the hub has ${MAX_STORED_FILES} newer files`,
      );
      for (;;) {
        const { results } = await store.write([
          { sql: WITHOUT_FILE, parameters: [now - retention.ended_days * DAY_MS] },
        ]);
        if (results[0]!.changes < MAX_ROWS_PER_TURN) break;
      }
      return [...expired.unused, ...excess.unused];
    },
    erase: async (robot, sinceMs, by) => {
      const { id } = await robotNamed({ store }, robot);
      const erased =
        "f.robot = :robot AND f.reported_ms >= :since AND f.state IN ('queued', 'fetching', 'kept', 'lost')";
      return take(erased, { robot: id, since: sinceMs }, `erased by ${by}`);
    },
    unknown,
    digests: async () => {
      const rows = await store.read(
        "SELECT DISTINCT sha256 FROM fleet_evidence_files WHERE sha256 IS NOT NULL AND state = 'kept'",
      );
      return new Set(rows.map(({ sha256 }) => textOf(sha256!)));
    },
    lost: async (digest) => {
      await store.write([
        {
          sql: "UPDATE fleet_evidence_files SET state = 'lost', reason = 'the bytes are missing in the evidence store' WHERE sha256 = ? AND state = 'kept'",
          parameters: [digest],
        },
      ]);
    },
  };
}
