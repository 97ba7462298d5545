import type { Port } from '../thread.ts';
import { IncomingCall, type Settlement } from './incoming-call.ts';
import { type Call, isMessage, type LinkErrors, type Message, messagesOf, type Reply } from './message.ts';
import { Outbox } from './outbox.ts';

/** Limits on pending calls, so that they cannot accumulate if the other end does not answer. */
export interface LinkBounds {
  /** Maximum calls that wait for answers, and maximum calls of the other end that are handled at a time. */
  readonly calls: number;
  /** Maximum bytes of their arguments. A single call may exceed it if nothing else is pending. Default: unlimited. */
  readonly bytes?: number;
}

export interface LinkOptions {
  readonly port: Port;
  readonly bounds: LinkBounds;
  readonly errors: LinkErrors;
  /** Sends all messages of one turn of the event loop as one; otherwise sends each immediately. */
  readonly gathers?: boolean;
  /** Settles a call of the other end, immediately or later. Default: every call fails as unknown. */
  readonly onCall?: (call: IncomingCall) => void;
  readonly onNotice?: (name: string, args: readonly unknown[]) => void;
  /** The other end sent something that is not a message. */
  readonly onInvalidMessage?: () => void;
}

export interface LinkCallOptions {
  /** Aborts the call at the other end. */
  readonly signal?: AbortSignal | undefined;
  /** Approximate size of the arguments in bytes. */
  readonly bytes?: number;
  /** Buffers among the arguments to transfer; the caller must not use them afterwards. */
  readonly transfer?: readonly ArrayBuffer[];
}

/** Calls of which only the names are known. */
export interface UntypedCalls {
  readonly [name: string]: (...args: readonly unknown[]) => unknown;
}

type Arguments<Call> = Call extends (...args: infer Args) => unknown ? Args : never;
type Result<Call> = Call extends (...args: never[]) => infer Value ? Value : never;

interface Waiting {
  readonly bytes: number;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  /** Removes the abort listener of the call. */
  readonly release: (() => void) | undefined;
}

/**
 * One end of a channel to another thread or process. Either end may call the other, abort its call, and send notices,
 * which have no answer. `Calls` are the calls that the other end answers.
 */
