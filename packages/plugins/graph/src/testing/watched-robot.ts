import { type App, type CoreEvents, callContext, type EntityLists, eventBus } from '@medkit/core';
import { DeferredHost, hostPlugin } from '@medkit/plugin';
import type { LocalNode, QosProfile } from '@medkit/ros2';
import { simulatedGraph } from '@medkit/ros2/testing';
import type { GraphResult, PipelineGraph } from '../document/graph-document.ts';
import { plugin } from '../plugin.ts';
import { app } from './small-graph.ts';

/**
 * Runs a robot and a gateway with the plugin, which communicate over RTPS on a simulated network, in simulated time.
 */
export async function watchedRobot(options: Readonly<Record<string, unknown>> = {}) {
  const network = simulatedGraph({ seed: 7, conditions: { latencyMs: 0.2 } });
  const { clock, during } = network;
  const robot = await network.join();
  const gateway = await network.join();
  const logged: string[] = [];
  const deferredHost = new DeferredHost();
  const events = eventBus<CoreEvents>((name, error) => logged.push(`${name}: ${error}`));
  let lists: EntityLists = { areas: [], components: [], apps: [], functions: [] };
  let generation = 1;

  const hosted = await during(
    hostPlugin({
      plugin,
      name: 'graph-provider',
      options,
      clock,
      log: (_, message) => logged.push(message),
      ros: gateway,
      deferredHost,
    }),
  );
  deferredHost.open({
    entities: () => lists,
    events,
    clearFault: async () => false,
    reportFault: async () => false,
    request: async () => ({ status: 503, headers: {}, body: undefined }),
  });

  const ask = (path: string, id: string, query: Readonly<Record<string, string>> = {}) => {
    const found = hosted.routes.find(({ route }) => route.path === path);
    if (!found) throw new Error(`no route ${path}`);
    const param = /\{(\w+)\}/.exec(path)?.[1] ?? '';
    const request = { path: { [param]: id }, query, body: undefined };
    return during(found.handle(request, callContext({ clock, timeoutMs: 9000 })));
  };
  return {
    clock,
    logged,
    hosted,
    during,
    ask,
    /** Opens a node of the robot. */
    node: (name: string): Promise<LocalNode> => during(robot.node({ name })),
    /** Publishes periodically on a topic, with the current time as stamp. */
    publishEvery: async (node: LocalNode, periodMs: number, topic: string, qos: Partial<QosProfile> = {}) => {
      const publisher = await during(node.publisher(topic, 'sensor_msgs/msg/LaserScan', qos));
      return clock.every(periodMs, () => {
        const ns = clock.wallNs() - 5_000_000n;
        const stamp = { sec: Number(ns / 1_000_000_000n), nanosec: Number(ns % 1_000_000_000n) };
        void publisher.publish({ header: { stamp, frame_id: 'laser' } });
      });
    },
    /** Sets the tree: a function `drive` with these apps. */
    show: (apps: readonly (string | App)[]) => {
      const all = apps.map((each) => (typeof each === 'string' ? app(each) : each));
      const hosts = all.map(({ id }) => id);
      lists = {
        ...lists,
        apps: all,
        functions: [{ kind: 'function', id: 'drive', name: 'Drive', source: 'manifest', hosts }],
      };
      events.emit('entities.changed', { generation: generation++, added: [], removed: [], changed: [] });
    },
    graph: async (query: Readonly<Record<string, string>> = {}): Promise<PipelineGraph> => {
      const { body } = await ask('/functions/{function_id}/x-medkit-graph', 'drive', query);
      return (body as unknown as GraphResult)['x-medkit-graph'];
    },
    close: async () => {
      await during(hosted.runtime.stop());
      await during(network.close());
    },
  };
}
