import { app } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Graph, GraphDiff, LocalNode, RosEndpoint } from '@medkit/ros2';
import { readWatchdogOptions } from '../packages/plugins/watchdog/src/options/watchdog-options.ts';
import { change, endpoint, node } from '../packages/plugins/watchdog/src/testing/graph-fixtures.ts';
import { Watchdog } from '../packages/plugins/watchdog/src/watchdog.ts';
import { median } from './process.ts';

const NODES = 500;
const TICKS = 50;

/**
 * Endpoints of a node as rclcpp creates it: its services, `/rosout`, `/parameter_events`, and three separate topics.
 */
function endpointsOf(fqn: string): readonly RosEndpoint[] {
  const end = (role: RosEndpoint['role'], name: string, type: string) => endpoint({ role, name, type, node: fqn });
  return [
    end('publisher', '/rosout', 'rcl_interfaces/msg/Log'),
    end('publisher', '/parameter_events', 'rcl_interfaces/msg/ParameterEvent'),
    end('subscription', '/parameter_events', 'rcl_interfaces/msg/ParameterEvent'),
    end('service', `${fqn}/list_parameters`, 'rcl_interfaces/srv/ListParameters'),
    end('service', `${fqn}/get_parameters`, 'rcl_interfaces/srv/GetParameters'),
    // Unmatched endpoints of one type: the worst case for the search for misspelt names.
    ...['scan', 'map', 'status'].map((name) => end('publisher', `${fqn}/${name}`, 'std_msgs/msg/String')),
  ];
}

/** Cost of a watchdog tick on a large graph, idle and after a node appeared, compared with a copy of that graph. */
export async function watchdog(): Promise<void> {
  const fqns = Array.from({ length: NODES }, (_, number) => `/robot/node_${number.toString(36)}x`);
  const graph: Graph = {
    generation: 1,
    participants: [],
    nodes: fqns.map((fqn) => node(fqn)),
    endpoints: fqns.flatMap(endpointsOf),
  };
  const listeners: ((diff: GraphDiff) => void)[] = [];
  const never = new Promise<never>(() => undefined);
  const watching = new Watchdog({
    options: readWatchdogOptions({ warmup_cycles: 1, detectors: { orphan: { namespace_edit_distance: 1 } } }).options,
    ros: {
      graph: async () => graph,
      onGraphChange: (listener) => {
        listeners.push(listener);
        return () => undefined;
      },
    },
    node: { subscribe: () => never, client: () => never } as unknown as LocalNode,
    clock: new SimulatedClock(),
    log: () => undefined,
    onVerdict: () => undefined,
  });
  void watching.start();
  await new Promise((resolve) => setImmediate(resolve));
  watching.useApps(fqns.map((fqn) => app(fqn.replaceAll('/', '_'), { node: fqn })));
  const timed = (work: () => void): number => {
    const { user } = process.cpuUsage();
    work();
    return process.cpuUsage({ user, system: 0 }).user / 1000;
  };
  const first = timed(() => watching.tick());
  const [quiet, appeared, copied]: [number[], number[], number[]] = [[], [], []];
  for (let tick = 0; tick < TICKS; tick++) {
    copied.push(timed(() => structuredClone(graph)));
    quiet.push(timed(() => watching.tick()));
    const fqn = `/robot/late_${tick}`;
    appeared.push(
      timed(() => {
        for (const notify of listeners) notify(change({ nodes: [node(fqn)], endpoints: endpointsOf(fqn) }));
        watching.tick();
      }),
    );
  }
  const formatMs = (ms: number) => `${ms.toFixed(2)} ms (${(ms / median(copied)).toFixed(2)} of a copy of the graph)`;
  console.log(`${NODES} nodes, CPU of a tick: first ${formatMs(first)}`);
  console.log(`  at rest ${formatMs(median(quiet))}, when a node has appeared ${formatMs(median(appeared))}`);
}
