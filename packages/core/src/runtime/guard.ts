import { SovdError } from '@medkit/contract';
import { type Clock, Quota, type QuotaFigures } from '@medkit/edges';
import type { Log } from '../logs/log-entry.ts';
import {
  type Awaitable,
  abandonedCallError,
  type CallContext,
  isPromise,
  NEVER_ABORTED,
  type Waiting,
  withCaller,
} from '../providers/call-context.ts';
import type { DataWatch } from '../providers/data-provider.ts';
import { ownerOf } from '../providers/quota-owner.ts';
import { type CallOutcome, Circuit } from './circuit.ts';
import { errorMessage } from './error-message.ts';
import type { RuntimeAvailability } from './runtime-availability.ts';

/**
 * Maximum concurrent calls per entity, including abandoned ones. Further calls would only wait for each other. An
 * unresponsive entity must not accumulate calls without bound.
 */
const MAX_CALLS_PER_OWNER = 256;

export interface GuardOptions {
  readonly runtime: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Availability of the whole runtime. Set for runtimes that represent another gateway. */
  readonly availability?: RuntimeAvailability;
}

interface Owner {
  /** Calls in progress, by client. */
  readonly calls: Quota;
  readonly circuit: Circuit;
}

/** A call whose answer is not immediate. */
interface AwaitedCall<T> {
  readonly nativeId: string;
  readonly call: CallContext;
  readonly answer: Promise<T>;
  readonly waiter: WaitingClient;
  /** Whether the call may have taken effect without an answer. */
  readonly isChange: boolean;
}

/** The client as the provider sees it. It also stops waiting at the deadline. */
class WaitingClient implements Waiting {
  readonly #call: CallContext;
  #abort: AbortController | undefined;
  #isOver = false;

  constructor(call: CallContext) {
    this.#call = call;
  }

  get isAbandoned(): boolean {
    return this.#isOver || this.#call.isAbandoned;
  }

  /** Created on first access: most providers answer immediately, and the controller costs more than many an answer. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#isOver) this.#abort.abort();
    return this.#abort.signal;
  }

  end(): void {
    this.#isOver = true;
    this.#abort?.abort();
  }

  /** Ends when the client disconnects, whatever the deadline. Returns a function that stops following the client. */
  follow(): () => void {
    const { signal } = this.#call;
    const onGone = (): void => this.end();
    signal.addEventListener('abort', onGone);
    if (signal.aborted) onGone();
    return () => signal.removeEventListener('abort', onGone);
  }
}

/**
 * Protects the gateway from the providers of one runtime, so that a slow or failing provider affects only the current
 * request. A call ends at its deadline whatever the provider does. Each entity has a limited number of calls, and an
 * entity that keeps failing is suspended for a while. Errors other than `SovdError` are logged and become
 * `internal-error`.
 */
export class Guard {
  readonly #runtime: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #availability: RuntimeAvailability | undefined;
  readonly #owners = new Map<string, Owner>();
  #refused = 0;
  /** Callbacks that each end one waiting call. */
  readonly #waiting = new Set<(error: SovdError) => void>();

  constructor({ runtime, clock, log, availability }: GuardOptions) {
    this.#runtime = runtime;
    this.#clock = clock;
    this.#log = log;
    this.#availability = availability;
  }

