import type { LogSeverity } from '@medkit/contract';
import { arrivalNs, type LogEntry, severityRank } from './log-entry.ts';

/** Which entries of a log are wanted. */
export interface LogQuery {
  readonly minimum: LogSeverity;
  /** What the logger's name contains; empty for any. */
  readonly context: string;
  /** At most so many: the newest, or with `after` and no `before` the oldest of those that came after. */
  readonly limit: number;
  readonly after?: LogCursor;
  /** Nothing behind this place. */
  readonly until?: LogCursor;
  /** Nothing at this place or behind it. */
  readonly before?: LogCursor;
}

/** A place in a log: an entry by its number, or a time of arrival. */
export type LogCursor = { readonly sequence: number } | { readonly timestampNs: bigint };

/** A test of entries against all but the logger's name, which is for whoever knows it once for many entries. */
export function entryTest(query: LogQuery, lastSequence: number): (entry: LogEntry) => boolean {
  const { minimum, after } = query;
  const rank = severityRank(minimum);
  // A number that is not given yet is of an earlier start: everything came after that.
  const isEarlier = after !== undefined && 'sequence' in after && after.sequence > lastSequence;
  const isEnded = endTest(query);
  return (entry) =>
    severityRank(entry.severity) >= rank && (!after || isEarlier || isBehind(entry, after)) && !isEnded(entry);
}

/** A test of entries for what is behind the end of a query. */
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

/** What a query leaves of `entries`, in their order of arrival. */
export function cutToLimit(entries: LogEntry[], { limit, after, before }: LogQuery): LogEntry[] {
  entries.sort((a, b) => a.sequence - b.sequence);
  return after && !before ? entries.slice(0, limit) : entries.slice(-limit);
}
