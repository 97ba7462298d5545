import type { Clock, Random } from '@medkit/edges';
import type { BrokerAddress } from './address/broker-address.ts';

/** What a broker sent. */
export interface BrokerMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker had kept it: it was published before we subscribed. */
  readonly retained: boolean;
}

export interface PublishOptions {
  readonly qos: 0 | 1;
  /** The broker keeps it for those who subscribe later, in the place of the one before. */
  readonly retain: boolean;
}

/** What the broker publishes for us where the connection ends in any other way than by `close`. */
export interface BrokerWill extends PublishOptions {
  readonly topic: string;
  readonly payload: string;
}

/** What is wanted of a connection. None of its functions may throw. */
export interface BrokerConnectionOptions {
  readonly address: BrokerAddress;
  /** No other connection to the broker has it: of two, it ends the older. */
  readonly clientId: string;
  /** A function makes a will for each attempt to connect. */
  readonly will?: BrokerWill | (() => BrokerWill);
  /** Topic filters, subscribed with QoS 1 at each opening. */
  readonly subscriptions: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  /** Connected, and subscribed to everything: each time anew. What is to be known is published here. */
  onOpen(): void;
  /** One message of at most `MAX_MESSAGE_BYTES`. What the broker had kept may come just before `onOpen`. */
  onMessage(message: BrokerMessage): void;
  /** It was lost, or could not be opened: once for each time, with a sentence for people. It is tried again. */
  onLost(reason: string): void;
}

/** A connection that is opened again and again until it is closed, and keeps nothing for the time that it is not open. */
export interface BrokerConnection {
  readonly isOpen: boolean;
  /** What the broker takes as one packet, as it says with MQTT 5; undefined where it says nothing, or is not there. */
  readonly maxPacketBytes: number | undefined;
  /** Messages of more than `MAX_MESSAGE_BYTES` that came and were dropped. */
  readonly dropped: number;
  /**
   * Resolves when the socket has taken the message (QoS 0), or the broker has acknowledged it (QoS 1). Rejects, in words, where
   * the connection is not open or is lost before, and where the broker refuses the message or would: nothing is sent later.
   *
   * A broker that reads nothing leaves it pending until the keepalive ends the connection. Whoever publishes waits for it before
   * the next message of the same topic, and then publishes the newest.
   */
  publish(topic: string, payload: string, options: PublishOptions): Promise<void>;
  /**
   * Ends it in order, so that the will is not published, after what is still to be acknowledged; for good, and within 2 s: a
   * broker that does not answer by then publishes the will. Nothing is told after the call.
   */
  close(): Promise<void>;
}

export type OpenBroker = (options: BrokerConnectionOptions) => BrokerConnection;
