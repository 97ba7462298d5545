import type { SocketAddress } from '@medkit/edges';
import { MessageWriter } from '../wire/message-writer.ts';
import type { Transport } from './transport.ts';

/** A participant to send to: its prefix for INFO_DST and the addresses chosen for it, which may change. */
export interface Destination {
  readonly prefix: Uint8Array;
  readonly targets: readonly SocketAddress[];
}

/** Where messages are composed and sent, one at a time: `to`, then submessages, then `send`. */
export class Outbox {
  readonly message: MessageWriter;
  readonly #transport: Transport;
  #targets: readonly SocketAddress[] = [];

  constructor({ prefix, transport }: { readonly prefix: Uint8Array; readonly transport: Transport }) {
    this.message = new MessageWriter(prefix);
    this.#transport = transport;
  }

  /** Begins a message to one participant; `targets` overrides where it is sent. */
  to(destination: Destination, targets = destination.targets): MessageWriter {
    this.message.begin(destination.prefix);
    this.#targets = targets;
    return this.message;
  }

  send(): void {
    this.#transport.send(this.message.finish(), this.#targets);
  }
}
