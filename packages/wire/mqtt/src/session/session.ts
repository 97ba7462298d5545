import type { BrokerConnectionOptions, BrokerMessage, BrokerWill, PublishOptions } from '../broker-connection.ts';
import type { BrokerLimits } from './broker-limits.ts';

/** The longest message that is given to anybody: room for any order or map that a vehicle is sent as text, and little memory. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

/** What is heard of a session. */
export interface SessionEvents {
  /** Connected, and subscribed to everything. Called once at most. */
  onOpen(): void;
  onMessage(message: BrokerMessage): void;
  /** A message was too long. */
  onDropped(): void;
  /** It has ended, for a reason in words. Called once, after all else, and never within the call that opens it. */
  onEnd(reason: string): void;
}

/** One connection to a broker, from the attempt to its end. */
export interface Session {
  readonly limits: BrokerLimits;
  /** As that of BrokerConnection. Not before `onOpen`. */
  publish(topic: string, payload: string, options: PublishOptions): Promise<void>;
  /** As that of BrokerConnection. */
  close(): Promise<void>;
}

/** What a session needs to know of what is wanted. */
export type SessionOptions = Pick<BrokerConnectionOptions, 'address' | 'clientId' | 'subscriptions' | 'clock'> & {
  readonly will?: BrokerWill;
};

export type OpenSession = (options: SessionOptions, events: SessionEvents) => Session;
