import type { Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Guard } from '../http/chain.ts';
import { forwardGuard } from './forward-guard.ts';
import { joinedGuard } from './joined-guard.ts';

/**
 * Lets other gateways answer what is asked of their entities, and adds what they have to what is asked of all.
 * `changeTimeoutMs` is how long what changes something there may take.
 */
export function peersGuard(model: Model, clock: Clock, changeTimeoutMs: number): Guard {
  const [forwarded, joined] = [forwardGuard(model, changeTimeoutMs), joinedGuard(model, clock)];
  return (route, handler) => forwarded(route, joined(route, handler));
}
