import type { OpenBroker, PublishOptions } from '../broker-connection.ts';
import { keptConnection } from '../connection/kept-connection.ts';
import { type BrokerLimits, limitProblem } from '../session/broker-limits.ts';
import type { OpenSession } from '../session/session.ts';
import { SimulatedSession } from './simulated-session.ts';

/** What a broker was given: by whom, and whether it was the will of a client that is gone. */
export interface PublishedMessage extends PublishOptions {
  readonly clientId: string;
  readonly topic: string;
  readonly payload: string;
  readonly isWill: boolean;
}

/**
 * A broker in memory. Clients of `open` connect a moment later (`settled`), and again as the clock of theirs goes on; what is
 * published is heard at once.
 */
export class SimulatedBroker {
  readonly #sessions = new Map<string, SimulatedSession>();
  readonly #retained = new Map<string, string>();
  readonly #published: PublishedMessage[] = [];
  readonly #stalled: (() => void)[] = [];
  #isAway = false;
  #isStalled = false;
  /** Attempts of clients to connect. */
  attempts = 0;
  /** Why clients are refused, where they are. */
  refusal: string | undefined;
  /** What clients are told of with their next connection. */
  limits: BrokerLimits = {};

  /** Everything that was published, wills too, in order. */
  get published(): readonly PublishedMessage[] {
    return this.#published;
  }

  /** Who is connected. */
  get clients(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  readonly open: OpenBroker = (options) => keptConnection(options, this.#openSession);

  /** What is kept of a topic. */
  retained(topic: string): string | undefined {
    return this.#retained.get(topic);
  }

  /** Publishes as somebody else does. */
  publish(topic: string, payload: string, { qos = 0, retain = false }: Partial<PublishOptions> = {}): void {
    this.#take({ clientId: '', topic, payload, qos, retain, isWill: false });
  }

  /** The connection of a client breaks: its will is published. It comes again with its clock. */
  kill(clientId: string, reason = 'the connection was cut'): void {
    const session = this.#sessions.get(clientId);
    if (!session) throw new Error(`${clientId} is not connected: ${this.clients.join(', ') || 'nobody is'}`);
    this.#end(session, reason);
  }

  /** The broker is gone, with what it would publish for its clients. What it kept is there when it is back. */
  stop(): void {
    this.#isAway = true;
    this.#stalled.length = 0;
    for (const session of this.#sessions.values()) session.end('the connection was cut');
    this.#sessions.clear();
  }

  start(): void {
    this.#isAway = false;
  }

  /** Reads nothing from now on: what clients publish stays pending. Nobody misses a keepalive by itself: see `kill`. */
  stall(): void {
    this.#isStalled = true;
  }

  /** Reads what was published meanwhile, in order, and goes on. */
  resume(): void {
    this.#isStalled = false;
    // What is published at what is read comes behind it all.
    for (; this.#stalled[0] !== undefined; this.#stalled.shift()) this.#stalled[0]();
  }

  /** Resolves when connections that were begun are open, and promises are settled. */
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
    if (this.#isAway) session.end('nobody listens there: is the broker running?');
    else if (this.refusal !== undefined) session.end(this.refusal);
    else {
      const older = this.#sessions.get(clientId);
      if (older) this.#end(older, 'taken over by another connection with the same client identifier');
      this.#sessions.set(clientId, session);
      session.accept(this.limits);
      for (const [topic, payload] of this.#retained) session.deliver(topic, payload, true);
    }
  }

  /** Resolves where the message was read; what a client has sent before it broke is not. */
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
