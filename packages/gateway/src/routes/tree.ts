import { type ConditionalResource, type RelationName, ROUTES, type Route, TREE_EVENT } from '@medkit/contract';
import type { Entity, Model } from '@medkit/core';
import {
  entityDetail,
  entityList,
  entityOf,
  isServed,
  relatedEntities,
  relationOf,
  treeSnapshot,
} from '@medkit/entities';
import { EventReply } from '../http/event-reply.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { treeTag } from '../http/page-cache.ts';
import { eventFrame } from '../sse/event-frame.ts';
import type { EventStreams } from '../sse/event-streams.ts';

export interface TreeHandlersOptions {
  readonly model: Model;
  readonly streams: EventStreams;
  /** Distinguishes this start from every other. */
  readonly bootId: string;
  readonly instance: string;
  /** Returns the resources of an entity that not every entity of its kind has. */
  readonly resourcesOf: (entity: Entity) => readonly ConditionalResource[];
}

type TreeHandlers = Pick<Handlers, 'listEntities' | 'getEntity' | 'getTree' | 'streamTree' | RelationName>;

/** The handlers of entities, their relations and the tree as a whole. */
export function treeHandlers(options: TreeHandlersOptions): TreeHandlers {
  const { model, streams, bootId, instance, resourcesOf } = options;
  const frame = () => {
    const etag = treeTag(bootId, model.tree.generation);
    return eventFrame({ event: TREE_EVENT, data: JSON.stringify({ etag }) });
  };
  return {
    listEntities: ({ kind }) => entityList(model.tree, kind),
    getEntity: ({ kind, entityId }) => {
      const entity = entityOf(model.tree, kind, entityId);
      return entityDetail(entity, resourcesOf(entity), (collection) => isServed(model, entity, collection));
    },
    getTree: () => treeSnapshot(model.tree, instance, resourcesOf),
    streamTree: () =>
      new EventReply(async () => {
        const stream = streams.open('entities');
        stream.offer(frame());
        const leave = model.onChange(() => stream.offer(frame()));
        stream.signal.addEventListener('abort', leave, { once: true });
        return stream;
      }),
    ...relationHandlers(model),
  };
}

/** Returns the handlers of all tree relations in the contract. */
function relationHandlers(model: Pick<Model, 'tree'>): Pick<Handlers, RelationName> {
  const named = Object.entries<readonly Route[]>(ROUTES).flatMap(([name, [route]]) => {
    const relation = route && relationOf(route);
    if (!relation) return [];
    return [[name, ({ entityId }: Exchange<never>) => relatedEntities(model.tree, relation, entityId)]];
  });
  return Object.fromEntries(named) as Pick<Handlers, RelationName>;
}
