import type { Port } from '@medkit/edges';

/**
 * Sends messages over a port, all of one turn of the event loop as one: waking the other thread costs more than most
 * messages. Bounded by what is put in: answers by the calls under way, samples by credit, changes of the graph by number.
 */
export class Outbox<Message> {
  readonly #port: Port;
  #messages: Message[] = [];
  #transfer: ArrayBuffer[] = [];
  #scheduled = false;

  constructor({ port }: { readonly port: Port }) {
    this.#port = port;
  }

  /** Sends `message` before this turn ends. `transfer` are buffers that nobody here uses any more. */
  send(message: Message, transfer: readonly ArrayBuffer[] = []): void {
    this.#messages.push(message);
    this.#transfer.push(...transfer);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  /** Sends what waits now. */
  flush(): void {
    this.#scheduled = false;
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    const transfer = this.#transfer;
    this.#messages = [];
    this.#transfer = [];
    this.#port.postMessage(messages, transfer);
  }
}

/** Hears the messages of an `Outbox` one by one. */
export function receive<Message>(port: Port, listener: (message: Message) => void): void {
  port.on('message', (messages) => {
    for (const message of messages as readonly Message[]) listener(message);
  });
}
