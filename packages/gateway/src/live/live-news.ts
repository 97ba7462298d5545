import type { LiveLock, LiveNews } from '@medkit/contract';
import { type CoreEvents, type Model, stringifyJson } from '@medkit/core';
import { faultStreamEvent } from '@medkit/services';
import { type EventFrame, eventFrame } from '../sse/event-frame.ts';
import { observedEvent } from '../sse/fault-feed.ts';
import { eventTypesOf, faultSource } from '../sse/fault-source.ts';
import type { ObservedLogs } from '../sse/observed-logs.ts';

/**
 * Subscribes to news other than values, which all clients receive immediately. Returns a function that unsubscribes.
 */
type Listen = (tell: (data: object) => void) => () => void;

export interface LiveNewsOptions {
  readonly model: Model;
  /** Fault events of peers. */
  readonly observed: ObservedLogs;
}

/** Returns the source of each kind of news; the tree is sent with the values. */
function sources({ model, observed }: LiveNewsOptions): Readonly<Record<Exclude<LiveNews, 'tree'>, Listen>> {
  return {
    fault: (tell) =>
      faultSource(model, observed, undefined).onEvent(
        (event, origin) => {
          // The first type of an event: a healed fault is sent as healed, and as cleared only in the other stream.
          const [type = 'fault_updated'] = eventTypesOf(event);
          const { tree } = model;
          tell('news' in event ? observedEvent(tree, event, type) : faultStreamEvent(tree, event, type, origin));
        },
        () => undefined,
        () => undefined,
      ),
    incident: (tell) =>
      model.events.on('incident.changed', ({ news, incident, mergedIds }) =>
        tell({ news, incident, ...(mergedIds && { merged_ids: mergedIds }) }),
      ),
    lock: (tell) => model.events.on('lock.changed', (changed) => tell(liveLock(changed))),
  };
}

function liveLock({ change, lockId, entity, scopes, clientId, expiresMs }: CoreEvents['lock.changed']): LiveLock {
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
  readonly #sources: ReturnType<typeof sources>;
  readonly #readers = new Map<string, { readonly tell: Set<(frame: EventFrame) => void>; readonly stop: () => void }>();

  constructor(options: LiveNewsOptions) {
    this.#sources = sources(options);
  }

  /** Calls `tell` with the frame of every event of these kinds. Returns a function that unsubscribes. */
  follow(kinds: readonly LiveNews[], tell: (frame: EventFrame) => void): () => void {
    const stops = kinds.flatMap((kind) => (kind === 'tree' ? [] : [this.#read(kind, tell)]));
    return () => {
      for (const stop of stops) stop();
    };
  }

  #read(kind: Exclude<LiveNews, 'tree'>, tell: (frame: EventFrame) => void): () => void {
    const known = this.#readers.get(kind) ?? this.#begin(kind);
    // The same reader may subscribe twice.
    const own = (frame: EventFrame): void => tell(frame);
    known.tell.add(own);
    return () => {
      if (!known.tell.delete(own) || known.tell.size > 0) return;
      this.#readers.delete(kind);
      known.stop();
    };
  }

  #begin(kind: Exclude<LiveNews, 'tree'>) {
    const tell = new Set<(frame: EventFrame) => void>();
    const stop = this.#sources[kind]((data) => {
      const frame = eventFrame({ event: kind, data: stringifyJson(data) });
      for (const each of [...tell]) each(frame);
    });
    const reader = { tell, stop };
    this.#readers.set(kind, reader);
    return reader;
  }
}
