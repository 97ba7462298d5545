import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import { GATEWAY, type Principal } from './principal.ts';

/** What is there at once or comes later. What is there at once needs no timer, no signal and no turn of the event loop. */
export type Awaitable<T> = T | Promise<T>;

/** Whether it comes later. */
export function isPromise<T>(answer: Awaitable<T>): answer is Promise<T> {
  return typeof (answer as Promise<T> | undefined | null)?.then === 'function';
}

/** What `make` makes of an answer, as soon as that is there; what either throws is thrown at once or rejects, as the answer came. */
export function andThen<T, U>(answer: Awaitable<T>, make: (value: T) => U): Awaitable<U> {
  return isPromise(answer) ? answer.then(make) : make(answer);
}

/** Who waits for an answer, and may go away before it is there. */
export interface Waiting {
  /** Aborted when nobody waits any more. It may be made only for who looks at it, since most answers are there at once. */
  readonly signal: AbortSignal;
  /** The same of this moment, without that a signal is made. */
  readonly isAbandoned: boolean;
}

/** What goes with every call to a provider. The signal is aborted when the deadline passes or the client goes away. */
export interface CallContext extends Waiting {
  /** Monotonic milliseconds on the gateway's clock by which an answer is of use. */
  readonly deadlineMs: number;
  /** `X-Client-Id` of the request, empty where it gave none. */
  readonly clientId: string;
  /** Who asks, as the gateway found out. */
  readonly principal: Principal;
  /** Network address that the request came from, an IPv6 address as its /64 prefix; empty for a call of this gateway. */
  readonly source: string;
  /** The gateways that the request has passed, each by a name that no other one has: it ends where it comes back to one of them. */
  readonly via: readonly string[];
  /** W3C `traceparent` of the request. */
  readonly trace: string | undefined;
}

/** The signal of a client that nobody can see going away: nobody need listen to it. */
export const NEVER_ABORTED: AbortSignal = new AbortController().signal;
const STAYS = waitingFor(NEVER_ABORTED);

/**
 * The context of a call that is to be answered within `timeoutMs`. `waiting`, or a `signal` of it, need only tell of the
 * client: the guard around every provider aborts at the deadline by itself.
 */
export function callContext({
  clock,
  timeoutMs,
  signal,
  waiting = signal ? waitingFor(signal) : STAYS,
  clientId = '',
  principal = GATEWAY,
  source = '',
  via = [],
  trace,
}: {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly waiting?: Waiting;
} & Partial<Omit<CallContext, 'deadlineMs' | keyof Waiting>>): CallContext {
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  return waitedForBy(waiting, { deadlineMs, clientId, principal, source, via, trace });
}

/** The same call on behalf of somebody else, or of fewer. */
export function waitedForBy(waiting: Waiting, call: Omit<CallContext, keyof Waiting>): CallContext {
  return new WaitedCall(waiting, call);
}

class WaitedCall implements CallContext {
  readonly deadlineMs: number;
  readonly clientId: string;
  /** Who asks, as the gateway found out. */
  readonly principal: Principal;
  readonly source: string;
  readonly via: readonly string[];
  readonly trace: string | undefined;
  readonly #waiting: Waiting;

  constructor(waiting: Waiting, call: Omit<CallContext, keyof Waiting>) {
    this.deadlineMs = call.deadlineMs;
    this.clientId = call.clientId;
    this.principal = call.principal;
    this.source = call.source;
    this.via = call.via;
    this.trace = call.trace;
    this.#waiting = waiting;
  }

  get signal(): AbortSignal {
    return this.#waiting.signal;
  }

  get isAbandoned(): boolean {
    return this.#waiting.isAbandoned;
  }
}

/** Somebody of whom a signal tells. */
export function waitingFor(signal: AbortSignal): Waiting {
  return {
    signal,
    get isAbandoned() {
      return signal.aborted;
    },
  };
}

/** The error of a call that nobody waits for any more. */
export function abandonedCall(): SovdError {
  return new SovdError({ code: 'service-unavailable', message: 'Nobody waits for it' });
}
