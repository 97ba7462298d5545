import { isAboutResource, type OwnedCollection, ownedCollection, PEER_HEADERS } from '@medkit/contract';
import { isLocal, type Model } from '@medkit/core';
import { placesOf } from '@medkit/entities';
import type { Guard } from '../../http/chain.ts';
import { isEventRoute } from '../../http/event-reply.ts';
import { CALL_TIMEOUT_MS, type Exchange } from '../../http/exchange.ts';
import { forwardRequest, pathAfterEntity } from './forward-request.ts';
import { type ForwardedEventsOptions, forwardedEvents } from './forwarded-events.ts';
import type { Place } from './peer-places.ts';

export interface ForwardGuardOptions extends ForwardedEventsOptions {
  readonly model: Model;
  /** Timeout of changing requests. */
  readonly changeTimeoutMs: number;
}

/**
 * Collections that this gateway stores itself: it may have items of a former local entity with the id of a peer's
 * entity.
 */
const LOCAL_COLLECTIONS = new Set<OwnedCollection | undefined>([
  'locks',
  'triggers',
  'cyclic-subscriptions',
  'fault-triggers',
]);

/** Forwards requests on resources of an entity that only a peer has: the peer checks its locks and permissions. */
export function forwardGuard(options: ForwardGuardOptions): Guard {
  const { model, changeTimeoutMs } = options;
  return (route, handler) => {
    if (!isAboutResource(route)) return handler;
    const isLocalCollection = LOCAL_COLLECTIONS.has(ownedCollection(route));
    const timeoutMs = route.method === 'get' ? CALL_TIMEOUT_MS : changeTimeoutMs;
    return (exchange) => {
      const place = exclusiveOwner(model, exchange);
      if (!place || (isLocalCollection && PEER_HEADERS.localOnly in exchange.headers)) return handler(exchange);
      const forwarding = { exchange, path: pathAfterEntity(exchange.url), timeoutMs };
      const isFollowed = isEventRoute(route) && exchange.forwarded(undefined).method === 'GET';
      return isFollowed ? forwardedEvents(options, place, forwarding) : forwardRequest(model, place, forwarding);
    };
  };
}

/** Returns the place of an entity that exactly one peer has, and this gateway does not. */
export function exclusiveOwner(
  model: Model,
  { kind, entityId }: Pick<Exchange, 'kind' | 'entityId'>,
): Place | undefined {
  const entity = model.tree.resolve(kind, entityId);
  if (!entity || isLocal(entity)) return undefined;
  const [place, ...others] = placesOf(model, entity, 'forwarding');
  return others.length > 0 ? undefined : place;
}