export class Link<Calls extends object = UntypedCalls> {
  readonly #options: LinkOptions;
  readonly #outbox: Outbox;
  readonly #waiting = new Map<number, Waiting>();
  readonly #answering = new Map<number, IncomingCall>();
  readonly #settlement: Settlement = {
    answer: (id, value, transfer) => this.#reply({ id, value }, transfer),
    fail: (id, error) => this.#reply({ id, error: this.#options.errors.encode(error) }),
  };
  #lastId = 0;
  #bytes = 0;
  #received = 0;
  #broken: Error | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { port, gathers = false } = options;
    const onUncloneable = (message: Message, error: Error) => this.#failUncloneable(message, error);
    this.#outbox = new Outbox({ port, gathers, onUncloneable });
    port.on('message', (received) => this.#receive(received));
  }

  /** Number of messages received so far. */
  get received(): number {
    return this.#received;
  }

  /** Number of calls that wait for their answers. */
  get underWay(): number {
    return this.#waiting.size;
  }

  /** Whether the link is broken. Calls that were pending then may have had their effect at the other end. */
  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  /** Calls the other end. Rejects with the error thrown there, or if too many calls are pending. */
  call<Name extends keyof Calls & string>(
    name: Name,
    args: Readonly<Arguments<Calls[Name]>>,
    { signal, bytes = 0, transfer }: LinkCallOptions = {},
  ): Promise<Result<Calls[Name]>> {
    if (this.#broken) return Promise.reject(this.#broken);
    if (this.#isFull(bytes)) return Promise.reject(this.#options.errors.full(this.#waiting.size, this.#bytes));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const release = signal && this.#abortWith(signal, id);
      this.#bytes += bytes;
      this.#waiting.set(id, { bytes, resolve, reject, release });
      this.#outbox.send({ id, name, args }, transfer);
      if (signal?.aborted) this.#abort(id);
    });
  }

  /** Sends a notice, which has no answer. */
  notify(name: string, args: readonly unknown[] = [], transfer?: readonly ArrayBuffer[]): void {
    if (!this.#broken) this.#outbox.send({ name, args }, transfer);
  }

  /** Sends the messages gathered in this turn now. */
  flush(): void {
    this.#outbox.flush();
  }

  /** Resolves when no call waits for an answer. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      this.#notifyIdle();
    });
  }

  /** Rejects pending and future calls with `error`, and aborts the calls being handled. */
  break(error: Error): void {
    if (this.#broken) return;
    this.#broken = error;
    this.#outbox.discard();
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
    for (const call of this.#answering.values()) call.abort();
    this.#answering.clear();
  }

  #isFull(bytes: number): boolean {
    const { bounds } = this.#options;
    if (this.#waiting.size >= bounds.calls) return true;
    return bytes > 0 && this.#bytes > 0 && this.#bytes + bytes > (bounds.bytes ?? Number.POSITIVE_INFINITY);
  }

  #abortWith(signal: AbortSignal, id: number): () => void {
    const abort = () => this.#abort(id);
    signal.addEventListener('abort', abort, { once: true });
    return () => signal.removeEventListener('abort', abort);
  }

  #abort(id: number): void {
    if (this.#waiting.has(id)) this.#outbox.send({ abort: id });
  }

  #receive(received: unknown): void {
    const messages = messagesOf(received);
    if (!messages) {
      this.#received++;
      this.#options.onInvalidMessage?.();
      return;
    }
    for (const message of messages) {
      this.#received++;
      // Drops messages that arrive after the link broke.
      if (this.#broken) return;
      if (isMessage(message)) this.#dispatch(message);
      else this.#options.onInvalidMessage?.();
    }
  }

  #dispatch(message: Message): void {
    if ('name' in message) {
      if ('id' in message) this.#answer(message);
      else this.#options.onNotice?.(message.name, message.args);
    } else if ('abort' in message) this.#answering.get(message.abort)?.abort();
    else if ('error' in message) this.#settle(message.id)?.reject(this.#options.errors.decode(message.error));
    else this.#settle(message.id)?.resolve(message.value as never);
  }

  #answer(message: Call): void {
    const { bounds, onCall, onInvalidMessage } = this.#options;
    if (this.#answering.has(message.id)) {
      onInvalidMessage?.();
      return;
    }
    const call = new IncomingCall(message, this.#settlement);
    if (this.#answering.size >= bounds.calls) {
      call.fail(new Error('too many calls are in progress'));
      return;
    }
    this.#answering.set(message.id, call);
    if (onCall) onCall(call);
    else call.fail(new Error(`unknown call ${message.name}`));
  }

  #reply(message: Reply, transfer?: readonly ArrayBuffer[]): void {
    this.#answering.delete(message.id);
    if (!this.#broken) this.#outbox.send(message, transfer);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (!waiting) return undefined;
    this.#waiting.delete(id);
    this.#bytes -= waiting.bytes;
    waiting.release?.();
    this.#notifyIdle();
    return waiting;
  }

  #notifyIdle(): void {
    if (this.#waiting.size === 0) this.#onIdle?.();
  }

  /**
   * If a call cannot be cloned, rejects it here; if an answer cannot be cloned, fails the call at the other end. Throws
   * for a notice, so that its sender learns of it.
   */
  #failUncloneable(message: Message, error: Error): void {
    const { errors } = this.#options;
    if (!('id' in message)) throw error;
    if ('name' in message) this.#settle(message.id)?.reject(errors.uncloneable?.(error) ?? error);
    else this.#outbox.send({ id: message.id, error: errors.encode(new Error(String(error))) });
  }
}
