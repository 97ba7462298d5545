import type { BrokerConnectionOptions, BrokerMessage, BrokerWill, PublishOptions } from '../broker-connection.ts';
import type { BrokerLimits } from './broker-limits.ts';

/** Maximum message size passed on: enough for any order or map that is sent as text, with little memory. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

/** Events of a session. */
export interface SessionEvents {
  /** Connected and subscribed to all filters. Called at most once. */
  onOpen(): void;
  onMessage(message: BrokerMessage): void;
  /** A received message was too long. */
  onDropped(): void;
  /**
   * The session has ended, with the reason as text. Called once, after all other events, never during the opening call.
   */
  onEnd(reason: string): void;
}

/** One connection to a broker, from the attempt to its end. */
export interface Session {
  readonly limits: BrokerLimits;
  /** See BrokerConnection. Not before `onOpen`. */
  publish(topic: string, payload: string, options: PublishOptions): Promise<void>;
  /** See BrokerConnection. */
  close(): Promise<void>;
}

/** Options of a session. */
export type SessionOptions = Pick<BrokerConnectionOptions, 'address' | 'clientId' | 'subscriptions' | 'clock'> & {
  readonly will?: BrokerWill;
};

export type OpenSession = (options: SessionOptions, events: SessionEvents) => Session;
