import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';

/** What goes with every call to a provider. */
export interface CallContext {
  /** Aborted when the deadline passes or the client goes away. */
  readonly signal: AbortSignal;
  /** Monotonic milliseconds on the gateway's clock by which an answer is of use. */
  readonly deadlineMs: number;
  /** `X-Client-Id` of the request, empty where it gave none. */
  readonly clientId: string;
  readonly principal: string | undefined;
  readonly roles: readonly string[];
  /** Names of the gateways the request came through, to break loops. */
  readonly via: readonly string[];
  /** W3C `traceparent` of the request. */
  readonly trace: string | undefined;
}

/** The signal of a client that nobody can see going away. */
const STAYS = new AbortController().signal;

/**
 * The context of a call that is to be answered within `timeoutMs`. `signal` need only tell of the client: the guard around
 * every provider aborts at the deadline by itself.
 */
export function callContext({
  clock,
  timeoutMs,
  signal = STAYS,
  clientId = '',
  principal,
  roles = [],
  via = [],
  trace,
}: { readonly clock: Clock; readonly timeoutMs: number } & Partial<Omit<CallContext, 'deadlineMs'>>): CallContext {
  return { signal, deadlineMs: clock.monotonicMs() + timeoutMs, clientId, principal, roles, via, trace };
}

/** The error of a call that nobody waits for any more. */
export function abandonedCall(): SovdError {
  return new SovdError({ code: 'service-unavailable', message: 'Nobody waits for it' });
}
