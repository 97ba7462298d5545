import type { AuditParameters, AuditService, AuditTail, RecordNotifier } from '@medkit/audit';
import type { AuditRecord } from '@medkit/contract';
import { type Cursor, callContext, errorMessage, LOCAL } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import { EventFeed } from '../sse/event-feed.ts';
import { eventFrame } from '../sse/event-frame.ts';
import type { EventStream } from '../sse/event-stream.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { ReadQueue } from '../sse/read-queue.ts';
import { newRecords } from './new-records.ts';

/** Parameters of a record stream: the filters of a search. */
export const STREAM_FILTERS = [
  'entity',
  'client',
  'fault_code',
  'collection',
  'operation_id',
  'kind',
  'outcome',
  'status',
  'since',
] as const satisfies readonly (keyof AuditParameters)[];

export interface AuditFeedsOptions extends Pick<RecordNotifier, 'onAppended'> {
  readonly service: Pick<AuditService, 'tail'>;
  readonly streams: EventStreams;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

/** Opens a stream of the matching records. Rejects with `invalid-parameter`, and as `EventFeed.open` does. */
export type AuditFeeds = (parameters: AuditParameters, seen: Cursor | undefined) => Promise<EventStream>;

/**
 * Streams the records of this gateway's audit log as they are written. Clients with the same filter share one feed,
 * which reads the records back from the log. Without clients, nothing is read.
 */
export function auditFeeds({ service, onAppended, streams, clock, warn }: AuditFeedsOptions): AuditFeeds {
  const feeds = new Map<string, EventFeed<AuditRecord>>();
  const turns = new ReadQueue();
  const feedOf = (key: string, tail: AuditTail): EventFeed<AuditRecord> => {
    const known = feeds.get(key);
    if (known) return known;
    const feed: EventFeed<AuditRecord> = new EventFeed({
      source: {
        logs: () => [{ origin: LOCAL, eventsAfter: tail.eventsAfter, beforeLast: tail.beforeLast }],
        onEvent: (listener) =>
          newRecords({
            onAppended,
            read: (id, limit) => turns.take(() => tail.eventsAfter(id, limit)),
            listener: (record) => listener(record, LOCAL),
            clock,
            onFailure: (error) => warn(`cannot read new records of the audit log: ${errorMessage(error)}`),
          }),
        timeOf: ({ id }) => id,
      },
      streams,
      kind: 'audit',
      frameOf: (record) => eventFrame({ id: record.id, event: 'audit', data: JSON.stringify(record) }),
      callFor: () => callContext({ clock, timeoutMs: CALL_TIMEOUT_MS }),
      turnsOf: () => turns,
      onIdle: () => {
        if (feeds.get(key) === feed) feeds.delete(key);
      },
    });
    feeds.set(key, feed);
    return feed;
  };
  return async (parameters, seen) => {
    const filters = STREAM_FILTERS.flatMap((name) => (parameters[name] ? [[name, parameters[name]] as const] : []));
    const tail = service.tail(Object.fromEntries(filters));
    return feedOf(JSON.stringify(filters), tail).open(seen);
  };
}
