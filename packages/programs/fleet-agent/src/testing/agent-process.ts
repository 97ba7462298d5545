import type { Clock, Random } from '@medkit/edges';
import type { BrokerConnection, BrokerMessage, OpenBroker } from '@medkit/mqtt';
import { type FleetAgent, type FleetAgentOptions, openFleetAgent } from '../agent/fleet-agent.ts';

/** Callbacks for what an agent does at its broker. */
export interface ProcessEvents {
  /** Called when the agent publishes a message. */
  onPublish?(topic: string, payload: string): void;
  /** Called when the agent receives a message. */
  onMessage?(message: BrokerMessage): void;
  /** Called when a connection opens, before it receives messages. */
  onConnect?(): void;
}

export interface AgentProcessOptions extends FleetAgentOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly events?: ProcessEvents;
  /** Breaks a connection at the broker, which then publishes its will. */
  cut(clientId: string): void;
}

/** An agent that can be killed: afterwards it does nothing, and only the broker notices. */
export class AgentProcess {
  readonly #options: AgentProcessOptions;
  readonly #connections = new Map<BrokerConnection, string>();
  #isDead = false;
  #agent: FleetAgent | undefined;
  readonly lines: string[] = [];

  constructor(options: AgentProcessOptions) {
    this.#options = options;
  }

  get agent(): FleetAgent {
    if (!this.#agent) throw new Error('the agent is not started');
    return this.#agent;
  }

  get isConnected(): boolean {
    return [...this.#connections.keys()].some(({ isOpen }) => isOpen);
  }

  async start(): Promise<FleetAgent> {
    const { clock } = this.#options;
    const alive = (callback: () => void) => (): void => {
      if (!this.#isDead) callback();
    };
    this.#agent = await openFleetAgent({
      ...this.#options,
      openBroker: this.#open,
      clock: {
        wallMs: () => clock.wallMs(),
        wallNs: () => clock.wallNs(),
        monotonicMs: () => clock.monotonicMs(),
        after: (delayMs, callback) => clock.after(delayMs, alive(callback)),
        every: (periodMs, callback) => clock.every(periodMs, alive(callback)),
      },
      log: (line) => void this.lines.push(line),
      warn: (line) => void this.lines.push(line),
    });
    return this.#agent;
  }

  /** Kills the process between two of its steps. */
  kill(): void {
    this.#isDead = true;
    for (const [connection, clientId] of this.#connections) {
      if (connection.isOpen) this.#options.cut(clientId);
      void connection.close();
    }
  }

  readonly #open: OpenBroker = (options) => {
    const { events = {}, openBroker, clock } = this.#options;
    const connection = openBroker({
      ...options,
      clock,
      onOpen: () => {
        if (this.#isDead) return;
        events.onConnect?.();
        options.onOpen();
      },
      onLost: (reason) => {
        if (!this.#isDead) options.onLost(reason);
      },
      onMessage: (message) => {
        if (this.#isDead) return;
        events.onMessage?.(message);
        options.onMessage(message);
      },
    });
    this.#connections.set(connection, options.clientId);
    return {
      get isOpen() {
        return connection.isOpen;
      },
      get maxPacketBytes() {
        return connection.maxPacketBytes;
      },
      get dropped() {
        return connection.dropped;
      },
      publish: async (topic, payload, how) => {
        if (this.#isDead) return;
        if (connection.isOpen) events.onPublish?.(topic, payload);
        await connection.publish(topic, payload, how);
      },
      close: async () => {
        this.#connections.delete(connection);
        if (!this.#isDead) await connection.close();
      },
    };
  };
}
