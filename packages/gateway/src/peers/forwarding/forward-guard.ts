import { type OwnedCollection, ownedCollection, type Route } from '@medkit/contract';
import { isLocal, type Model } from '@medkit/core';
import { placesOf } from '@medkit/services';
import type { Guard } from '../../http/chain.ts';
import { isEventRoute } from '../../http/event-reply.ts';
import { CALL_TIMEOUT_MS, type Exchange } from '../../http/exchange.ts';
import { LOCAL_ONLY_HEADER } from '../aggregates/joined-guard.ts';
import { forwardTo, pathBehindEntity } from './forward-to.ts';
import { type ForwardedEventsOptions, forwardedEvents } from './forwarded-events.ts';
import type { Place } from './peer-places.ts';

export interface ForwardGuardOptions extends ForwardedEventsOptions {
  readonly model: Model;
  /** How long what changes something may take. */
  readonly changeTimeoutMs: number;
}

/** What this gateway keeps itself for entities: it may have some for one of its own whose id another gateway's has now. */
const KEPT_HERE = new Set<OwnedCollection | undefined>(['locks', 'triggers', 'cyclic-subscriptions', 'fault-triggers']);

/**
 * Lets whoever has an entity answer requests on its resources, where that is another gateway alone: the locks are that
 * gateway's, and so is the judgement of what may be done.
 */
export function forwardGuard(options: ForwardGuardOptions): Guard {
  const { model, changeTimeoutMs } = options;
  return (route, handler) => {
    if (!isAboutResource(route)) return handler;
    const isKept = KEPT_HERE.has(ownedCollection(route));
    const timeoutMs = route.method === 'get' ? CALL_TIMEOUT_MS : changeTimeoutMs;
    return (exchange) => {
      const place = soleOwner(model, exchange);
      if (!place || (isKept && LOCAL_ONLY_HEADER in exchange.headers)) return handler(exchange);
      const forwarding = { exchange, path: pathBehindEntity(exchange.url), timeoutMs };
      const isFollowed = isEventRoute(route) && exchange.forwarded(undefined).method === 'GET';
      return isFollowed ? forwardedEvents(options, place, forwarding) : forwardTo(model, place, forwarding);
    };
  };
}

/** Where the entity of a request is, if that is one other gateway and nowhere else. */
export function soleOwner(model: Model, { kind, entityId }: Pick<Exchange, 'kind' | 'entityId'>): Place | undefined {
  const entity = model.tree.resolve(kind, entityId);
  if (!entity || isLocal(entity)) return undefined;
  const [place, ...others] = placesOf(model, entity, 'forwarding');
  return others.length > 0 ? undefined : place;
}

/** Whether a route is about what an entity has, and not about its place in the tree. */
function isAboutResource({ kind, path, related }: Route): boolean {
  return kind !== undefined && related === undefined && path.split('/').length > 3;
}