  /** Calls in progress for the entity that has the most. */
  figures(): QuotaFigures {
    const calls = Array.from(this.#owners.values(), (owner) => owner.calls);
    return Quota.fullest(calls, MAX_CALLS_PER_OWNER, this.#refused);
  }

  /** Number of entities with calls in progress or recent failures. */
  get ownersRemembered(): number {
    return this.#owners.size;
  }

  /** Number of entities whose calls are suspended after repeated failures. */
  get suspended(): number {
    let count = 0;
    for (const { circuit } of this.#owners.values()) if (circuit.isOpen) count += 1;
    return count;
  }

  /** Ends all waiting calls with `error`, because the runtime was stopped. */
  end(error: SovdError): void {
    for (const endCall of [...this.#waiting]) endCall(error);
  }

  /**
   * Calls `work` and returns its answer; an immediate answer is returned synchronously. Rejects if the guard refuses
   * the call.
   */
  call<T>(nativeId: string, call: CallContext, work: (call: CallContext) => Awaitable<T>): Awaitable<T> {
    return this.#ask(nativeId, call, new WaitingClient(call), work);
  }

  /**
   * Like `call`, for a call that changes something. If it began and got no answer, it ends with
   * `x-medkit-outcome-unknown`.
   */
  change<T>(nativeId: string, call: CallContext, work: (call: CallContext) => Awaitable<T>): Awaitable<T> {
    return this.#ask(nativeId, call, new WaitingClient(call), work, true);
  }

  /**
   * Like `call`, for a watch. The deadline applies only until the watch is open. From then on, the provider's signal
   * follows only the client until the watch is closed.
   */
  async watch(
    nativeId: string,
    call: CallContext,
    work: (call: CallContext) => Awaitable<DataWatch>,
  ): Promise<DataWatch> {
    const waiter = new WaitingClient(call);
    const watch = await this.#ask(nativeId, call, waiter, work);
    const release = waiter.follow();
    return {
      ...(watch.kept && { kept: async () => watch.kept?.() }),
      close: () => {
        release();
        return watch.close();
      },
    };
  }

  #ask<T>(
    nativeId: string,
    call: CallContext,
    waiter: WaitingClient,
    work: (call: CallContext) => Awaitable<T>,
    isChange = false,
  ): Awaitable<T> {
    const known = this.#owners.get(nativeId);
    const refusal = this.#refusal(nativeId, known, call);
    if (refusal) return Promise.reject(refusal);
    const answer = start(() => work(withCaller(waiter, call)));
    if (isPromise(answer)) return this.#wait({ nativeId, call, answer, waiter, isChange });
    known?.circuit.end('answered', 0);
    this.#availability?.markResponding();
    if (known) this.#forgetIfIdle(nativeId, known);
    return answer;
  }

  /** Waits for the answer until the deadline. */
  #wait<T>({ nativeId, call, answer, waiter, isChange }: AwaitedCall<T>): Promise<T> {
    const signal = call.signal === NEVER_ABORTED ? undefined : call.signal;
    const owner = this.#ownerOf(nativeId);
    const client = ownerOf(call);
    owner.calls.add(client);
    const beganMs = this.#clock.monotonicMs();
    return new Promise<T>((resolve, reject) => {
      let settled = false;
      const settle = (outcome: CallOutcome): boolean => {
        if (settled) return false;
        settled = true;
        timer.cancel();
        this.#waiting.delete(onOwnerGone);
        signal?.removeEventListener('abort', onClientGone);
        owner.circuit.end(outcome, beganMs);
        this.#availability?.end(nativeId, outcome, beganMs);
        return true;
      };
      const unanswered = (error: SovdError): SovdError => (isChange ? outcomeUnknown(nativeId, error) : error);
      const onDeadline = (): void => {
        if (settle('failed')) reject(unanswered(this.#late(nativeId)));
        waiter.end();
      };
      const onClientGone = (): void => {
        if (settle('abandoned')) reject(abandonedCallError());
        waiter.end();
      };
      const onOwnerGone = (error: SovdError): void => {
        if (settle('abandoned')) reject(unanswered(error));
        waiter.end();
      };
      this.#waiting.add(onOwnerGone);
      const timer = this.#clock.after(call.deadlineMs - beganMs, onDeadline);
      signal?.addEventListener('abort', onClientGone);
      if (signal?.aborted) onClientGone();
      answer.then(
        (value) => {
          if (settle('answered')) resolve(value);
          this.#done(nativeId, owner, client);
        },
        (error: unknown) => {
          if (settle(isFailure(error) ? 'failed' : 'answered')) reject(this.#public(nativeId, error));
          this.#done(nativeId, owner, client);
        },
      );
    });
  }

  #done(nativeId: string, owner: Owner, client: string | undefined): void {
    owner.calls.release(client);
    this.#forgetIfIdle(nativeId, owner);
  }

  #refusal(nativeId: string, owner: Owner | undefined, call: CallContext): SovdError | undefined {
    if (call.isAbandoned) return abandonedCallError();
    if (call.deadlineMs <= this.#clock.monotonicMs()) return this.#late(nativeId);
    if (owner !== undefined && !owner.calls.admits(ownerOf(call))) {
      this.#refused += 1;
      const { total } = owner.calls;
      const message = `${nativeId} already has ${total} pending requests; try again later`;
      return this.#unavailable(nativeId, message, { in_flight: total });
    }
    const silentMs = this.#availability?.begin(nativeId) ?? 0;
    if (silentMs > 0) {
      const since = timeOf(this.#availability?.sinceMs);
      const message = `${this.#runtime} has not answered since ${since}; try again in a few seconds`;
      return this.#unavailable(nativeId, message, { since, retry_after_ms: Math.ceil(silentMs) });
    }
    const leftMs = owner?.circuit.begin() ?? 0;
    if (leftMs === 0) return undefined;
    this.#availability?.end(nativeId, 'abandoned', 0);
    const since = timeOf(owner?.circuit.failedSinceMs);
    const message = `${nativeId} has failed several times in a row since ${since}; try again in a few seconds`;
    return this.#unavailable(nativeId, message, { since, retry_after_ms: Math.ceil(leftMs) });
  }

  #unavailable(owner: string, message: string, more: Readonly<Record<string, unknown>>): SovdError {
    const parameters = { runtime: this.#runtime, owner, ...more };
    return new SovdError({ code: 'service-unavailable', message, parameters });
  }

  #late(nativeId: string): SovdError {
    const message = `${nativeId} did not answer before the deadline`;
    const sinceMs = this.#availability?.sinceMs ?? this.#owners.get(nativeId)?.circuit.failedSinceMs;
    const since = timeOf(sinceMs);
    const parameters = { runtime: this.#runtime, owner: nativeId, ...(since !== undefined && { since }) };
    return new SovdError({ code: 'not-responding', message, parameters });
  }

  #public(nativeId: string, error: unknown): SovdError {
    if (error instanceof SovdError) return error;
    this.#log('error', `${this.#runtime} failed on a request for ${nativeId}: ${errorMessage(error)}`);
    const message = `${this.#runtime} failed on this request; see the log of the gateway`;
    return new SovdError({ code: 'internal-error', message, parameters: { runtime: this.#runtime, owner: nativeId } });
  }

  #ownerOf(nativeId: string): Owner {
    const known = this.#owners.get(nativeId);
    if (known) return known;
    const owner = { calls: new Quota(MAX_CALLS_PER_OWNER), circuit: new Circuit({ clock: this.#clock }) };
    this.#owners.set(nativeId, owner);
    return owner;
  }

  #forgetIfIdle(nativeId: string, owner: Owner): void {
    if (owner.calls.total === 0 && owner.circuit.pristine) this.#owners.delete(nativeId);
  }
}

/** Creates the error of a change that began and got no answer. It may have taken effect, or may still do so. */
function outcomeUnknown(nativeId: string, { message, parameters }: SovdError): SovdError {
  return new SovdError({
    code: 'x-medkit-outcome-unknown',
    message: `A change was sent to ${nativeId}, and its outcome is unknown: ${message}`,
    parameters: { owner: nativeId, ...parameters, details: message },
  });
}

function timeOf(wallMs: number | undefined): string | undefined {
  return wallMs === undefined ? undefined : new Date(wallMs).toISOString();
}

const NO_ANSWER_CODES: ReadonlySet<string> = new Set(['not-responding', 'x-medkit-peer-unavailable']);

/**
 * Returns whether an error counts against the entity. A deliberate answer, such as the rejection of an invalid request,
 * does not; a missing answer or an unexpected error does.
 */
function isFailure(error: unknown): boolean {
  return !(error instanceof SovdError) || NO_ANSWER_CODES.has(error.code);
}

/** Calls `work`. Turns an exception that it throws synchronously into a rejected promise. */
function start<T>(work: () => Awaitable<T>): Awaitable<T> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}
