import type { SocketAddress } from '@medkit/edges';
import { MessageWriter } from '../wire/message-writer.ts';
import type { Transport } from './transport.ts';

/** A participant to send to: its prefix for INFO_DST and the addresses chosen for it, which may change. */
export interface Destination {
  readonly prefix: Uint8Array;
  readonly targets: readonly SocketAddress[];
  /** Whether so many datagrams of so many octets each may be sent there now; they count as sent. */
  admits(datagrams: number, bytes: number): boolean;
  /** A reader there is reminded of what it has not acknowledged: the way to it may be broken. */
  reminded(nowMs: number): void;
}

/** No submessage is added to a message that has so many octets: the longest without data still fits into any datagram. */
const MAX_TOLD_BYTES = 1024;

/**
 * Where messages are composed and sent, one at a time. Data goes out at once: `to`, then submessages, then `send`. What two
 * participants tell each other about data is many small submessages to one place: those of one turn share a datagram.
 */
export class Outbox {
  readonly message: MessageWriter;
  readonly #transport: Pick<Transport, 'send'>;
  #destination: Destination | undefined;
  #targets: readonly SocketAddress[] = [];
  #isTurn = false;
  /** The message is not sent yet: more of the turn may follow. */
  #waits = false;

  constructor({ prefix, transport }: { readonly prefix: Uint8Array; readonly transport: Pick<Transport, 'send'> }) {
    this.message = new MessageWriter(prefix);
    this.#transport = transport;
  }

  /** Begins a message to one participant. */
  to(destination: Destination): MessageWriter {
    this.#flush();
    return this.#begin(destination, destination.targets);
  }

  send(): void {
    this.#waits = false;
    if (!this.#destination?.admits(this.#targets.length, this.message.length)) return;
    this.#transport.send(this.message.finish(), this.#targets);
  }

  /** Has `write` add ACKNACK, HEARTBEAT, GAP or NACK_FRAG for one participant; `targets` overrides where it is sent. */
  tell(destination: Destination, write: (message: MessageWriter) => void, targets = destination.targets): void {
    if (!this.#hasRoomFor(destination, targets)) {
      this.#flush();
      this.#begin(destination, targets);
    }
    write(this.message);
    if (this.#isTurn) this.#waits = true;
    else this.send();
  }

  /** Has `write` add to what waits to be told to one participant; where nothing does, it is not worth a datagram. */
  tellAlong(destination: Destination, write: (message: MessageWriter) => void): void {
    if (this.#hasRoomFor(destination, destination.targets)) write(this.message);
  }

  /** What is told from here on goes out at the end of the turn at the latest. */
  beginTurn(): void {
    this.#isTurn = true;
  }

  endTurn(): void {
    this.#isTurn = false;
    this.#flush();
  }

  #hasRoomFor({ prefix }: Destination, targets: readonly SocketAddress[]): boolean {
    const isSamePlace = this.#destination?.prefix === prefix && this.#targets === targets;
    return this.#waits && isSamePlace && this.message.length <= MAX_TOLD_BYTES;
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
