import { DEFAULT_PAST_ITEMS, MAX_PAST_ITEMS, SovdError } from '@medkit/contract';
import { timestampNs } from '@medkit/entities';

/** The query of `GET /x-medkit-at`. */
export interface PastQuery {
  /** Milliseconds since 1970. */
  readonly tMs: number;
  readonly entity?: string;
  readonly limit: number;
  /** Number of the first item of each section. */
  readonly offset: number;
}

/** Parses the query. Throws `invalid-parameter` with the permitted values, also for a moment in the future. */
export function pastQuery(query: Readonly<Record<string, string | undefined>>, nowMs: number): PastQuery {
  const { t = '', entity, limit = String(DEFAULT_PAST_ITEMS), cursor = '0' } = query;
  const tMs = momentOf(t);
  if (tMs === undefined)
    throw invalid('t', t, 'a time of ISO 8601, such as 2026-03-23T02:14:00Z, or milliseconds since 1970');
  if (tMs > nowMs) throw invalid('t', t, `a time in the past: it is ${isoMs(nowMs)} at this gateway`);
  const count = wholeNumber(limit);
  if (count === undefined || count < 1 || count > MAX_PAST_ITEMS)
    throw invalid('limit', limit, `1 to ${MAX_PAST_ITEMS}`);
  const offset = wholeNumber(cursor);
  if (offset === undefined) throw invalid('cursor', cursor, 'next_cursor of a reply');
  return { tMs, ...(entity !== undefined && { entity }), limit: count, offset };
}

/** The error for a moment at which nothing was recorded yet. */
export function beforeRecord(tMs: number, beginMs: number | undefined): SovdError {
  const from =
    beginMs === undefined ? 'nothing is recorded yet' : `a time from ${isoMs(beginMs)}, when the record begins`;
  return invalid('t', isoMs(tMs), from);
}

/** Formats milliseconds since 1970 as ISO 8601. */
export function isoMs(ms: number): string {
  return new Date(ms).toISOString();
}

/** Parses ISO 8601, or milliseconds since 1970; `undefined` for any other text. */
export function momentOf(text: string): number | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const ns = timestampNs(text);
  return ns === undefined ? undefined : Number(ns / 1000n) / 1000;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function invalid(parameter: string, value: string, allowed: string): SovdError {
  return new SovdError({
    code: 'invalid-parameter',
    message: `Invalid ${parameter} parameter value: expected ${allowed}`,
    parameters: { parameter, value, allowed_values: allowed },
  });
}
