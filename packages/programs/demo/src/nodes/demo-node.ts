import type { Clock } from '@medkit/edges';
import {
  type BeforeSet,
  type LocalNode,
  type NodeOptions,
  openParameterServer,
  type ParameterDeclaration,
  type ParameterServer,
  type Publisher,
  type QosProfile,
  type RosAdapter,
  type RosMessage,
  type ServiceHandler,
  type TopicSample,
} from '@medkit/ros2';
import {
  type NodeParameter,
  parameterContent,
  requestedValue,
  type SetType,
  USE_SIM_TIME,
  type ValueOf,
} from './parameter.ts';

/** Levels of rcl_interfaces/msg/Log. */
const LOG_LEVELS = { info: 20, warn: 30, error: 40 } as const;
export type LogLevel = keyof typeof LOG_LEVELS;

/** rcl's profile of /rosout: late joiners get the last lines, but none older than ten seconds. */
const ROSOUT_QOS: Partial<QosProfile> = { durability: 'transient_local', depth: 1000, lifespanMs: 10_000 };
export const SENSOR_QOS: Partial<QosProfile> = { reliability: 'best_effort', depth: 5 };
/** QoS of topics that are published once and must reach late subscribers. */
export const LATCHED_QOS: Partial<QosProfile> = { durability: 'transient_local', depth: 1 };

/** Dependencies of every demo node. */
export interface NodeEdges {
  readonly adapter: Pick<RosAdapter, 'node'>;
  readonly clock: Clock;
  /** Called if sending a message fails. */
  readonly onFailure: (where: string, error: unknown) => void;
}

export interface DemoNodeOptions extends Pick<NodeOptions, 'name' | 'namespace'> {
  /** Parameters besides `use_sim_time`. */
  readonly parameters?: readonly ParameterDeclaration[];
  /** Called before parameters are set; may reject them with a reason. */
  readonly onSet?: BeforeSet;
}

export interface Topic {
  readonly name: string;
  readonly type: string;
  readonly qos?: Partial<QosProfile>;
}

/** A period; a function is called after each action and may return a different period. */
export type PeriodMs = number | (() => number);

/** A node of the demo with the features of an rclcpp node: log on /rosout, parameters, type descriptions. */
export class DemoNode {
  readonly #edges: NodeEdges;
  readonly #node: LocalNode;
  readonly #rosout: Publisher;
  readonly #loggerName: string;
  readonly #resources = new AsyncDisposableStack();
  #parameters: ParameterServer | undefined;
  #hanging: PromiseWithResolvers<void> | undefined;
  #closed = false;

  constructor(edges: NodeEdges, node: LocalNode, rosout: Publisher) {
    this.#edges = edges;
    this.#node = { ...node, service: (name, type, handler) => node.service(name, type, this.#answering(handler)) };
    this.#rosout = rosout;
    this.#loggerName = node.fqn.slice(1).replaceAll('/', '.');
  }

  static async open(edges: NodeEdges, { parameters = [], onSet, ...names }: DemoNodeOptions): Promise<DemoNode> {
    const local = await edges.adapter.node({ ...names, typeDescriptions: true });
    const rosout = await local.publisher('/rosout', 'rcl_interfaces/msg/Log', ROSOUT_QOS);
    const node = new DemoNode(edges, local, rosout);
    node.#parameters = await openParameterServer(node.ros, {
      declarations: [USE_SIM_TIME, ...parameters],
      onSet: (wanted) => refuseSimTime(wanted) ?? onSet?.(wanted),
      clock: edges.clock,
    });
    return node;
  }

  get fqn(): string {
    return this.#node.fqn;
  }

  /** The node for opening actions and lifecycles. */
  get ros(): LocalNode {
    return this.#node;
  }

  /** Returns the current time as builtin_interfaces/msg/Time. */
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

  /** Returns the value of a parameter of this node. */
  parameter<Type extends SetType>({ name, value }: NodeParameter<Type>): ValueOf<Type> {
    return parameterContent(this.#parameters?.get(name) ?? value);
  }

  /** Opens a publisher and returns its publish function. A message given as a function is made only if it is received. */
  async publisher({ name, type, qos }: Topic): Promise<(message: RosMessage | (() => RosMessage)) => void> {
    const publisher = await this.#node.publisher(name, type, qos);
    return (message) => {
      if (typeof message !== 'function') this.#send(publisher, message);
      else if (!publisher.isUnheard?.()) this.#send(publisher, message());
    };
  }

  /** Publishes the result of `message` periodically, unless it is undefined. */
  async publishEvery(
    periodMs: PeriodMs,
    topic: Topic,
    message: () => RosMessage | (() => RosMessage) | undefined,
  ): Promise<void> {
    const publish = await this.publisher(topic);
    this.every(periodMs, () => {
      const made = message();
      if (made !== undefined) publish(made);
    });
  }

  async subscribe({ name, type, qos }: Topic, onSample: (sample: TopicSample) => void): Promise<void> {
    const deliver = (sample: TopicSample) => {
      if (!this.hangs) onSample(sample);
    };
    await this.#node.subscribe({ topic: name, type, qos: qos ?? {}, onSample: deliver });
  }

  /** Subscribes and ignores the messages, so that the graph has the edges of a real robot. */
  async listen({ name, type, qos }: Topic): Promise<void> {
    await this.#node.subscribe({ topic: name, type, qos: qos ?? {}, raw: true, onSample: () => undefined });
  }

  /** Offers a service below the name of the node. */
  async service(name: string, type: string, handler: ServiceHandler): Promise<void> {
    await this.#node.service(`${this.fqn}/${name}`, type, handler);
  }

  every(periodMs: PeriodMs, action: () => void): void {
    const { clock } = this.#edges;
    const period = () => (typeof periodMs === 'number' ? periodMs : periodMs());
    let currentMs = period();
    const tick = () => {
      if (this.hangs) return;
      action();
      if (period() === currentMs) return;
      currentMs = period();
      timer.cancel();
      timer = clock.every(currentMs, tick);
    };
    let timer = clock.every(currentMs, tick);
    this.#resources.defer(() => timer.cancel());
  }

  /** Registers a resource that is closed with the node, and returns it. */
  adopt<Opened extends { close(): Promise<void> }>(opened: Opened): Opened {
    return this.#resources.adopt(opened, () => opened.close());
  }

  /** True while its executor is stuck: no timer, no message and no request gets through. */
  get hangs(): boolean {
    return this.#hanging !== undefined;
  }

  /** Blocks the node at the next timer, message or request. Pending requests are answered when it continues. */
  hang(hangs: boolean): void {
    if (hangs) this.#hanging ??= Promise.withResolvers();
    else {
      this.#hanging?.resolve();
      this.#hanging = undefined;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#resources.disposeAsync();
    await this.#node.close();
  }

  #answering(handler: ServiceHandler): ServiceHandler {
    return async (request) => {
      await this.#hanging?.promise;
      return handler(request);
    };
  }

  #send(publisher: Publisher, message: RosMessage): void {
    if (this.#closed) return;
    publisher.publish(message).catch((error: unknown) => this.#edges.onFailure(publisher.topic, error));
  }
}

const refuseSimTime: BeforeSet = (wanted) =>
  requestedValue(wanted, USE_SIM_TIME) ? 'use_sim_time is not supported: no node publishes /clock' : undefined;
