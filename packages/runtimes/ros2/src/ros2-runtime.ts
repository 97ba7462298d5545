import { errorMessage, type IdRegistry, idRegistry, type Log, nodeIds, type Runtime } from '@medkit/core';
import type { HostFacts } from '@medkit/core/discovery';
import type { Clock, Random } from '@medkit/edges';
import type { RosAdapter } from '@medkit/ros2';
import { type GraphMembership, joinGraph } from './join-graph.ts';
import type { FaultOptions } from './join-options.ts';
import { forwardedProviders } from './ros-providers.ts';
import { ROS2_DEFAULTS, type Ros2Settings } from './ros2-settings.ts';

export interface Ros2RuntimeOptions {
  /** Owned by the caller, who closes it after the runtime has stopped. */
  readonly adapter: RosAdapter;
  readonly clock: Clock;
  readonly random: Random;
  readonly host: HostFacts;
  /** Settings that differ from `ROS2_DEFAULTS`. */
  readonly settings?: Partial<Ros2Settings>;
  /** If absent, the runtime does not take part in fault management. */
  readonly faults?: FaultOptions;
  /** Returns whether the topics of each node are currently needed: by a manifest that identifies nodes by topics. */
  readonly topicsWanted?: () => boolean;
  /**
   * Calls the listener with every line that medkit logs, which its node then publishes; returns a function that stops
   * it.
   */
  readonly onGatewayLine?: (listener: Log) => () => void;
  /** The ids assigned to entities (default: stored in memory). */
  readonly ids?: IdRegistry;
  /** Name of the runtime (default `ros2`). */
  readonly name?: string;
}

/**
 * The ROS 2 graph as a runtime: its nodes are apps; its topics, services, actions, parameters and logs are their
 * resources.
 */
export function ros2Runtime({ settings, name = 'ros2', ids, ...edges }: Ros2RuntimeOptions): Runtime {
  const idsOfNodes = nodeIds(ids ?? idRegistry({ clock: edges.clock }), name);
  let membership: GraphMembership | undefined;
  const live = (): GraphMembership => {
    if (!membership) throw new Error(`runtime ${name} is not running`);
    return membership;
  };
  return {
    name,
    providers: forwardedProviders(() => live().providers),
    records: { isEntity: (key) => membership?.isLogger(key) ?? false },
    start: async (runtimeHost) => {
      try {
        const all = { ...ROS2_DEFAULTS, ...settings };
        membership = await joinGraph({ ...edges, name, settings: all, ids: idsOfNodes, runtimeHost });
      } catch (error) {
        if (edges.faults) keepWithout(edges.faults, errorMessage(error));
        throw error;
      }
    },
    stop: async () => {
      const left = membership;
      membership = undefined;
      await left?.leave();
    },
    contribution: () => live().contribution(),
    health: () => live().health(),
  };
}

/** Without a graph there is no fault manager to find, but other runtimes report faults, too. */
function keepWithout({ host, settings: { mode } }: FaultOptions, reason: string): void {
  if (mode === 'attach') host.unavailable(reason, { isTriedAgain: false });
  else void host.own();
}
