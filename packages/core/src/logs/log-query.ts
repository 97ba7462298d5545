import type { LogSeverity } from '@medkit/contract';
import { type LogEntry, severityRank } from './log-entry.ts';

/** Which entries of a log are wanted. */
export interface LogQuery {
  readonly minimum: LogSeverity;
  /** What the logger's name contains; empty for any. */
  readonly context: string;
  /** At most so many: the newest, or with `after` the oldest of those that came after. */
  readonly limit: number;
  readonly after?: LogCursor;
}

/** A place in a log: behind the entry with this number, or behind a time. */
export type LogCursor = { readonly sequence: number } | { readonly timestampNs: bigint };

/** A test of entries against `minimum` and `after`; the logger's name is for whoever knows it once for many entries. */
export function entryTest({ minimum, after }: LogQuery, lastSequence: number): (entry: LogEntry) => boolean {
  const rank = severityRank(minimum);
  if (!after) return (entry) => severityRank(entry.severity) >= rank;
  if ('timestampNs' in after) {
    return (entry) => severityRank(entry.severity) >= rank && entry.timestampNs > after.timestampNs;
  }
  // A number that is not given yet is of an earlier start: everything came after that.
  const behind = after.sequence > lastSequence ? 0 : after.sequence;
  return (entry) => severityRank(entry.severity) >= rank && entry.sequence > behind;
}

/** What a query leaves of `entries`, in their order of arrival. */
export function cutToLimit(entries: LogEntry[], { limit, after }: LogQuery): LogEntry[] {
  entries.sort((a, b) => a.sequence - b.sequence);
  return after ? entries.slice(0, limit) : entries.slice(-limit);
}
