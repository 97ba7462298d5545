import type { LogEntry } from '@medkit/core';
import type { HttpReply, HttpRequest } from '@medkit/edges';

/** A place that log entries are forwarded to, as far as it differs from others: how it is spoken to. */
export interface LogSink {
  /** Under which `/health` shows it: `otlp`, `loki`, `elasticsearch`. */
  readonly name: string;
  /** Scheme, host and port, for people; what comes behind may be secret. */
  readonly origin: string;
  /** The request that delivers entries; at least one. */
  request(entries: readonly LogEntry[]): Pick<HttpRequest, 'url' | 'headers' | 'body'>;
  /** What a reply says of the entries that it answers. */
  verdict(reply: HttpReply, entries: readonly LogEntry[]): Verdict;
}

/** What became of the entries of one request; those that it does not name have arrived. */
export interface Verdict {
  /** To be sent again later. */
  readonly retry: readonly LogEntry[];
  /** How many are refused for good. */
  readonly refused: number;
  /** Why, where not all have arrived. */
  readonly reason?: string;
}

/** Where a sink is and what goes with every request and every entry. */
export interface SinkTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Which robot this is. */
  readonly robot: string;
  /** What the operator wants to find the entries by, besides. */
  readonly labels: Readonly<Record<string, string>>;
  /** Distinguishes this start of the gateway from every other, since numbers of entries begin anew with each. */
  readonly bootId: string;
  /** The id of the app that logs under a name; the name itself where it is none. */
  readonly entityOf: (logger: string) => string;
}

/** Everything arrived. */
const ARRIVED: Verdict = { retry: [], refused: 0 };

/** What a status says of all entries of a request: arrived, worth trying again, or never to be taken. */
export function verdictOfStatus(reply: HttpReply, entries: readonly LogEntry[], isRetryable = isPassing): Verdict {
  const { status, body } = reply;
  if (status >= 200 && status < 300) return ARRIVED;
  const said = firstLine(body);
  const reason = `HTTP ${status}${said && `: ${said}`}`;
  return isRetryable(status) ? { retry: entries, refused: 0, reason } : { retry: [], refused: entries.length, reason };
}

/** True for a status that another try may change: too busy, too slow, out of order. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Characters of what a sink says that are shown. */
const MAX_SAID_LENGTH = 200;

/** The beginning of a text of somebody else, fit for a line of the log. */
export function firstLine(text: string): string {
  return text
    .slice(0, 2 * MAX_SAID_LENGTH)
    .replaceAll(/[^\P{C} ]+|\s+/gu, ' ')
    .trim()
    .slice(0, MAX_SAID_LENGTH);
}
