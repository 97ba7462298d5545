import type { OpenBroker, PublishOptions } from '../broker-connection.ts';
import { openReconnectingConnection } from '../connection/reconnecting-connection.ts';
import { type BrokerLimits, limitProblem } from '../session/broker-limits.ts';
import type { OpenSession } from '../session/session.ts';
import { SimulatedSession } from './simulated-session.ts';

/** A message that the broker received, with its client, and whether it is the will of a lost client. */
export interface PublishedMessage extends PublishOptions {
  readonly clientId: string;
  readonly topic: string;
  readonly payload: string;
  readonly isWill: boolean;
}

/**
 * A broker in memory. Clients of `open` connect asynchronously (`settled`), and reconnect as their clock advances.
 * Published messages are delivered immediately.
 */
export class SimulatedBroker {
  readonly #sessions = new Map<string, SimulatedSession>();
  readonly #retained = new Map<string, string>();
  readonly #published: PublishedMessage[] = [];
  readonly #stalled: (() => void)[] = [];
  #isAway = false;
  #isStalled = false;
  /** Number of connection attempts. */
  attempts = 0;
  /** If set, connections are refused with this reason. */
  refusal: string | undefined;
  /** Limits announced on the next connections. */
  limits: BrokerLimits = {};

  /** All published messages including wills, in order. */
  get published(): readonly PublishedMessage[] {
    return this.#published;
  }

  /** Ids of the connected clients. */
  get clients(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  readonly open: OpenBroker = (options) => openReconnectingConnection(options, this.#openSession);

  /** Returns the retained message of a topic. */
  retained(topic: string): string | undefined {
    return this.#retained.get(topic);
  }

  /** Publishes a message of another client. */
  publish(topic: string, payload: string, { qos = 0, retain = false }: Partial<PublishOptions> = {}): void {
    this.#take({ clientId: '', topic, payload, qos, retain, isWill: false });
  }

  /** Breaks the connection of a client: its will is published. The client reconnects as its clock advances. */
  kill(clientId: string, reason = 'the connection was cut'): void {
    const session = this.#sessions.get(clientId);
    if (!session) throw new Error(`${clientId} is not connected: ${this.clients.join(', ') || 'nobody is'}`);
    this.#end(session, reason);
  }

  /** Stops the broker without publishing wills. Retained messages survive. */
  stop(): void {
    this.#isAway = true;
    this.#stalled.length = 0;
    for (const session of this.#sessions.values()) session.end('the connection was cut');
    this.#sessions.clear();
  }

  start(): void {
    this.#isAway = false;
  }

  /** Stops reading: published messages stay pending. Keepalives do not fail by themselves, see `kill`. */
  stall(): void {
    this.#isStalled = true;
  }

  /** Reads the pending messages in order and continues normally. */
  resume(): void {
    this.#isStalled = false;
    // Messages published as a reaction are appended.
    for (; this.#stalled[0] !== undefined; this.#stalled.shift()) this.#stalled[0]();
  }

  /** Resolves when started connections are open and promises are settled. */
  settled(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  readonly #openSession: OpenSession = (options, events) => {
    this.attempts += 1;
    const session = new SimulatedSession({
      options,
      events,
      onPublish: (message) => this.#read(session, message),
      onClose: () => void this.#sessions.delete(options.clientId),
    });
    queueMicrotask(() => this.#accept(session));
    return session;
  };

  #accept(session: SimulatedSession): void {
    const { clientId } = session.options;
    if (session.isEnded) return;
    if (this.#isAway) session.end('connection refused: check that the broker is running');
    else if (this.refusal !== undefined) session.end(this.refusal);
    else {
      const older = this.#sessions.get(clientId);
      if (older) this.#end(older, 'session taken over by another connection with the same client identifier');
      this.#sessions.set(clientId, session);
      session.accept(this.limits);
      for (const [topic, payload] of this.#retained) session.deliver(topic, payload, true);
    }
  }

  /** Resolves when the message was read. Unread messages of a broken connection are lost. */
  #read(session: SimulatedSession, message: Omit<PublishedMessage, 'clientId' | 'isWill'>): Promise<void> {
    return new Promise((resolve, reject) => {
      const problem = limitProblem(session.limits, message);
      if (problem !== undefined) {
        reject(new Error(problem));
        return;
      }
      const read = (): void => {
        if (!session.isEnded) this.#take({ ...message, clientId: session.options.clientId, isWill: false });
        resolve();
      };
      if (this.#isStalled || this.#stalled.length > 0) this.#stalled.push(read);
      else read();
    });
  }

  #take(message: PublishedMessage): void {
    const { topic, payload, retain } = message;
    this.#published.push(message);
    if (retain && payload !== '') this.#retained.set(topic, payload);
    else if (retain) this.#retained.delete(topic);
    for (const session of this.#sessions.values()) session.deliver(topic, payload, false);
  }

  #end(session: SimulatedSession, reason: string): void {
    const { clientId, will } = session.options;
    this.#sessions.delete(clientId);
    session.end(reason);
    if (will) this.#take({ ...will, clientId, isWill: true });
  }
}
