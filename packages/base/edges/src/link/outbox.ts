import type { Port } from '../thread.ts';
import { MAX_GATHERED, type Message } from './message.ts';

const NO_BUFFERS: readonly ArrayBuffer[] = [];

interface Dependencies {
  readonly port: Port;
  /** Sends all messages of one turn of the event loop as one: waking the other thread costs more than most messages. */
  readonly gathers: boolean;
  /** A message cannot be cloned and was not sent. */
  readonly onUncloneable: (message: Message, error: Error) => void;
}

/** Sends messages over a port in order. Its owner bounds how many may wait. */
export class Outbox {
  readonly #deps: Dependencies;
  #messages: Message[] = [];
  /** The buffers to transfer with each message. */
  #transfers: (readonly ArrayBuffer[])[] = [];
  #hasTransfers = false;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Sends `message`, immediately or before this turn ends. The caller must not use the buffers in `transfer`
   * afterwards.
   */
  send(message: Message, transfer: readonly ArrayBuffer[] = NO_BUFFERS): void {
    if (!this.#deps.gathers) {
      this.#post(message, transfer);
      return;
    }
    this.#messages.push(message);
    this.#transfers.push(transfer);
    this.#hasTransfers ||= transfer.length > 0;
    // Runs after all network events of this turn.
    if (this.#messages.length === 1) setImmediate(() => this.flush());
    else if (this.#messages.length === MAX_GATHERED) this.flush();
  }

  /** Sends the waiting messages now. */
  flush(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    const transfers = this.#transfers;
    const transfer = this.#hasTransfers ? transfers.flat() : NO_BUFFERS;
    this.discard();
    try {
      this.#deps.port.postMessage(messages, transfer);
    } catch {
      // Sends each message alone, so that only the uncloneable one fails.
      for (const [index, message] of messages.entries()) this.#post(message, transfers[index] ?? NO_BUFFERS);
    }
  }

  /** Drops the waiting messages. */
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
