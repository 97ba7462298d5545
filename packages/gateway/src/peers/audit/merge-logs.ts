import type { AuditRecord } from '@medkit/contract';
import { LOCAL, type Origin } from '@medkit/core';

/** By gateway, the id before which the next record of its log is. */
export type LogPositions = ReadonlyMap<Origin, number>;

/** Records by gateway, newest first. */
export type LogPages = ReadonlyMap<Origin, readonly AuditRecord[]>;

export interface MergedLogs {
  readonly items: readonly AuditRecord[];
  /** Where each log with records continues. */
  readonly positions: LogPositions;
  /** Whether there are further records. */
  readonly hasMore: boolean;
}

/** Returns when the records of a log were written, by one clock for all logs, milliseconds since 1970. */
export type RecordTimes = (origin: Origin, records: readonly AuditRecord[]) => readonly number[];

/**
 * Merges up to `limit` records of several logs, newest first by `timesOf`. A log keeps its own order, whatever its
 * clock did. A log that is reached over two paths counts once.
 */
export function mergeLogs(pages: LogPages, limit: number, timesOf: RecordTimes): MergedLogs {
  const logs = [...pages].map(([origin, records]) => ({ origin, records, times: timesOf(origin, records), taken: 0 }));
  const items: AuditRecord[] = [];
  while (items.length < limit) {
    let next: AuditRecord | undefined;
    let newestMs = Number.NEGATIVE_INFINITY;
    for (const { records, times, taken } of logs) {
      const timeMs = times[taken] ?? Number.NEGATIVE_INFINITY;
      if (timeMs > newestMs) [next, newestMs] = [records[taken], timeMs];
    }
    if (!next) break;
    items.push(next);
    for (const log of logs) if (isSame(log.records[log.taken], next)) log.taken += 1;
  }
  const positions = logs.flatMap(({ origin, records: [first, ...others], taken }): [Origin, number][] =>
    first ? [[origin, taken === 0 ? first.id + 1 : ([first, ...others][taken - 1]?.id ?? first.id)]] : [],
  );
  return {
    items,
    positions: new Map(positions),
    hasMore: logs.some(({ records, taken }) => taken < records.length),
  };
}

function isSame(record: AuditRecord | undefined, other: AuditRecord): boolean {
  return record?.id === other.id && record.hash === other.hash;
}

/** Returns the positions of a gateway and those behind it, by that gateway's own names. */
export function positionsAt(positions: LogPositions, gateway: Origin): LogPositions {
  const prefix = `${gateway}/`;
  return new Map(
    [...positions].flatMap(([origin, id]): [Origin, number][] => {
      if (origin === gateway) return [[LOCAL, id]];
      return origin.startsWith(prefix) ? [[origin.slice(prefix.length), id]] : [];
    }),
  );
}
