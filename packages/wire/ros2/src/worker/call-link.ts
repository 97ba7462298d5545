import type { Port } from '@medkit/edges';
import { AdapterUnavailable } from '../errors.ts';
import { Outbox, receive } from './port.ts';
import type { Arguments, Call, CallName, FromThread, Result, ToThread } from './protocol.ts';
import { WINDOW_BYTES } from './sample-outlet.ts';
import { decodeError, encodeError } from './wire-error.ts';

/** Calls that may wait for their answers. A thread that does not answer must not gather them without end. */
export const MAX_CALLS_UNDER_WAY = 4096;
/** Octets of messages to publish that may wait with them. */
export const MAX_BYTES_UNDER_WAY = 64 * 1024 * 1024;

/** Credit is given back in portions: not for every batch, and long before the window is used up. */
const CREDIT_BYTES = WINDOW_BYTES / 8;

interface Waiting {
  readonly bytes: number;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

export type Tidings = Extract<FromThread, { readonly kind: 'graph' | 'samples' | 'request' }>;

interface Dependencies {
  readonly port: Port;
  /** Hears what comes without being asked for. */
  readonly onTidings: (message: Tidings) => void;
}

/** The client's end of a channel to one thread: calls with their answers, and what the thread tells of itself. */
export class CallLink {
  readonly #outbox: Outbox<ToThread>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #bytesUnderWay = 0;
  #creditBytes = 0;
  #broken: string | undefined;

  constructor({ port, onTidings }: Dependencies) {
    this.#outbox = new Outbox({ port });
    receive<FromThread>(port, (message) => {
      // What was still on its way when the link broke is of a graph that nobody sees any more.
      if (this.#broken !== undefined) return;
      if (message.kind === 'answer') this.#settle(message.id)?.resolve(message.value as never);
      else if (message.kind === 'failure') this.#settle(message.id)?.reject(decodeError(message.error));
      else onTidings(message);
    });
  }

  /** Calls the thread. Rejects with what it throws, or with `AdapterUnavailable` where it cannot answer. */
  call<Name extends CallName>(name: Name, ...args: Arguments<Name>): Promise<Result<Name>> {
    return this.#send({ id: ++this.#lastId, name, args } as Call, [], 0) as Promise<Result<Name>>;
  }

  /** Publishes a copy of `cdr`. */
  publish(publisher: number, cdr: Uint8Array): Promise<void> {
    const copy = ownCopy(cdr);
    const call: Call = { id: ++this.#lastId, name: 'publish', args: [publisher, copy] };
    return this.#send(call, [copy.buffer], copy.byteLength) as Promise<void>;
  }

  /** Calls a service with a copy of `request`. `call` is the number by which it can be given up. */
  callService(client: number, call: number, request: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    const copy = ownCopy(request);
    const message: Call = { id: ++this.#lastId, name: 'callService', args: [client, call, copy, timeoutMs] };
    return this.#send(message, [copy.buffer], copy.byteLength) as Promise<Uint8Array>;
  }

  abort(call: number): void {
    this.#outbox.send({ kind: 'abort', call });
  }

  /** Responds to a request with a copy of `response`. */
  respond(request: number, response: Uint8Array): void {
    const copy = ownCopy(response);
    this.#outbox.send({ kind: 'response', request, response: copy }, [copy.buffer]);
  }

  /** A request will have no response. */
  failRequest(request: number, error: unknown): void {
    this.#outbox.send({ kind: 'no-response', request, error: encodeError(error) });
  }

  /** A change of the graph was taken in. */
  graphSeen(): void {
    this.#outbox.send({ kind: 'graph-seen' });
  }

  /** Samples of this weight were handed on. */
  credit(bytes: number): void {
    this.#creditBytes += bytes;
    if (this.#creditBytes < CREDIT_BYTES) return;
    this.#outbox.send({ kind: 'credit', bytes: this.#creditBytes });
    this.#creditBytes = 0;
  }

  /** Fails the calls under way and all later ones for `reason`. */
  break(reason: string): void {
    this.#broken = reason;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new AdapterUnavailable(reason));
  }

  #send(call: Call, transfer: readonly ArrayBuffer[], bytes: number): Promise<unknown> {
    const refusal = this.#refusal(bytes);
    if (refusal !== undefined) return Promise.reject(new AdapterUnavailable(refusal));
    return new Promise((resolve, reject) => {
      this.#waiting.set(call.id, { bytes, resolve, reject });
      this.#bytesUnderWay += bytes;
      this.#outbox.send({ kind: 'call', call }, transfer);
    });
  }

  #refusal(bytes: number): string | undefined {
    if (this.#broken !== undefined) return this.#broken;
    const isFull =
      this.#waiting.size >= MAX_CALLS_UNDER_WAY ||
      (bytes > 0 && this.#bytesUnderWay > 0 && this.#bytesUnderWay + bytes > MAX_BYTES_UNDER_WAY);
    return isFull ? `the DDS thread has ${this.#waiting.size} calls to answer already` : undefined;
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    this.#bytesUnderWay -= waiting?.bytes ?? 0;
    return waiting;
  }
}

/** A view would take all of the buffer below it along to the other thread. */
const ownCopy = (cdr: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(cdr);
