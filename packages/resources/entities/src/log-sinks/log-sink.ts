import type { Awaitable, LogEntry } from '@medkit/core';
import type { HttpReply, HttpRequest } from '@medkit/edges';

/** The protocol of a receiver of batches. */
export interface BatchSink<Entry> {
  /** Name in `/health`: `otlp`, `loki`, `elasticsearch`. */
  readonly name: string;
  /** Name at the beginning of messages: `Log sink loki`. */
  readonly title: string;
  /** Scheme, host and port, for display; the rest of the URL may be secret. */
  readonly origin: string;
  /** Builds the request that delivers entries; at least one entry. */
  request(entries: readonly Entry[]): Awaitable<Pick<HttpRequest, 'url' | 'headers' | 'body'>>;
  /** Evaluates the reply to a request with these entries. */
  verdict(reply: HttpReply, entries: readonly Entry[]): Verdict<Entry>;
  /** Characters of all texts of an entry. */
  charactersOf(entry: Entry): number;
}

/** The protocol of a log sink. */
export interface LogSink extends BatchSink<LogEntry> {
  request(entries: readonly LogEntry[]): Pick<HttpRequest, 'url' | 'headers' | 'body'>;
}

/** Returns the characters of the texts of a log entry. */
export function logCharacters({ logger, message, function: from = '', file = '' }: LogEntry): number {
  return logger.length + message.length + from.length + file.length;
}

/** The result of one request. Entries that it does not mention were delivered. */
export interface Verdict<Entry> {
  /** Entries to send again later. */
  readonly retry: readonly Entry[];
  /** Number of rejected entries, which are not sent again. */
  readonly refused: number;
  /** Why not all entries were delivered, if so. */
  readonly reason?: string;
}

/** Address of a sink, and what every request and entry includes. */
export interface SinkTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Name of this robot. */
  readonly robot: string;
  /** Further labels that the operator configured. */
  readonly labels: Readonly<Record<string, string>>;
  /** Identifies this start of the gateway, since entry numbers restart with each. */
  readonly bootId: string;
  /** Returns the id of the app that logs under a name, or the name itself if there is none. */
  readonly entityOf: (logger: string) => string;
}

/** All entries were delivered. */
const ARRIVED: Verdict<never> = { retry: [], refused: 0 };

/** Derives the verdict from a reply's status: delivered, worth a retry, or rejected. */
export function verdictOfStatus<Entry>(
  reply: HttpReply,
  entries: readonly Entry[],
  isRetryable = isTransient,
): Verdict<Entry> {
  const { status, body } = reply;
  if (status >= 200 && status < 300) return ARRIVED;
  const said = firstLine(body);
  const reason = `HTTP ${status}${said && `: ${said}`}`;
  return isRetryable(status) ? { retry: entries, refused: 0, reason } : { retry: [], refused: entries.length, reason };
}

/** Returns whether a retry may help after this status: too busy, too slow, out of order. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Maximum characters of a sink's message that are shown. */
const MAX_SAID_LENGTH = 200;

/** Returns the beginning of a foreign text as one safe line for the log. */
export function firstLine(text: string): string {
  return text
    .slice(0, 2 * MAX_SAID_LENGTH)
    .replaceAll(/[^\P{C} ]+|\s+/gu, ' ')
    .trim()
    .slice(0, MAX_SAID_LENGTH);
}
