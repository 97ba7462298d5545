import { type CallContext, type EntityRef, fieldsOf, type JsonFields, type JsonValue, type Model } from '@medkit/core';
import type { ResourceSampler } from '@medkit/subscriptions';
import type { RouteReader } from '../../route-reader.ts';
import type { ListDocument } from './list-part.ts';
import { partPlaces } from './part-places.ts';

/** The route with the list of a collection, and the event of a subscription made from that list. */
interface ListEvent {
  readonly route: 'listFaults' | 'listLogs' | 'listOperations';
  readonly payloadOf: (list: ListDocument) => JsonFields;
}

const missing = ({ 'x-medkit': about }: ListDocument): JsonFields => {
  const { partial, failed_members } = fieldsOf(about) ?? {};
  return partial === true ? ({ 'x-medkit': { partial, failed_members } } as JsonFields) : {};
};
const whole = (list: ListDocument) => ({ items: list.items, ...missing(list) }) as JsonFields;
const EVENTS: Readonly<Record<string, ListEvent>> = {
  faults: {
    route: 'listFaults',
    payloadOf: (list) => {
      const { muted_count = 0, cluster_count = 0 } = fieldsOf(list['x-medkit']) ?? {};
      const faults = Array.isArray(list.items) ? list.items : [];
      return { faults, count: faults.length, muted_count, cluster_count, ...missing(list) } as JsonFields;
    },
  },
  logs: { route: 'listLogs', payloadOf: whole },
  operations: { route: 'listOperations', payloadOf: whole },
};

/**
 * Returns samplers that read the merged lists of an entity that several gateways have, and name late gateways, as a
 * reply would.
 */
export function mergedSamplers(
  model: Model,
  routes: Pick<RouteReader, 'read'>,
  samplers: ReadonlyMap<string, ResourceSampler>,
): ReadonlyMap<string, ResourceSampler> {
  const merged = Object.entries(EVENTS).flatMap(([collection, { route, payloadOf }]) => {
    const local = samplers.get(collection);
    if (!local) return [];
    const sample = async ({ kind, id: entityId }: EntityRef, path: string, call: CallContext) => {
      const entity = model.tree.resolve(kind, entityId);
      if (!entity || partPlaces(model, entity).length === 0) return local.sample({ kind, id: entityId }, path, call);
      const list: unknown = await routes.read(route, { kind, entityId }, call);
      return { payload: payloadOf(list as ListDocument) as JsonValue };
    };
    return [[collection, { ...local, sample }] as const];
  });
  return new Map([...samplers, ...merged]);
}
