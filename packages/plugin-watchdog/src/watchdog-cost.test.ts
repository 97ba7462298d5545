import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { app } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { Graph, GraphDiff, LocalNode, RosEndpoint } from '@medkit/ros2';
import { readWatchdogOptions } from './options/watchdog-options.ts';
import { change, endpoint, node } from './testing/ends.ts';
import { Watchdog } from './watchdog.ts';

const NODES = 500;
const TICKS = 50;

/** What the issue allows a node that appears in a graph of this size, from end to end. */
const BUDGET_MS = 5;

/** A node as rclcpp makes it: its services, `/rosout`, `/parameter_events`, and three topics of its own. */
function endpointsOf(fqn: string): readonly RosEndpoint[] {
  const end = (role: RosEndpoint['role'], name: string, type: string) => endpoint({ role, name, type, node: fqn });
  return [
    end('publisher', '/rosout', 'rcl_interfaces/msg/Log'),
    end('publisher', '/parameter_events', 'rcl_interfaces/msg/ParameterEvent'),
    end('subscription', '/parameter_events', 'rcl_interfaces/msg/ParameterEvent'),
    end('service', `${fqn}/list_parameters`, 'rcl_interfaces/srv/ListParameters'),
    end('service', `${fqn}/get_parameters`, 'rcl_interfaces/srv/GetParameters'),
    // One end alone, all of one type: what the search for misspelt names has most work with.
    ...['scan', 'map', 'status'].map((name) => end('publisher', `${fqn}/${name}`, 'std_msgs/msg/String')),
  ];
}

describe('the cost of watching', () => {
  it(`a tick on a graph of ${NODES} nodes takes less than ${BUDGET_MS} ms, also when a node has appeared`, async (test) => {
    const fqns = Array.from({ length: NODES }, (_, number) => `/robot/node_${number.toString(36)}x`);
    const graph: Graph = {
      generation: 1,
      participants: [],
      nodes: fqns.map((fqn) => node(fqn)),
      endpoints: fqns.flatMap(endpointsOf),
    };
    let tell: (diff: GraphDiff) => void = () => assert.fail('nobody listens');
    const never = new Promise<never>(() => undefined);
    const idleNode = { subscribe: () => never, client: () => never } as unknown as LocalNode;
    const watchdog = new Watchdog({
      options: readWatchdogOptions({ warmup_cycles: 1, detectors: { orphan: { namespace_edit_distance: 1 } } }).options,
      ros: {
        graph: async () => graph,
        onGraphChange: (listener) => {
          tell = listener;
          return () => undefined;
        },
      },
      node: idleNode,
      clock: new SimulatedClock(),
      log: () => undefined,
      onVerdict: () => undefined,
    });
    void watchdog.start();
    await new Promise((resolve) => setImmediate(resolve));
    watchdog.useApps(fqns.map((fqn) => app(fqn.replaceAll('/', '_'), { fqn })));
    const quiet: number[] = [];
    const joined: number[] = [];
    const timed = (work: () => void): number => {
      const beganMs = performance.now();
      work();
      return performance.now() - beganMs;
    };
    const first = timed(() => watchdog.tick());
    for (let tick = 0; tick < TICKS; tick++) quiet.push(timed(() => watchdog.tick()));
    for (let tick = 0; tick < TICKS; tick++) {
      const fqn = `/robot/late_${tick}`;
      joined.push(
        timed(() => {
          tell(change({ nodes: [node(fqn)], endpoints: endpointsOf(fqn) }));
          watchdog.tick();
        }),
      );
    }
    const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;
    test.diagnostic(`first ${first} ms, quiet ${median(quiet)} ms, after a node appeared ${median(joined)} ms`);
    assert.ok(median(quiet) < BUDGET_MS, `a quiet tick took ${median(quiet)} ms`);
    assert.ok(median(joined) < BUDGET_MS, `a tick after a node appeared took ${median(joined)} ms`);
  });
});
