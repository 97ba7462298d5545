import type { SocketAddress } from '@medkit/edges';
import { MessageWriter } from '../wire/message-writer.ts';
import type { Transport } from './transport.ts';

/** A participant as a destination: its prefix for INFO_DST and its chosen addresses, which may change. */
export interface Destination {
  readonly prefix: Uint8Array;
  readonly targets: readonly SocketAddress[];
  /** Returns whether the datagrams, of `bytes` octets each, may be sent there now. If so, they count as sent. */
  admits(datagrams: number, bytes: number): boolean;
  /** Called when a reader at the destination is asked for an outstanding acknowledgement. The route may be broken. */
  reminded(nowMs: number): void;
}

/**
 * Size in octets beyond which no submessage is added to a message. The longest submessage without data still fits into
 * any datagram then.
 */
const MAX_SHARED_BYTES = 1024;

/**
 * Composes and sends messages, one at a time. Data is sent immediately: `to`, then submessages, then `send`.
 * Acknowledgements, heartbeats and gaps are small: those of one turn for the same destination share a datagram.
 */
export class Outbox {
  readonly message: MessageWriter;
  readonly #transport: Pick<Transport, 'send'>;
  #destination: Destination | undefined;
  #targets: readonly SocketAddress[] = [];
  #isTurn = false;
  /** Whether the current message is unsent because the turn may add to it. */
  #waits = false;

  constructor({ prefix, transport }: { readonly prefix: Uint8Array; readonly transport: Pick<Transport, 'send'> }) {
    this.message = new MessageWriter(prefix);
    this.#transport = transport;
  }

  /** Starts a message to one participant. */
  to(destination: Destination): MessageWriter {
    this.#flush();
    return this.#begin(destination, destination.targets);
  }

  send(): void {
    this.#waits = false;
    if (!this.#destination?.admits(this.#targets.length, this.message.length)) return;
    this.#transport.send(this.message.finish(), this.#targets);
  }

  /** Lets `write` add ACKNACK, HEARTBEAT, GAP or NACK_FRAG for one participant. `targets` overrides the addresses. */
  append(destination: Destination, write: (message: MessageWriter) => void, targets = destination.targets): void {
    if (!this.#hasRoomFor(destination, targets)) {
      this.#flush();
      this.#begin(destination, targets);
    }
    write(this.message);
    if (this.#isTurn) this.#waits = true;
    else this.send();
  }

  /**
   * Lets `write` add to a message that already waits for this participant. Does nothing if none waits, because the
   * content is not worth a datagram.
   */
  piggyback(destination: Destination, write: (message: MessageWriter) => void): void {
    if (this.#hasRoomFor(destination, destination.targets)) write(this.message);
  }

  /** Messages added from here on are sent at the end of the turn at the latest. */
  beginTurn(): void {
    this.#isTurn = true;
  }

  endTurn(): void {
    this.#isTurn = false;
    this.#flush();
  }

  #hasRoomFor({ prefix }: Destination, targets: readonly SocketAddress[]): boolean {
    const isSamePlace = this.#destination?.prefix === prefix && this.#targets === targets;
    return this.#waits && isSamePlace && this.message.length <= MAX_SHARED_BYTES;
  }

  #begin(destination: Destination, targets: readonly SocketAddress[]): MessageWriter {
    this.message.begin(destination.prefix);
    this.#destination = destination;
    this.#targets = targets;
    return this.message;
  }

  #flush(): void {
    if (this.#waits) this.send();
  }
}
