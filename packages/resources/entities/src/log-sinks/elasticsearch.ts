import { arrivalNs, type LogEntry, loggerPath } from '@medkit/core';
import type { HttpReply } from '@medkit/edges';
import { isoTime } from '../values/iso-time.ts';
import {
  firstLine,
  isTransient,
  type LogSink,
  logCharacters,
  type SinkTarget,
  type Verdict,
  verdictOfStatus,
} from './log-sink.ts';

/** Limits the reply to the fields that the verdict reads. */
const FILTER_PATH = 'errors,items.*.status,items.*.error.type,items.*.error.reason';
/** Version of the Elastic Common Schema that defines all these fields; ECS requires it in every document. */
const ECS_VERSION = '8.11.0';
/** Status of a document that already exists, from a request whose reply was lost. */
const CONFLICT = 409;

export interface ElasticsearchTarget extends SinkTarget {
  /** An index or, preferably, a data stream. */
  readonly index: string;
}

/**
 * Elasticsearch or OpenSearch with `_bulk`, in ECS fields. Every document has a unique id, so that sending it twice
 * does not duplicate it.
 */
export function elasticsearchSink(target: ElasticsearchTarget): LogSink {
  const url = new URL(target.url);
  url.searchParams.set('filter_path', FILTER_PATH);
  return {
    name: 'elasticsearch',
    title: 'Log sink elasticsearch',
    charactersOf: logCharacters,
    origin: url.origin,
    request: (entries) => ({
      url: url.href,
      headers: { ...target.headers, 'Content-Type': 'application/x-ndjson' },
      body: entries.map((entry) => `${action(entry, target)}\n${document(entry, target)}\n`).join(''),
    }),
    verdict: (reply, entries) => {
      const verdict = verdictOfStatus(reply, entries);
      return verdict.reason === undefined ? verdictOfItems(reply, entries) : verdict;
    },
  };
}

function action({ sequence }: LogEntry, { index, robot, bootId }: ElasticsearchTarget): string {
  return JSON.stringify({ create: { _index: index, _id: `${robot}-${bootId}-${sequence}` } });
}

function document(entry: LogEntry, { robot, labels, entityOf }: ElasticsearchTarget): string {
  const { sequence, timestampNs, receivedNs, severity, logger, message, function: from, file, line } = entry;
  return JSON.stringify({
    '@timestamp': isoTime(arrivalNs(entry)),
    ecs: { version: ECS_VERSION },
    message,
    log: { level: severity, logger, origin: { function: from, file: { name: file, line } } },
    service: { name: loggerPath(logger) },
    host: { name: robot },
    event: { sequence, ...(receivedNs !== undefined && { start: isoTime(timestampNs) }) },
    labels: { ...labels, entity: entityOf(logger) },
  });
}

interface BulkItem {
  readonly create?: { readonly status?: number; readonly error?: { readonly type?: string; readonly reason?: string } };
}

/** Reads the status of each document: `_bulk` answers 200 and lists the results in order. */
function verdictOfItems({ body }: HttpReply, entries: readonly LogEntry[]): Verdict<LogEntry> {
  const retry: LogEntry[] = [];
  let refused = 0;
  let reason: string | undefined;
  for (const [at, { create: { status = 200, error } = {} }] of itemsOf(body).entries()) {
    const entry = entries[at];
    if (!entry || status < 300 || status === CONFLICT) continue;
    if (isTransient(status)) retry.push(entry);
    else refused++;
    reason ??= firstLine(`${status} ${error?.type ?? ''}: ${error?.reason ?? ''}`);
  }
  return { retry, refused, ...(reason !== undefined && { reason }) };
}

/** Returns an empty list if the reply cannot be parsed; the HTTP status then decides. */
function itemsOf(body: string): readonly BulkItem[] {
  try {
    const { errors, items } = JSON.parse(body);
    return errors === true && Array.isArray(items) ? items.map((item) => (item ?? {}) as BulkItem) : [];
  } catch {
    return [];
  }
}
