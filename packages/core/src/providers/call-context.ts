import { SovdError } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import { GATEWAY, type Principal } from './principal.ts';

/**
 * A value that is available immediately or later. An immediate value needs no timer, no signal and no turn of the event
 * loop.
 */
export type Awaitable<T> = T | Promise<T>;

/** Returns whether the value comes later. */
export function isPromise<T>(answer: Awaitable<T>): answer is Promise<T> {
  return typeof (answer as Promise<T> | undefined | null)?.then === 'function';
}

/**
 * Applies `make` to an answer, immediately or when its promise resolves. An immediate answer throws synchronously; a
 * promise rejects.
 */
export function andThen<T, U>(answer: Awaitable<T>, make: (value: T) => U): Awaitable<U> {
  return isPromise(answer) ? answer.then(make) : make(answer);
}

/** The caller that waits for an answer, and may stop waiting. */
export interface Waiting {
  /** Aborted when the caller stops waiting. May be created on first access, because most answers are immediate. */
  readonly signal: AbortSignal;
  /** Whether the caller has stopped waiting. Does not create the signal. */
  readonly isAbandoned: boolean;
}

/** Context of every call to a provider. The signal is aborted when the deadline passes or the client disconnects. */
export interface CallContext extends Waiting {
  /** Deadline in monotonic milliseconds on the gateway's clock. */
  readonly deadlineMs: number;
  /** `X-Client-Id` of the request; empty if the client sent none. */
  readonly clientId: string;
  /** The authenticated caller. */
  readonly principal: Principal;
  /** Network address of the client, an IPv6 address as its /64 prefix; empty for calls of this gateway. */
  readonly source: string;
  /**
   * Unique ids of the gateways that the request has passed. A gateway that finds itself in the list rejects the
   * request.
   */
  readonly via: readonly string[];
  /** W3C `traceparent` of the caller's span; `undefined` if the request has none. */
  readonly trace: string | undefined;
}

/** The signal of a caller that never disconnects. Nothing needs to listen to it. */
export const NEVER_ABORTED: AbortSignal = new AbortController().signal;
const PERMANENT = callerFromSignal(NEVER_ABORTED);

/**
 * Creates the context of a call with a timeout in milliseconds. `signal` or `waiting` only need to cover the client's
 * disconnection: the guard before every provider enforces the deadline.
 */
export function callContext({
  clock,
  timeoutMs,
  signal,
  waiting = signal ? callerFromSignal(signal) : PERMANENT,
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
  return withCaller(waiting, { deadlineMs, clientId, principal, source, via, trace });
}

/** Returns the same call with another waiting caller. */
export function withCaller(waiting: Waiting, call: Omit<CallContext, keyof Waiting>): CallContext {
  return new BoundCall(waiting, call);
}

class BoundCall implements CallContext {
  readonly deadlineMs: number;
  readonly clientId: string;
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

/** Adapts a signal to `Waiting`. */
export function callerFromSignal(signal: AbortSignal): Waiting {
  return {
    signal,
    get isAbandoned() {
      return signal.aborted;
    },
  };
}

/** Creates the error of a call whose caller stopped waiting. */
export function abandonedCallError(): SovdError {
  return new SovdError({ code: 'service-unavailable', message: 'No caller waits for the result' });
}
