import type { EntityKind } from '@medkit/contract';
import { callContext, type EntityLimits, type EntityTree, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { DataService } from '@medkit/entities';
import { faultStreamEvent } from '@medkit/faults';
import { eventTypesOf } from '../fault-stream/fault-source.ts';
import { CALL_TIMEOUT_MS } from '../http/exchange.ts';
import type { Revisions } from '../live/followed-value.ts';
import type { ScopedLive } from '../live/gateway-live.ts';
import { type LiveNewsSources, liveLock } from '../live/live-news.ts';
import type { RemoteValues } from '../live/live-values.ts';
import { type Live, openLive } from '../live/open-live.ts';
import type { EventStream } from '../sse/event-stream.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { permittedTree } from './permitted-tree.ts';
import { judge } from './scope-step.ts';
import { onLocalFaultEvent } from './scoped-faults.ts';
import { faultTree, visibleEvents } from './visible-events.ts';
import { visibleTreeTag } from './visible-tree.ts';

export interface ScopedLiveOptions {
  readonly model: Model;
  readonly data: Pick<DataService, 'reading' | 'watch'>;
  readonly clock: Clock;
  readonly streams: EventStreams;
  /** Creates the source of values of peers; absent if the gateway has none. */
  readonly remote?: ((revisions: Revisions) => RemoteValues) | undefined;
}

/** Accounts with equal scopes share values and frames. */
export function scopedLive(options: ScopedLiveOptions): ScopedLive {
  const opened = new Map<string, { readonly live: Live; readonly readers: Set<EventStream> }>();
  return {
    open: (limits, query) => {
      const key = JSON.stringify(limits);
      const scoped = opened.get(key) ?? { live: liveWithin(options, limits), readers: new Set() };
      const stream = scoped.live.open(query);
      opened.set(key, scoped);
      scoped.readers.add(stream);
      const leave = (): void => {
        scoped.readers.delete(stream);
        if (scoped.readers.size === 0 && opened.get(key) === scoped) opened.delete(key);
      };
      stream.signal.addEventListener('abort', leave, { once: true });
      return stream;
    },
  };
}

function liveWithin({ model, data, clock, streams, remote }: ScopedLiveOptions, limits: EntityLimits): Live {
  const within = (collection?: string): EntityTree =>
    permittedTree(model.tree, limits, { permission: 'read', ...(collection !== undefined && { collection }) });
  /** Returns the id of an entity whose data clients may read. Throws as the routes of data do. */
  const readable = (kind: EntityKind, id: string): string =>
    judge(model, limits, { kind, id, permission: 'read', collection: 'data', isFiltered: false });
  const isReadable = (kind: EntityKind, id: string): boolean => {
    try {
      readable(kind, id);
      return true;
    } catch {
      // The next read of the value sends the error.
      return false;
    }
  };
  return openLive({
    model: {
      get tree() {
        return within('data');
      },
      events: model.events,
      onChange: model.onChange.bind(model),
    },
    data: {
      reading: async (kind, id, item, call) => data.reading(kind, readable(kind, id), item, call),
      watch: async (kind, id, item, onSample, call) => {
        let examined = model.tree;
        let isIncluded = true;
        const take: typeof onSample = (sample) => {
          if (examined !== model.tree) isIncluded = isReadable(kind, id);
          examined = model.tree;
          return isIncluded ? onSample(sample) : undefined;
        };
        return data.watch(kind, readable(kind, id), item, take, call);
      },
    },
    clock,
    streams,
    news: newsWithin({ model, clock }, limits, within),
    treeTag: () => visibleTreeTag(within()),
    remote:
      remote &&
      ((revisions) => {
        const all = remote(revisions);
        const nowhere = { isHere: true, places: [] };
        return {
          placesOf: (watched) => (isReadable(watched.kind, watched.entityId) ? all.placesOf(watched) : nowhere),
        };
      }),
  });
}

function newsWithin(
  { model, clock }: Pick<ScopedLiveOptions, 'clock' | 'model'>,
  limits: EntityLimits,
  within: (collection: string) => EntityTree,
): LiveNewsSources {
  const callFor = () => callContext({ clock, timeoutMs: CALL_TIMEOUT_MS });
  return {
    fault: (send) =>
      onLocalFaultEvent(
        { model, callFor },
        (each) => {
          const visible = faultTree(model.tree, limits);
          for (const event of visibleEvents(model.tree, visible, each)) {
            const [type = 'fault_updated'] = eventTypesOf(event);
            send(faultStreamEvent(visible, event, type));
          }
        },
        () => undefined,
      ),
    incident: () => () => undefined,
    lock: (send) =>
      model.events.on('lock.changed', (changed) => {
        const { kind, id } = changed.entity;
        if (within('locks').get(kind, id)) send(liveLock(changed));
      }),
  };
}
