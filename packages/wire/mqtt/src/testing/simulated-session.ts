import type { BrokerLimits, OutgoingMessage } from '../session/broker-limits.ts';
import { MAX_MESSAGE_BYTES, type Session, type SessionEvents, type SessionOptions } from '../session/session.ts';
import { topicMatches } from './topic-matches.ts';

export interface SimulatedSessionOptions {
  readonly options: SessionOptions;
  readonly events: SessionEvents;
  /** Resolves when the broker has read it. */
  onPublish(message: OutgoingMessage): Promise<void>;
  onClose(): void;
}

/** A client's connection to a broker in memory. */
export class SimulatedSession implements Session {
  readonly options: SessionOptions;
  readonly #session: SimulatedSessionOptions;
  readonly #lost = new Set<(error: Error) => void>();
  limits: BrokerLimits = {};
  isEnded = false;

  constructor(session: SimulatedSessionOptions) {
    this.options = session.options;
    this.#session = session;
  }

  publish(topic: string, payload: string, { qos, retain }: Pick<OutgoingMessage, 'qos' | 'retain'>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#lost.add(reject);
      const settle = (end: () => void) => (): void => {
        if (this.#lost.delete(reject)) end();
      };
      const read = this.#session.onPublish({ topic, payload, qos, retain });
      read.then(settle(resolve), (error: Error) => settle(() => reject(error))());
    });
  }

  async close(): Promise<void> {
    if (this.isEnded) return;
    this.#session.onClose();
    this.end('closed');
  }

  /** The broker has accepted the connection. */
  accept(limits: BrokerLimits): void {
    this.limits = limits;
    this.#session.events.onOpen();
  }

  /** Delivers a message if its topic is subscribed to. */
  deliver(topic: string, payload: string, retained: boolean): void {
    if (this.isEnded || !this.options.subscriptions.some((filter) => topicMatches(filter, topic))) return;
    const octets = new TextEncoder().encode(payload);
    if (octets.length > MAX_MESSAGE_BYTES) this.#session.events.onDropped();
    else this.#session.events.onMessage({ topic, payload: octets, retained });
  }

  end(reason: string): void {
    if (this.isEnded) return;
    this.isEnded = true;
    for (const reject of this.#lost) reject(new Error(`the connection to the broker was lost: ${reason}`));
    this.#lost.clear();
    this.#session.events.onEnd(reason);
  }
}
