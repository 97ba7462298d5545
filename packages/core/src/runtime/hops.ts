import { SovdError } from '@medkit/contract';
import { LOCAL, type Origin } from '../entity/entity.ts';
import { type CallContext, withCaller } from '../providers/call-context.ts';

/**
 * Maximum number of gateways that a request may pass. No installation chains as many robots. Also ends a cycle of
 * gateways that do not recognize each other.
 */
const MAX_HOPS = 8;

/** The step of a call from this gateway to a runtime. */
export interface Hop {
  /** Unique id of this gateway. */
  readonly gateway: string;
  readonly runtime: string;
  /** The gateway whose entities the runtime reports. */
  readonly origin: Origin;
}

/**
 * Returns why a call may not proceed: it has passed this gateway before and would circulate forever, or it has passed
 * too many gateways. Returns `undefined` if it may proceed.
 */
export function hopRefusal({ gateway, runtime, origin }: Hop, { via }: CallContext): SovdError | undefined {
  if (via.length === 0) return undefined;
  const cameBack = via.includes(gateway);
  if (!cameBack && (origin === LOCAL || via.length < MAX_HOPS)) return undefined;
  const what = cameBack ? 'came back to this gateway' : `has passed ${via.length} gateways`;
  const message = `The request ${what}, by way of ${via.join(', ')}: these gateways are peers in a cycle, remove one peer of the cycle`;
  return new SovdError({ code: 'service-unavailable', message, parameters: { runtime, via } });
}

/**
 * Returns the call as the runtime receives it. For another gateway, adds this gateway to the list of gateways passed.
 */
export function callWithHop({ gateway, origin }: Hop, call: CallContext): CallContext {
  if (origin === LOCAL) return call;
  const { deadlineMs, clientId, principal, source, via, trace } = call;
  return withCaller(call, { deadlineMs, clientId, principal, source, trace, via: [...via, gateway] });
}
