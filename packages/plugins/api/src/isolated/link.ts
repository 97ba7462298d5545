import type { Port } from '@medkit/edges';
import { type Message, messageOf } from './protocol.ts';
import { fromWire, toWire } from './wire-error.ts';

/** Calls of one side that may wait for their answers, and of the other that are answered at a time. */
const MAX_CALLS_UNDER_WAY = 1024;

/** Answers a call; `signal` is aborted when nobody waits for it any more. */
export type Answering = (signal: AbortSignal, ...args: readonly never[]) => unknown;

export interface LinkOptions {
  readonly port: Port;
  /** By the name of the call. */
  readonly answers: Readonly<Record<string, Answering>>;
  readonly onNotice: (name: string, args: readonly unknown[]) => void;
  /** The other side sent what is no message. */
  readonly onNonsense: () => void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** One end of the channel between a gateway and the process of a plugin; both ends may call. */
export class Link {
  readonly #options: LinkOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #answering = new Map<number, AbortController>();
  #lastId = 0;
  #received = 0;
  #broken: string | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    options.port.on('message', (received) => {
      this.#received++;
      if (this.#broken !== undefined) return;
      const message = messageOf(received);
      if (message) this.#hear(message);
      else options.onNonsense();
    });
  }

  /** Messages that came in so far. */
  get received(): number {
    return this.#received;
  }

  /** Calls the other side. Rejects with what it throws there; `signal` gives the call up there as well. */
  call<T>(name: string, args: readonly unknown[], signal?: AbortSignal): Promise<T> {
    if (this.#broken !== undefined) return Promise.reject(new Error(this.#broken));
    if (this.#waiting.size >= MAX_CALLS_UNDER_WAY) {
      return Promise.reject(new Error(`there are ${MAX_CALLS_UNDER_WAY} calls to answer already`));
    }
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => this.#send({ kind: 'abort', id });
      const settled = (): void => signal?.removeEventListener('abort', abort);
      this.#waiting.set(id, {
        resolve: (value) => {
          settled();
          resolve(value);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      signal?.addEventListener('abort', abort);
      try {
        this.#send({ kind: 'call', id, name, args });
      } catch (error) {
        // Something among the arguments cannot be cloned: nobody is going to answer.
        this.#settle(id)?.reject(error as Error);
      }
    });
  }

  notify(name: string, ...args: readonly unknown[]): void {
    if (this.#broken === undefined) this.#send({ kind: 'notice', name, args });
  }

  /** Fails the calls under way and all later ones for `reason`, and gives up what is being answered. */
  break(reason: string): void {
    if (this.#broken !== undefined) return;
    this.#broken = reason;
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    for (const abort of this.#answering.values()) abort.abort();
    this.#waiting.clear();
    this.#answering.clear();
  }

  #hear(message: Message): void {
    switch (message.kind) {
      case 'call':
        void this.#answer(message);
        break;
      case 'answer':
        this.#settle(message.id)?.resolve(message.value as never);
        break;
      case 'failure':
        this.#settle(message.id)?.reject(fromWire(message.error));
        break;
      case 'abort':
        this.#answering.get(message.id)?.abort();
        break;
      default:
        this.#options.onNotice(message.name, message.args);
    }
  }

  async #answer({ id, name, args }: Extract<Message, { readonly kind: 'call' }>): Promise<void> {
    const abort = new AbortController();
    try {
      if (this.#answering.size >= MAX_CALLS_UNDER_WAY) throw new Error('too many calls are under way');
      this.#answering.set(id, abort);
      const { answers } = this.#options;
      const answering = Object.hasOwn(answers, name) ? answers[name] : undefined;
      if (!answering) throw new Error(`there is nothing called ${name}`);
      const value = await answering(abort.signal, ...(args as readonly never[]));
      if (this.#broken === undefined) this.#send({ kind: 'answer', id, value });
    } catch (error) {
      // Also for an answer that cannot be cloned.
      if (this.#broken === undefined) this.#sendFailure(id, error);
    } finally {
      this.#answering.delete(id);
    }
  }

  #sendFailure(id: number, error: unknown): void {
    try {
      this.#send({ kind: 'failure', id, error: toWire(error) });
    } catch (uncloneable) {
      this.#send({ kind: 'failure', id, error: toWire(new Error(String(uncloneable))) });
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #send(message: Message): void {
    this.#options.port.postMessage(message);
  }
}
