import type { Clock, Timer } from '@medkit/edges';
import type { Guid } from '@medkit/rtps';
import type { CallOptions } from '../adapter/service.ts';
import { CallAborted, CallTimeout, ServiceUnavailable, TooManyCalls } from '../errors.ts';

/** Maximum concurrent calls per client, including those that wait for a server. */
export const MAX_CALLS_PER_CLIENT = 256;

/** Maximum delay of Node timers, 24 days. A longer timeout is treated as infinite. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The server and number of a sent request, and when it was sent (monotonic). */
export interface SentRequest {
  readonly server: Guid;
  readonly number: number;
  readonly sentMs: number;
}

/** A call that is neither answered nor aborted. */
export interface OpenCall {
  readonly request: Uint8Array;
  /** GIDs of the servers that may receive it. `undefined`: any server. */
  readonly servers: readonly string[] | undefined;
  readonly resolve: (response: Uint8Array) => void;
  readonly reject: (error: Error) => void;
  /** Where it was sent, latest last. Empty while it waits for a server; several entries if a server seemed dead. */
  readonly sent: SentRequest[];
  timer?: Timer;
  stopListening?: () => void;
}

interface Dependencies {
  readonly clock: Clock;
  readonly service: string;
  /** Returns a short text that explains why no server is available. */
  readonly unavailableReason: () => string;
}

/** The open calls of one client. Each call is settled exactly once and then removed. */
export class CallTable {
  readonly #deps: Dependencies;
  /** In the order in which they were made. */
  readonly #waiting = new Set<OpenCall>();
  /** By the sequence number of each request. */
  readonly #sent = new Map<number, { readonly call: OpenCall; readonly request: SentRequest }>();
  #size = 0;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#size;
  }

  /** The calls that wait to be sent, oldest first. */
  get waiting(): ReadonlySet<OpenCall> {
    return this.#waiting;
  }

  /** Adds a call, which waits to be sent. Rejects as `ServiceClient.call` does. */
  add(request: Uint8Array, { timeoutMs, signal, servers }: CallOptions): Promise<Uint8Array> {
    const { clock, service } = this.#deps;
    const aborted = () => new CallAborted(`the call of ${service} was aborted`);
    if (signal?.aborted) return Promise.reject(aborted());
    if (this.size >= MAX_CALLS_PER_CLIENT) {
      return Promise.reject(new TooManyCalls(`${this.size} calls of ${service} are already in progress`));
    }
    return new Promise((resolve, reject) => {
      const call: OpenCall = { request, servers, resolve, reject, sent: [] };
      this.#waiting.add(call);
      this.#size += 1;
      if (timeoutMs <= MAX_TIMER_MS) {
        call.timer = clock.after(timeoutMs, () => this.#fail(call, this.#lateness(call, timeoutMs)));
      }
      if (signal) {
        const abort = () => this.#fail(call, aborted());
        signal.addEventListener('abort', abort, { once: true });
        call.stopListening = () => signal.removeEventListener('abort', abort);
      }
    });
  }

  /** Records that a call was sent. */
  sent(call: OpenCall, request: SentRequest): void {
    this.#waiting.delete(call);
    call.sent.push(request);
    this.#sent.set(request.number, { call, request });
  }

  /** Returns the calls that were sent and not answered. */
  underWay(): ReadonlySet<OpenCall> {
    return new Set(Array.from(this.#sent.values(), ({ call }) => call));
  }

  /** Yields the unanswered requests, oldest first. */
  *unanswered(): Generator<SentRequest, void> {
    for (const { request } of this.#sent.values()) yield request;
  }

  /** Answers the call that was sent to this server under this number. Returns false if there is none. */
  answer(number: number, isServer: (server: Guid) => boolean, response: Uint8Array): boolean {
    const sent = this.#sent.get(number);
    if (!sent || !isServer(sent.request.server)) return false;
    this.#forget(sent.call);
    sent.call.resolve(response);
    return true;
  }

  /** Fails the calls for which `which` returns true, by default all. */
  fail(error: Error, which: (call: OpenCall) => boolean = () => true): void {
    for (const call of [...this.#waiting, ...this.underWay()]) if (which(call)) this.#fail(call, error);
  }

  #fail(call: OpenCall, error: Error): void {
    this.#forget(call);
    call.reject(error);
  }

  #lateness({ sent }: OpenCall, timeoutMs: number): Error {
    const { service, unavailableReason } = this.#deps;
    return sent.length > 0
      ? new CallTimeout(`${service} did not answer within ${timeoutMs} ms`)
      : new ServiceUnavailable(`no server was ready within ${timeoutMs} ms: ${unavailableReason()}`);
  }

  #forget(call: OpenCall): void {
    this.#size -= 1;
    this.#waiting.delete(call);
    for (const { number } of call.sent) this.#sent.delete(number);
    call.timer?.cancel();
    call.stopListening?.();
  }
}
