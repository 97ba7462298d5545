import type { HttpReply } from '@medkit/edges';
import { type Verdict, verdictOfStatus } from './log-sink.ts';

/** The only statuses after which OTLP allows a retry (OTLP 1.x, "Retryable Response Codes"). */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** An attribute in OTLP JSON, where 64-bit integers are strings. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number | boolean>>;
}

/** Returns the attribute of a text. */
export function textAttribute(key: string, stringValue: string): OtlpAttribute {
  return { key, value: { stringValue } };
}

/** Returns the attribute of an integer. */
export function intAttribute(key: string, value: number): OtlpAttribute {
  return { key, value: { intValue: `${value}` } };
}

/**
 * Evaluates the reply of a collector. It may accept a request but reject some of its records, whose number it states in
 * the member `rejected`; a retry does not help these.
 */
export function otlpVerdict<Entry>(
  reply: HttpReply,
  entries: readonly Entry[],
  rejected: 'rejectedDataPoints' | 'rejectedLogRecords' | 'rejectedSpans',
): Verdict<Entry> {
  const verdict = verdictOfStatus(reply, entries, (status) => RETRYABLE.has(status));
  if (verdict.reason !== undefined) return verdict;
  const [, count = '0'] = new RegExp(`"${rejected}"\\s*:\\s*"?(\\d{1,9})`).exec(reply.body) ?? [];
  // An entry may have several data points.
  const refused = Math.min(Number(count), entries.length);
  return { retry: [], refused, ...(refused > 0 && { reason: `${Number(count)} records rejected` }) };
}
