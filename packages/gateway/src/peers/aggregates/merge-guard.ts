import { type ListJoin, listJoin, ownedCollection, PEER_HEADERS, type Route } from '@medkit/contract';
import type { CorrelationRule } from '@medkit/faults';
import type { AnyHandler, Guard } from '../../http/chain.ts';
import { pathAfterEntity } from '../forwarding/forward-request.ts';
import { peerPlaces } from '../forwarding/peer-places.ts';
import { clearCollection } from './clear-collection.ts';
import { collectLists, type ListQuery, type ListSources } from './collect-lists.ts';
import { correlateList } from './correlate-list.ts';
import { itemProblem } from './drop-invalid-items.ts';
import { type KnownCauses, knownCauses } from './known-causes.ts';
import { readMemberItem } from './member-items.ts';
import type { MergedList } from './merged-list.ts';
import { partPlaces } from './part-places.ts';
import { readAnyUpdate } from './peer-updates.ts';

export interface MergeGuardOptions extends ListSources {
  /** Instance name of this gateway. */
  readonly gateway: string;
  /** Correlation rules over the faults of all gateways. */
  readonly rules: readonly CorrelationRule[];
}

interface MergeContext extends MergeGuardOptions {
  readonly causes: KnownCauses;
}

/**
 * Answers routes from several gateways as each route says in `join`: an entity that several gateways have, and lists
 * over all gateways. Asks each gateway for its own part and names those that are late.
 */
export function mergeGuard(options: MergeGuardOptions): Guard {
  const context = { ...options, causes: knownCauses() };
  return (route, handler) => {
    const guarded = route.kind === undefined ? overAll(route, handler, context) : ofEntity(route, handler, context);
    if (!guarded) return handler;
    return (exchange) => (PEER_HEADERS.localOnly in exchange.headers ? handler : guarded)(exchange);
  };
}

/** Returns the handler of a route over all gateways; `undefined` if this gateway answers it alone. */
function overAll(route: Route, handler: AnyHandler, context: MergeContext): AnyHandler | undefined {
  const { model } = context;
  const join = listJoin(route);
  if (route.join === 'first') return (exchange) => readAnyUpdate(model, handler, exchange);
  if (!join) return undefined;
  const problemOf = itemProblem(route);
  return (exchange) => {
    const places = peerPlaces(model);
    if (places.length === 0) return handler(exchange);
    const request = exchange.forwarded(undefined);
    const query = { path: route.path, join, places, request, exchange, handler, problemOf };
    return join.identity === 'fault' ? correlatedFaults(context, query) : mergedList(context, query);
  };
}

/** Returns the handler of a route about an entity; `undefined` if the owner of the entity answers it alone. */
function ofEntity(route: Route, handler: AnyHandler, context: MergeContext): AnyHandler | undefined {
  const { kind, join: rule } = route;
  const { model, clock } = context;
  const join = listJoin(route);
  const collection = ownedCollection(route);
  const isCleared = rule === 'each' && (collection === 'faults' || collection === 'configurations');
  if (kind === undefined || (!join && rule !== 'first' && !isCleared)) return undefined;
  const problemOf = itemProblem(route);
  return (exchange) => {
    const entity = model.tree.resolve(kind, exchange.entityId);
    const places = entity ? partPlaces(model, entity) : [];
    if (!entity || places.length === 0) return handler(exchange);
    if (isCleared) return clearCollection(model, clock, { entity, collection, places, exchange, handler });
    if (!join) return readMemberItem(model, { entity, places, exchange, handler });
    const [path, request] = [pathAfterEntity(exchange.url), exchange.forwarded(undefined)];
    return mergedList(context, { entity, path, join, places, request, exchange, handler, problemOf });
  };
}

/** Returns an empty list for a request that came back to this gateway, whose part is already included. */
async function mergedList({ gateway, ...sources }: MergeGuardOptions, query: ListQuery): Promise<MergedList> {
  const { join, exchange } = query;
  if (!join.direct && exchange.call().via.includes(gateway)) return { items: [] };
  const list = await collectLists(sources, query);
  return { ...list, ...aliased(join, list) };
}

const aliased = ({ alias }: ListJoin, { items }: MergedList) => alias !== undefined && { [alias]: items };

/** Applies the rules over all gateways, unless another gateway merges the list with its own rules. */
async function correlatedFaults(context: MergeContext, query: ListQuery): Promise<MergedList> {
  const { exchange } = query;
  const list = await mergedList(context, query);
  return exchange.call().via.length > 0 ? list : correlateList(list, context.rules, exchange.query, context.causes);
}
