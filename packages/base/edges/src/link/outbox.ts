import type { Port } from '../thread.ts';
import { MAX_GATHERED, type Message } from './message.ts';

const NO_BUFFERS: readonly ArrayBuffer[] = [];

interface Dependencies {
  readonly port: Port;
  /** All messages of one turn of the event loop go as one: waking the other thread costs more than most messages. */
  readonly gathers: boolean;
  /** A message has something in it that cannot be cloned, and was not sent. */
  readonly onUncloneable: (message: Message, error: Error) => void;
}

/** Sends messages over a port, in their order. What may wait in it is for its owner to bound. */
export class Outbox {
  readonly #deps: Dependencies;
  #messages: Message[] = [];
  /** The buffers that go over with each of them; none at all where no message has any. */
  #transfers: (readonly ArrayBuffer[])[] = [];
  #hasTransfers = false;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Sends `message`, at once or before this turn ends. `transfer` are buffers that nobody here uses any more. */
  send(message: Message, transfer: readonly ArrayBuffer[] = NO_BUFFERS): void {
    if (!this.#deps.gathers) {
      this.#post(message, transfer);
      return;
    }
    this.#messages.push(message);
    this.#transfers.push(transfer);
    this.#hasTransfers ||= transfer.length > 0;
    // Behind all that the network has brought by now.
    if (this.#messages.length === 1) setImmediate(() => this.flush());
    else if (this.#messages.length === MAX_GATHERED) this.flush();
  }

  /** Sends what waits now. */
  flush(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    const transfers = this.#transfers;
    const transfer = this.#hasTransfers ? transfers.flat() : NO_BUFFERS;
    this.discard();
    try {
      this.#deps.port.postMessage(messages, transfer);
    } catch {
      // What cannot cross fails alone.
      for (const [index, message] of messages.entries()) this.#post(message, transfers[index] ?? NO_BUFFERS);
    }
  }

  /** Forgets what waits. */
  discard(): void {
    this.#messages = [];
    this.#transfers = [];
    this.#hasTransfers = false;
  }

  #post(message: Message, transfer: readonly ArrayBuffer[]): void {
    try {
      this.#deps.port.postMessage(message, transfer);
    } catch (error) {
      this.#deps.onUncloneable(message, error as Error);
    }
  }
}
