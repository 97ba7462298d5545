import type { Clock, Random } from '@medkit/edges';
import type { BrokerAddress } from './address/broker-address.ts';

/** A message received from the broker. */
export interface BrokerMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker had retained it: it was published before the subscription. */
  readonly retained: boolean;
}

export interface PublishOptions {
  readonly qos: 0 | 1;
  /** The broker retains it for later subscribers, replacing the previous one. */
  readonly retain: boolean;
}

/** Published by the broker if the connection ends in any way other than `close`. */
export interface BrokerWill extends PublishOptions {
  readonly topic: string;
  readonly payload: string;
}

/** Options of a connection. None of the functions may throw. */
export interface BrokerConnectionOptions {
  readonly address: BrokerAddress;
  /** Must be unique at the broker: if two connections use the same id, it ends the older one. */
  readonly clientId: string;
  /** A function is called for each connection attempt. */
  readonly will?: BrokerWill | (() => BrokerWill);
  /** Topic filters, subscribed with QoS 1 each time the connection opens. */
  readonly subscriptions: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  /** Called each time the connection is open and all filters are subscribed. Publish the initial messages here. */
  onOpen(): void;
  /** Receives a message of at most `MAX_MESSAGE_BYTES`. Retained messages may arrive just before `onOpen`. */
  onMessage(message: BrokerMessage): void;
  /** Called once per lost or failed connection, with a sentence for the user. The connection is retried. */
  onLost(reason: string): void;
}

/** A connection that is reopened until it is closed. It stores no messages while it is not open. */
export interface BrokerConnection {
  readonly isOpen: boolean;
  /**
   * Maximum packet size that the broker announces with MQTT 5. `undefined` if it announces none or is not connected.
   */
  readonly maxPacketBytes: number | undefined;
  /** Number of received messages dropped because they exceed `MAX_MESSAGE_BYTES`. */
  readonly dropped: number;
  /**
   * Resolves when the socket has taken the message (QoS 0), or the broker has acknowledged it (QoS 1). Rejects if the
   * connection is not open or is lost before, and if the broker refuses the message or would. Rejected messages are not
   * sent later.
   *
   * If a broker reads nothing, the promise stays pending until the keepalive ends the connection. Publishers wait for
   * it before the next message of the same topic, and then publish the newest.
   */
  publish(topic: string, payload: string, options: PublishOptions): Promise<void>;
  /**
   * Closes the connection permanently after pending acknowledgements, within 2 s, so that the will is not published. If
   * the broker does not answer by then, it publishes the will. No callback is called after this call.
   */
  close(): Promise<void>;
}

export type OpenBroker = (options: BrokerConnectionOptions) => BrokerConnection;
