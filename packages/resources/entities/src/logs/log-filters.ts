import { LOG_SEVERITIES, type LogSeverity, MAX_LOG_CONTEXT_LENGTH, MAX_LOG_ENTRIES, SovdError } from '@medkit/contract';
import { isLogSeverity, type LogCursor } from '@medkit/core';
import { timestampNs } from '../values/iso-time.ts';

/** The query parameters of a request, unparsed. */
export type LogParameters = Readonly<
  Partial<Record<'severity' | 'context' | 'limit' | 'since' | 'until' | 'before', string | undefined>>
>;

/** The log filters of a request; absent filters are `undefined`. */
export interface LogFilters {
  readonly severity: LogSeverity | undefined;
  readonly context: string;
  readonly limit: number | undefined;
  readonly since: LogCursor | undefined;
  readonly until: LogCursor | undefined;
  readonly before: LogCursor | undefined;
}

/** Parses the filters of a request; an empty filter counts as absent. Throws `invalid-parameter`. */
export function logFilters({ severity, context = '', limit, since, until, before }: LogParameters): LogFilters {
  return {
    severity: severity ? severityOf('severity', severity) : undefined,
    context: contextOf(context),
    limit: limit ? countOf('limit', Number(limit), limit) : undefined,
    since: since ? cursorOf('since', since) : undefined,
    until: until ? cursorOf('until', until) : undefined,
    before: before ? cursorOf('before', before) : undefined,
  };
}

/** Parses a severity in any letter case, since replies use both. Throws `invalid-parameter` with the allowed values. */
export function severityOf(parameter: string, text: string): LogSeverity {
  const lower = text.toLowerCase();
  if (isLogSeverity(lower)) return lower;
  throw refused(parameter, text, `must be one of ${LOG_SEVERITIES.join(', ')}`);
}

/** Validates a number of entries. Throws `invalid-parameter`. */
export function countOf(parameter: string, count: number, input: unknown = count): number {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_LOG_ENTRIES) return count;
  throw refused(parameter, input, `must be a whole number from 1 to ${MAX_LOG_ENTRIES}`);
}

function contextOf(context: string): string {
  if (context.length <= MAX_LOG_CONTEXT_LENGTH) return context;
  throw refused('context', `${context.length} characters`, `must have at most ${MAX_LOG_CONTEXT_LENGTH}`);
}

/** Parses an entry id, or a time with up to nine decimals; a time without a zone is UTC. */
function cursorOf(parameter: string, place: string): LogCursor {
  const id = /^log_(\d{1,16})$/.exec(place)?.[1];
  if (id !== undefined && Number.isSafeInteger(Number(id))) return { sequence: Number(id) };
  const time = timestampNs(place);
  if (time === undefined) throw refused(parameter, place, 'must be an entry id such as log_412, or a time of ISO 8601');
  return { timestampNs: time };
}

function refused(parameter: string, value: unknown, rule: string): SovdError {
  return new SovdError({
    code: 'invalid-parameter',
    message: `Invalid ${parameter}: ${rule}`,
    parameters: { parameter, value },
  });
}
