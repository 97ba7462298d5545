import type { Clock } from '@medkit/edges';
import type { Statement, Store } from '@medkit/store';
import { type RecordTime, releaseStatements } from './uplink-record.ts';

/** Descriptors that become records in one transaction. */
const TOGETHER = 100;
/** Evidence is also removed without a change of a fault, such as by a quota. */
const LOOK_MS = 10_000;

/** Returns the statement that gives waiting descriptors of evidence, all unless `keys` are given, the time of their record. */
export function dateEvidence({ atMs, boot, monoMs }: RecordTime, keys?: readonly string[]): Statement {
  return {
    sql: `UPDATE uplink_pending SET at_ms = ?, boot = ?, mono_ms = ?
          WHERE boot = 0 ${keys ? 'AND key IN (SELECT value FROM json_each(?))' : ''}`,
    parameters: [Math.floor(atMs), boot, Math.floor(monoMs), ...(keys ? [JSON.stringify(keys)] : [])],
  };
}

interface EvidenceRecordsOptions {
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly clock: Pick<Clock, 'every'>;
  readonly now: () => RecordTime;
  /** Called after records were written. */
  readonly onRecorded: () => void;
  readonly onFailed: (error: unknown) => void;
}

/** Turns the waiting descriptors of evidence into records. */
export interface EvidenceRecords {
  record(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Looks for waiting descriptors every 10 s and at each call of `record`, and appends them to the log. One look at a time,
 * so that a descriptor becomes one record.
 */
export function evidenceRecords({ store, clock, now, onRecorded, onFailed }: EvidenceRecordsOptions): EvidenceRecords {
  let recording: Promise<void> = Promise.resolve();
  const append = async (): Promise<void> => {
    for (;;) {
      const rows = await store.read('SELECT key FROM uplink_pending WHERE boot = 0 ORDER BY key LIMIT ?', [TOGETHER]);
      if (rows.length === 0) return;
      const keys = rows.map(({ key }) => String(key));
      await store.write([dateEvidence(now(), keys), ...keys.flatMap(releaseStatements)]);
      onRecorded();
    }
  };
  const record = (): Promise<void> => {
    recording = recording.then(append).catch(onFailed);
    return recording;
  };
  const looks = clock.every(LOOK_MS, () => void record());
  return {
    record,
    close: async () => {
      looks.cancel();
      await recording;
    },
  };
}
