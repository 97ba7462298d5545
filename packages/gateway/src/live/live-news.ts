import type { LiveLock, LiveNews } from '@medkit/contract';
import { type CoreEvents, type Model, stringifyJson } from '@medkit/core';
import { faultStreamEvent } from '@medkit/faults';
import { observedEvent } from '../fault-stream/fault-feed.ts';
import { eventTypesOf, faultSource } from '../fault-stream/fault-source.ts';
import type { ObservedLogs } from '../fault-stream/observed-logs.ts';
import { type EventFrame, eventFrame } from '../sse/event-frame.ts';

/**
 * Subscribes to news other than values, which all clients receive immediately. Returns a function that unsubscribes.
 */
type Listen = (send: (data: object) => void) => () => void;

export interface LiveNewsOptions {
  readonly model: Model;
  /** Fault events of peers. */
  readonly observed: ObservedLogs;
}

/** The source of each kind of news; the tree is sent with the values. */
export type LiveNewsSources = Readonly<Record<Exclude<LiveNews, 'tree'>, Listen>>;

/** Returns the news of everything that a gateway shows. */
export function gatewayNews({ model, observed }: LiveNewsOptions): LiveNewsSources {
  return {
    fault: (send) =>
      faultSource(model, observed, undefined).onEvent(
        (event, origin) => {
          // The first type of an event: a healed fault is sent as healed, and as cleared only in the other stream.
          const [type = 'fault_updated'] = eventTypesOf(event);
          const { tree } = model;
          send('news' in event ? observedEvent(tree, event, type) : faultStreamEvent(tree, event, type, origin));
        },
        () => undefined,
        () => undefined,
      ),
    incident: (send) =>
      model.events.on('incident.changed', ({ news, incident, mergedIds }) =>
        send({ news, incident, ...(mergedIds && { merged_ids: mergedIds }) }),
      ),
    lock: (send) => model.events.on('lock.changed', (changed) => send(liveLock(changed))),
  };
}

export function liveLock({
  change,
  lockId,
  entity,
  scopes,
  clientId,
  expiresMs,
}: CoreEvents['lock.changed']): LiveLock {
  return {
    change,
    id: lockId,
    entity: { type: entity.kind, id: entity.id },
    holder: clientId,
    ...(scopes.length > 0 && { scopes: [...scopes] }),
    lock_expiration: `${new Date(expiresMs).toISOString().slice(0, 19)}Z`,
  };
}

/** Subscribes to each kind of news once for all readers, and only while there are any. */
export class LiveNewsHub {
  readonly #sources: LiveNewsSources;
  readonly #readers = new Map<
    string,
    { readonly subscribers: Set<(frame: EventFrame) => void>; readonly stop: () => void }
  >();

  constructor(sources: LiveNewsSources) {
    this.#sources = sources;
  }

  /** Calls `send` with the frame of every event of these kinds. Returns a function that unsubscribes. */
  follow(kinds: readonly LiveNews[], send: (frame: EventFrame) => void): () => void {
    const stops = kinds.flatMap((kind) => (kind === 'tree' ? [] : [this.#read(kind, send)]));
    return () => {
      for (const stop of stops) stop();
    };
  }

  #read(kind: Exclude<LiveNews, 'tree'>, send: (frame: EventFrame) => void): () => void {
    const known = this.#readers.get(kind) ?? this.#begin(kind);
    // The same reader may subscribe twice.
    const subscriber = (frame: EventFrame): void => send(frame);
    known.subscribers.add(subscriber);
    return () => {
      if (!known.subscribers.delete(subscriber) || known.subscribers.size > 0) return;
      this.#readers.delete(kind);
      known.stop();
    };
  }

  #begin(kind: Exclude<LiveNews, 'tree'>) {
    const subscribers = new Set<(frame: EventFrame) => void>();
    const stop = this.#sources[kind]((data) => {
      const frame = eventFrame({ event: kind, data: stringifyJson(data) });
      for (const each of [...subscribers]) each(frame);
    });
    const reader = { subscribers, stop };
    this.#readers.set(kind, reader);
    return reader;
  }
}
