import type { Port } from '@medkit/edges';
import { StatementFailed, StoreBusy, type StoreError } from '../errors.ts';
import type { Answer, CallOf, Found, FromThread } from './protocol.ts';
import { decodeError } from './wire-error.ts';

/** What may wait for one thread. */
export interface LinkBounds {
  readonly calls: number;
  /** Octets; a single call may have more where nothing else waits. */
  readonly bytes: number;
}

interface Waiting {
  readonly bytes: number;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

interface Dependencies {
  readonly port: Port;
  readonly bounds: LinkBounds;
  readonly onShortage?: () => void;
  /** Hears that the thread has written its files anew, and does nothing any more. */
  readonly onRewritten?: () => void;
}

/** This end of the channel to one thread: calls with their answers. */
export class CallLink<Calls> {
  /** Resolves when the thread has opened its database. */
  readonly opened: Promise<Found>;
  readonly #port: Port;
  readonly #bounds: LinkBounds;
  readonly #onShortage: (() => void) | undefined;
  readonly #onRewritten: (() => void) | undefined;
  readonly #opening = Promise.withResolvers<Found>();
  readonly #waiting = new Map<number, Waiting>();
  /** Calls of this turn, which go in one message: to wake a thread costs more than most calls. */
  #unsent: CallOf<Calls>[] = [];
  #lastId = 0;
  #bytes = 0;
  #broken: StoreError | undefined;
  #onIdle: (() => void) | undefined;

  constructor({ port, bounds, onShortage, onRewritten }: Dependencies) {
    this.#port = port;
    this.#bounds = bounds;
    this.#onShortage = onShortage;
    this.#onRewritten = onRewritten;
    this.opened = this.#opening.promise;
    // It is told to whoever waits for it, and by the calls to all others.
    this.opened.catch(() => undefined);
    port.on('message', (message) => this.#hear(message as FromThread));
  }

  get underWay(): number {
    return this.#waiting.size;
  }

  /** Calls the thread. `bytes` is about what the arguments weigh. */
  call<Name extends keyof Calls & string>(
    name: Name,
    args: Calls[Name] extends (...args: infer Args) => unknown ? Args : never,
    bytes = 0,
  ): Promise<Calls[Name] extends (...args: never[]) => infer Result ? Result : never> {
    if (this.#broken) return Promise.reject(this.#broken);
    if (this.#isFull(bytes)) {
      return Promise.reject(
        new StoreBusy(
          `the store has ${this.#waiting.size} calls of ${this.#bytes} octets to answer already: try again`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#bytes += bytes;
      this.#waiting.set(id, { bytes, resolve, reject });
      this.#unsent.push({ id, name, args } as CallOf<Calls>);
      // Behind all that the network has brought by now.
      if (this.#unsent.length === 1) setImmediate(() => this.#sendAll());
    });
  }

  /** Resolves when nothing waits for an answer. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      this.#tellIdle();
    });
  }

  /** Fails what waits and all later calls. */
  break(error: StoreError): void {
    this.#broken = error;
    this.#opening.reject(error);
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
  }

  #sendAll(): void {
    const calls = this.#unsent;
    this.#unsent = [];
    if (!this.#broken) this.#send(calls);
  }

  /** What cannot cross to a thread fails alone. */
  #send(calls: readonly CallOf<Calls>[]): void {
    try {
      this.#port.postMessage(calls);
    } catch (error) {
      if (calls.length > 1) for (const call of calls) this.#send([call]);
      else {
        const reason = `a value is not one that SQL knows: ${(error as Error).message}`;
        this.#settle(calls[0].id)?.reject(new StatementFailed(reason));
      }
    }
  }

  #isFull(bytes: number): boolean {
    return this.#waiting.size >= this.#bounds.calls || (this.#bytes > 0 && this.#bytes + bytes > this.#bounds.bytes);
  }

  #hear(message: FromThread): void {
    switch (message.kind) {
      case 'opened':
        this.#opening.resolve(message);
        break;
      case 'refused':
        this.#opening.reject(decodeError(message.error));
        break;
      case 'shortage':
        this.#onShortage?.();
        break;
      case 'rewritten':
        this.#onRewritten?.();
        break;
      case 'answers':
        for (const answer of message.answers) this.#take(answer);
    }
  }

  #take(answer: Answer): void {
    const waiting = this.#settle(answer.id);
    if (answer.error) waiting?.reject(decodeError(answer.error));
    else waiting?.resolve(answer.value as never);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    this.#bytes -= waiting?.bytes ?? 0;
    this.#tellIdle();
    return waiting;
  }

  #tellIdle(): void {
    if (this.#waiting.size === 0) this.#onIdle?.();
  }
}
