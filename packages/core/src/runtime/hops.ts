import { SovdError } from '@medkit/contract';
import { LOCAL, type Origin } from '../entity/entity.ts';
import { type CallContext, waitedForBy } from './call-context.ts';

/** Gateways that a request may pass: nobody chains as many robots, and a circle ends though its gateways do not know each other. */
const MAX_HOPS = 8;

/** Who is asked by whom. */
export interface Hop {
  /** The gateway that asks, by the name that no other gateway has. */
  readonly gateway: string;
  readonly runtime: string;
  /** The gateway whose entities the runtime tells. */
  readonly origin: Origin;
}

/**
 * Why a call may not go on: it has been at this gateway before, which would answer it once more and ask on for ever, or has
 * passed too many. `undefined` where it may.
 */
export function hopRefusal({ gateway, runtime, origin }: Hop, { via }: CallContext): SovdError | undefined {
  if (via.length === 0) return undefined;
  const cameBack = via.includes(gateway);
  if (!cameBack && (origin === LOCAL || via.length < MAX_HOPS)) return undefined;
  const what = cameBack ? 'came back to this gateway' : `has passed ${via.length} gateways`;
  const message = `The request ${what}, by way of ${via.join(', ')}: they are peers in a circle, remove one peer of it`;
  return new SovdError({ code: 'service-unavailable', message, parameters: { runtime, via } });
}

/** The call as a runtime gets it: one of another gateway is told that the request has passed this one. */
export function hopOf({ gateway, origin }: Hop, call: CallContext): CallContext {
  if (origin === LOCAL) return call;
  const { deadlineMs, clientId, principal, source, via, trace } = call;
  return waitedForBy(call, { deadlineMs, clientId, principal, source, trace, via: [...via, gateway] });
}
