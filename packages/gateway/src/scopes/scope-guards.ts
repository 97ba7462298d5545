import { SovdError } from '@medkit/contract';
import { isPromise } from '@medkit/core';
import type { Guard } from '../http/chain.ts';
import { scopeRuleOf } from './scoped-routes.ts';

/**
 * Returns a guard that is not used for clients with scopes on routes whose handler limits the reply to visible entities:
 * it would add what other gateways and robots reply, which is not limited.
 */
export const unlessScoped =
  (guard: Guard): Guard =>
  (route, handler) => {
    const rule = scopeRuleOf(route);
    const guarded = guard(route, handler);
    if (rule !== 'filtered' && rule !== 'checked') return guarded;
    return (exchange) => (exchange.visible ? handler(exchange) : guarded(exchange));
  };

/** Removes from the errors of locks what names the locked entity: a client with scopes may not see it. */
export const withoutLockedEntity: Guard = (route, handler) => {
  if (route.method === 'get' || route.kind === undefined) return handler;
  return (exchange) => {
    if (!exchange.visible) return handler(exchange);
    try {
      const result = handler(exchange);
      return isPromise(result) ? result.catch(reduced) : result;
    } catch (error) {
      return reduced(error);
    }
  };
};

function reduced(error: unknown): never {
  if (!(error instanceof SovdError) || error.status !== 409) throw error;
  const { code, status, parameters = {} } = error;
  const { entity_id, collection, lock_expiration } = parameters;
  if (code === 'lock-broken') {
    const message = 'Locked by another client: wait until the lock expires';
    throw new SovdError({ code, status, message, parameters: { entity_id, collection, lock_expiration } });
  }
  if (code !== 'invalid-request' || collection === undefined) throw error;
  const message =
    'Only the holder of a lock may change this: acquire one and send its X-Client-Id. If a lock of this entity does not suffice, use an account without scopes';
  throw new SovdError({ code, status, message, parameters: { entity_id, collection } });
}
