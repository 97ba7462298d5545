import type { LogSeverity } from '@medkit/contract';
import { arrivalNs, type LogEntry, severityRank } from './log-entry.ts';

/** Selects entries of a log. */
export interface LogQuery {
  readonly minimum: LogSeverity;
  /** Text that the logger's name must contain; empty matches every logger. */
  readonly context: string;
  /**
   * Maximum number of entries. Returns the newest; with `after` and without `before`, the oldest entries after that
   * position.
   */
  readonly limit: number;
  readonly after?: LogCursor;
  /** No entries after this position. */
  readonly until?: LogCursor;
  /** No entries at or after this position. */
  readonly before?: LogCursor;
}

/** A position in a log: the number of an entry, or a time of arrival. */
export type LogCursor = { readonly sequence: number } | { readonly timestampNs: bigint };

/**
 * Returns a test of entries against the query, without its filter on logger names. Callers check the logger once for
 * all of its entries.
 */
export function entryFilter(query: LogQuery, lastSequence: number): (entry: LogEntry) => boolean {
  const { minimum, after } = query;
  const rank = severityRank(minimum);
  // A number that has not been assigned yet comes from before a restart, so every entry is newer.
  const isEarlier = after !== undefined && 'sequence' in after && after.sequence > lastSequence;
  const isEnded = endTest(query);
  return (entry) =>
    severityRank(entry.severity) >= rank && (!after || isEarlier || isBehind(entry, after)) && !isEnded(entry);
}

/** Returns a test of whether an entry is beyond the end of a query. */
export function endTest({ until, before }: Pick<LogQuery, 'until' | 'before'>): (entry: LogEntry) => boolean {
  if (!until && !before) return () => false;
  return (entry) =>
    (until !== undefined && isBehind(entry, until)) ||
    (before !== undefined && (isBehind(entry, before) || isAt(entry, before)));
}

function isBehind(entry: LogEntry, place: LogCursor): boolean {
  return 'sequence' in place ? entry.sequence > place.sequence : arrivalNs(entry) > place.timestampNs;
}

function isAt(entry: LogEntry, place: LogCursor): boolean {
  return 'sequence' in place ? entry.sequence === place.sequence : arrivalNs(entry) === place.timestampNs;
}

/** Sorts `entries` by sequence number and applies the limit of the query. Changes the order of `entries` in place. */
export function applyLimit(entries: LogEntry[], { limit, after, before }: LogQuery): LogEntry[] {
  entries.sort((a, b) => a.sequence - b.sequence);
  return after && !before ? entries.slice(0, limit) : entries.slice(-limit);
}
