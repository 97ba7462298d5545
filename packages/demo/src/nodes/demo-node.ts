import type { Clock } from '@medkit/edges';
import type { LocalNode, NodeOptions, Publisher, QosProfile, RosAdapter, RosMessage, TopicSample } from '@medkit/ros2';

/** Levels of rcl_interfaces/msg/Log. */
const LOG_LEVELS = { info: 20, warn: 30, error: 40 } as const;
export type LogLevel = keyof typeof LOG_LEVELS;

/** rcl's profile of /rosout: late joiners get the last lines, but none older than ten seconds. */
const ROSOUT_QOS: Partial<QosProfile> = { durability: 'transient_local', depth: 1000, lifespanMs: 10_000 };
export const SENSOR_QOS: Partial<QosProfile> = { reliability: 'best_effort', depth: 5 };
/** For what is published once and must reach those who come later. */
export const LATCHED_QOS: Partial<QosProfile> = { durability: 'transient_local', depth: 1 };

/** What every node of the demo is made with. */
export interface NodeEdges {
  readonly adapter: Pick<RosAdapter, 'node'>;
  readonly clock: Clock;
  /** Called with what goes wrong while a message is sent. */
  readonly onFailure: (where: string, error: unknown) => void;
}

export interface Topic {
  readonly name: string;
  readonly type: string;
  readonly qos?: Partial<QosProfile>;
}

/** A node of the demo: a ROS node that logs to /rosout and publishes on time. */
export class DemoNode {
  readonly #edges: NodeEdges;
  readonly #node: LocalNode;
  readonly #rosout: Publisher;
  readonly #loggerName: string;
  #closed = false;
  readonly #timers: { cancel(): void }[] = [];

  constructor(edges: NodeEdges, node: LocalNode, rosout: Publisher) {
    this.#edges = edges;
    this.#node = node;
    this.#rosout = rosout;
    this.#loggerName = node.fqn.slice(1).replaceAll('/', '.');
  }

  static async open(edges: NodeEdges, options: NodeOptions): Promise<DemoNode> {
    const node = await edges.adapter.node(options);
    const rosout = await node.publisher('/rosout', 'rcl_interfaces/msg/Log', ROSOUT_QOS);
    return new DemoNode(edges, node, rosout);
  }

  /** Now, as builtin_interfaces/msg/Time. */
  stamp(): RosMessage {
    const ns = this.#edges.clock.wallNs();
    return { sec: Number(ns / 1_000_000_000n), nanosec: Number(ns % 1_000_000_000n) };
  }

  header(frameId: string): RosMessage {
    return { stamp: this.stamp(), frame_id: frameId };
  }

  log(level: LogLevel, text: string): void {
    const line = { stamp: this.stamp(), level: LOG_LEVELS[level], name: this.#loggerName, msg: text };
    this.#send(this.#rosout, line);
  }

  /** Opens a publisher and gives the function that publishes on it. */
  async publisher({ name, type, qos }: Topic): Promise<(message: RosMessage) => void> {
    const publisher = await this.#node.publisher(name, type, qos);
    return (message) => this.#send(publisher, message);
  }

  /** Publishes what `message` makes, once every `periodMs`. */
  async publishEvery(periodMs: number, topic: Topic, message: () => RosMessage): Promise<void> {
    const publish = await this.publisher(topic);
    this.every(periodMs, () => publish(message()));
  }

  async subscribe({ name, type, qos }: Topic, onSample: (sample: TopicSample) => void): Promise<void> {
    await this.#node.subscribe({ topic: name, type, qos: qos ?? {}, onSample });
  }

  /** Subscribes without use for what arrives: the simulation knows it, but the graph has the edges of a real robot. */
  async listen({ name, type, qos }: Topic): Promise<void> {
    await this.#node.subscribe({ topic: name, type, qos: qos ?? {}, raw: true, onSample: () => undefined });
  }

  every(periodMs: number, action: () => void): void {
    this.#timers.push(this.#edges.clock.every(periodMs, action));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    await this.#node.close();
  }

  #send(publisher: Publisher, message: RosMessage): void {
    if (this.#closed) return;
    publisher.publish(message).catch((error: unknown) => this.#edges.onFailure(publisher.topic, error));
  }
}
