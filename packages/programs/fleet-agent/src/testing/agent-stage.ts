import { seededRandom } from '@medkit/edges';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { SimulatedBroker } from '@medkit/mqtt/testing';
import {
  type ConnectionState,
  type Header,
  headerMaker,
  type ProtocolVersion,
  protocolOf,
  type RobotState,
  type TopicName,
  topicOf,
} from '@medkit/vda5050';
import type { FleetAgentOptions } from '../agent/fleet-agent.ts';
import { serialFile } from '../serial/serial-file.ts';
import { AgentProcess, type ProcessEvents } from './agent-process.ts';
import { SimulatedPicture, STATIONARY } from './simulated-picture.ts';

export interface StageOptions {
  readonly version?: ProtocolVersion;
  readonly seed?: number;
}

/** A robot, its broker and any number of agents, on one simulated clock. */
export class AgentStage {
  readonly clock = new SimulatedClock();
  readonly broker = new SimulatedBroker();
  readonly picture = new SimulatedPicture();
  readonly files = new MemoryFiles();
  readonly random;
  readonly robot;
  readonly protocol;
  readonly #foreignHeader;

  constructor({ version = '3.0.0', seed = 1 }: StageOptions = {}) {
    this.random = seededRandom(seed);
    this.robot = { version, manufacturer: 'ACME', serialNumber: 'AMR-0001' } as const;
    this.protocol = protocolOf(version);
    this.#foreignHeader = headerMaker(this.robot, () => this.clock.wallMs());
  }

  /** Creates an agent without starting it. Agents with the same `data` folder are successive processes. */
  agent({
    data = '/data',
    events,
    ...more
  }: { readonly data?: string; readonly events?: ProcessEvents } & Partial<FleetAgentOptions> = {}) {
    const { clock, broker, picture, random, robot, protocol } = this;
    return new AgentProcess({
      terms: { robot, mode: 'sole', listenMs: 35_000, settleMs: 1000, stateIntervalMs: 30_000, gatewayGraceMs: 10_000 },
      protocol,
      picture,
      broker: { url: 'mqtt://broker.plant', protocol: '5' },
      openBroker: broker.open,
      clock,
      random,
      file: serialFile(`${data}/serial.json`, this.files),
      clearing: { problem: () => 'clear_fault is off', clear: async () => undefined },
      log: () => undefined,
      warn: () => undefined,
      cut: (clientId) => {
        if (broker.clients.includes(clientId)) broker.kill(clientId);
      },
      ...more,
      ...(events && { events }),
    });
  }

  /** Returns an agent that has become the client of the serial number. */
  async exclusiveAgent(more: Parameters<AgentStage['agent']>[0] = {}): Promise<AgentProcess> {
    const process = this.agent(more);
    await process.start();
    await this.pass(45_000, 500);
    return process;
  }

  /** Advances the time and settles promises. */
  async pass(ms: number, stepMs = 100): Promise<void> {
    await this.clock.advanceAsync(ms, stepMs);
    await this.broker.settled();
  }

  topic(name: TopicName): string {
    return topicOf(this.robot, name);
  }

  /** States published on the topic `state`, in order. */
  get states(): readonly RobotState[] {
    return this.broker.published
      .filter(({ topic, payload }) => topic === this.topic('state') && payload !== '')
      .map(({ payload }) => this.protocol.decodeState(Buffer.from(payload)).content);
  }

  /** Error types of the last state. */
  get feedErrors(): readonly string[] | undefined {
    return this.states.at(-1)?.errors.map(({ type }) => type);
  }

  /** State that the broker retains on the topic `connection`. */
  get connection(): ConnectionState | undefined {
    const retained = this.broker.retained(this.topic('connection'));
    return retained === undefined ? undefined : this.protocol.decodeConnection(Buffer.from(retained)).content;
  }

  /** Publishes a connection state as the robot's own VDA 5050 client. */
  foreignWord(state: ConnectionState): void {
    const text = this.protocol.encodeConnection(this.#foreignHeader(), state);
    this.broker.publish(this.topic('connection'), text, { qos: 1, retain: true });
  }

  /** Publishes a state as the robot's own VDA 5050 client. */
  foreignState(): void {
    const nothing = { nodes: [], edges: [], actions: [], instantActions: [], errors: [], information: [] };
    this.broker.publish(
      this.topic('state'),
      this.protocol.encodeState(this.#foreignHeader(), { ...STATIONARY, ...nothing }),
    );
  }

  /** Sends an order from fleet control to the robot. Returns its header. */
  order(): Header {
    const header = this.#foreignHeader();
    const order = { orderId: 'order-1', orderUpdateId: 0, edges: [] };
    const nodes = [{ nodeId: 'n1', sequenceId: 0, released: true }];
    this.broker.publish(this.topic('order'), this.protocol.encodeOrder(header, { ...order, nodes }));
    return header;
  }
}
