import { type ConditionalResource, type RelationName, ROUTES, type Route, TREE_EVENT } from '@medkit/contract';
import type { Entity, EntityTree, Model } from '@medkit/core';
import {
  entityDetail,
  entityList,
  entityOf,
  isServed,
  relatedEntities,
  relationOf,
  treeSnapshot,
} from '@medkit/entities';
import type { FleetView } from '@medkit/fleet';
import { Answer } from '../http/answer.ts';
import { EventReply } from '../http/event-reply.ts';
import type { Exchange, Handlers } from '../http/exchange.ts';
import { treeTag } from '../http/page-cache.ts';
import { streamVisibleTree, visibleTreeTag } from '../scopes/visible-tree.ts';
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
  /** Returns the entities that a client with this view sees; those of the model unless given. */
  readonly limitedTree?: ((tree: EntityTree, view: FleetView) => EntityTree) | undefined;
}

type TreeHandlers = Pick<Handlers, 'listEntities' | 'getEntity' | 'getTree' | 'streamTree' | RelationName>;

/** Returns the entities that exist for a client. */
type TreeFor = (exchange: Pick<Exchange<never>, 'view' | 'visible'>) => EntityTree;

/** The handlers of entities, their relations and the tree as a whole. */
export function treeHandlers(options: TreeHandlersOptions): TreeHandlers {
  const { model, streams, bootId, instance, resourcesOf, limitedTree } = options;
  const treeFor: TreeFor = ({ view, visible }) =>
    visible ?? (view && limitedTree ? limitedTree(model.tree, view) : model.tree);
  const frame = () => {
    const etag = treeTag(bootId, model.tree.generation);
    return eventFrame({ event: TREE_EVENT, data: JSON.stringify({ etag }) });
  };
  return {
    listEntities: (exchange) => entityList(treeFor(exchange), exchange.kind),
    getEntity: (exchange) => {
      const entity = entityOf(treeFor(exchange), exchange.kind, exchange.entityId);
      return entityDetail(entity, resourcesOf(entity), (collection) => isServed(model, entity, collection));
    },
    getTree: (exchange) => {
      const snapshot = treeSnapshot(treeFor(exchange), instance, resourcesOf);
      return exchange.visible ? new Answer(200, snapshot, { ETag: visibleTreeTag(exchange.visible) }) : snapshot;
    },
    streamTree: ({ readable }) =>
      new EventReply(async () => {
        if (readable) return streamVisibleTree({ model, streams, readable });
        const stream = streams.open('entities');
        stream.offer(frame());
        const leave = model.onChange(() => stream.offer(frame()));
        stream.signal.addEventListener('abort', leave, { once: true });
        return stream;
      }),
    ...relationHandlers(treeFor),
  };
}

/** Returns the handlers of all tree relations in the contract. */
function relationHandlers(treeFor: TreeFor): Pick<Handlers, RelationName> {
  const named = Object.entries<readonly Route[]>(ROUTES).flatMap(([name, [route]]) => {
    const relation = route && relationOf(route);
    if (!relation) return [];
    return [[name, (exchange: Exchange<never>) => relatedEntities(treeFor(exchange), relation, exchange.entityId)]];
  });
  return Object.fromEntries(named) as Pick<Handlers, RelationName>;
}
