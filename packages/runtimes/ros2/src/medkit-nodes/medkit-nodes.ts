import type { Log, LogRecord } from '@medkit/core';
import { splitNodeName } from '@medkit/core/discovery';
import type { Clock } from '@medkit/edges';
import {
  type LocalNode,
  type NodeOptions,
  openParameterServer,
  type ParameterDeclaration,
  type RosAdapter,
  type RosNode,
} from '@medkit/ros2';
import type { AddedNodes, OfferedService } from '../graph/graph-view.ts';
import { openRosoutWriter } from '../logs/rosout-writer.ts';

/** Every node of rclcpp has this parameter. */
const USE_SIM_TIME: ParameterDeclaration = {
  name: 'use_sim_time',
  value: { type: 'bool', value: false },
  description: 'Use the time of /clock instead of the system clock',
  readOnly: true,
};

/** A node of medkit that looks to others like a ROS 2 node. */
export interface MedkitNode extends LocalNode {
  /** Publishes a log line on `/rosout`. */
  readonly say: Log;
}

export interface MedkitNodesOptions {
  readonly adapter: Pick<RosAdapter, 'node'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a node is opened or closed. */
  readonly changed: () => void;
  /** Called with each published log line of these nodes. */
  readonly onLogged: (record: LogRecord) => void;
}

/**
 * The nodes that medkit adds to the graph. They are stored separately, so that the robot's resources do not include the
 * tools that observe it.
 */
export class MedkitNodes implements AddedNodes {
  readonly #options: MedkitNodesOptions;
  readonly #nodes = new Map<string, RosNode>();
  /** By FQN, then by full name of the service. */
  readonly #services = new Map<string, Map<string, OfferedService>>();

  constructor(options: MedkitNodesOptions) {
    this.#options = options;
  }

  /** Opens a node with everything that a ROS 2 node has: parameters, type descriptions and a log. */
  async open(names: Pick<NodeOptions, 'name' | 'namespace'>): Promise<MedkitNode> {
    const { adapter, clock, log, changed, onLogged } = this.#options;
    await using opening = new AsyncDisposableStack();
    const local = await adapter.node({ ...names, typeDescriptions: true });
    opening.defer(() => local.close());
    const { fqn } = local;
    const services = new Map<string, OfferedService>();
    const node: LocalNode = {
      ...local,
      service: async (name, type, handler) => {
        const server = await local.service(name, type, handler);
        services.set(name, { role: 'service', name, type });
        return {
          ...server,
          close: async () => {
            services.delete(name);
            await server.close();
          },
        };
      },
    };
    const parameters = await openParameterServer(node, { declarations: [USE_SIM_TIME], clock });
    opening.defer(() => parameters.close());
    const rosout = await openRosoutWriter({ node, clock, log });
    opening.defer(() => rosout.close());
    this.#nodes.set(fqn, { fqn, ...splitNodeName(fqn), participants: [] });
    this.#services.set(fqn, services);
    opening.defer(() => {
      this.#nodes.delete(fqn);
      this.#services.delete(fqn);
      changed();
    });
    changed();
    const opened = opening.move();
    const say: Log = (level, message, traceparent) => {
      rosout.say(level, message);
      onLogged({
        timestampNs: clock.wallNs(),
        severity: level === 'warn' ? 'warning' : level,
        logger: fqn.slice(1),
        message,
        // The message on `/rosout` has no field for it.
        ...(traceparent !== undefined && { traceparent }),
      });
    };
    return { ...node, say, close: () => opened.disposeAsync() };
  }

  all(): readonly RosNode[] {
    return [...this.#nodes.values()];
  }

  get(fqn: string): RosNode | undefined {
    return this.#nodes.get(fqn);
  }

  servicesOf(fqn: string): ReadonlyMap<string, OfferedService> | undefined {
    return this.#services.get(fqn);
  }
}
