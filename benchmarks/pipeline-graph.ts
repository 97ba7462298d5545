import { type App, callContext, type EntityLists } from '@medkit/core';
import { type Clock, seededRandom } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import { eventHooks, type PluginContext, type RosAccess } from '@medkit/plugin';
import { plugin } from '@medkit/plugin-graph';
import { DEFAULT_PROFILE, type GraphDiff, type LocalNode, type RosEndpoint, type SubscribeOptions } from '@medkit/ros2';
import { median } from './process.ts';

const NODES = 500;
const TOPICS_OF_NODE = 3;
const SUBSCRIPTIONS_OF_NODE = 5;
const MESSAGES = 200;

/** Cost of the graph of a pipeline of 500 nodes, of one of 20 in the same robot, and of a graph change. */
export async function pipelineGraph(): Promise<void> {
  const clock = systemClock;
  const endpoints = crowd();
  const listeners: ((diff: GraphDiff) => void)[] = [];
  const subscriptions: SubscribeOptions[] = [];
  const parts = await plugin.setup(contextOf({ clock, endpoints, listeners, subscriptions }));
  const route = parts.routes?.find(({ route: { path } }) => path === '/functions/{function_id}/x-medkit-graph');
  const graph = async (id: string) => {
    const request = { path: { function_id: id }, query: {}, body: undefined };
    return (await route?.handle(request, callContext({ clock, timeoutMs: 9000 })))?.body;
  };

  const coldMs = await timed(() => graph('all'));
  for (const { topic, onSample } of subscriptions.filter(({ raw }) => raw)) deliver(topic, onSample, clock);
  for (const id of ['all', 'twenty']) {
    const times: number[] = [];
    for (let round = 0; round < 200; round += 1) times.push(await timed(() => graph(id)));
    const text = JSON.stringify(await graph(id));
    const edges = text.split('"edge_id"').length - 1;
    console.log(
      `${id}: ${edges} edges, ${(text.length / 1000).toFixed(0)} kB, ${ms(median(times))} (worst ${ms(Math.max(...times))})`,
    );
  }
  console.log(`all, the first time: ${ms(coldMs)}`);

  const [changed] = endpoints;
  const changes = 10_000;
  const spentMs = await timed(async () => {
    for (let generation = 2; generation < 2 + changes; generation += 1) {
      const none = { added: [], removed: [] };
      const diff = { generation, nodes: none, participants: none, endpoints: { added: [changed], removed: [] } };
      for (const listener of listeners) listener(diff);
    }
  });
  console.log(`a change of the graph: ${((spentMs * 1000) / changes).toFixed(1)} us`);
  await parts.stop?.();
}

/** Nodes that subscribe to topics of other nodes, and a topic that many of them share. */
function crowd(): readonly RosEndpoint[] {
  const random = seededRandom(1);
  const endpoints: RosEndpoint[] = [];
  const add = (role: RosEndpoint['role'], node: number, name: string): void => {
    endpoints.push({
      gid: String(endpoints.length),
      role,
      name,
      type: 'geometry_msgs/msg/TwistStamped',
      typeHash: undefined,
      node: `/n${node}`,
      participant: 'p',
      qos: DEFAULT_PROFILE,
    });
  };
  for (let node = 0; node < NODES; node += 1) {
    for (let topic = 0; topic < TOPICS_OF_NODE; topic += 1) add('publisher', node, `/n${node}/t${topic}`);
    for (let index = 0; index < SUBSCRIPTIONS_OF_NODE; index += 1) {
      add('subscription', node, `/n${Math.floor(random.float() * NODES)}/t${index % TOPICS_OF_NODE}`);
    }
    if (node % 10 === 0) add('publisher', node, '/tf');
    if (node % 25 === 0) add('subscription', node, '/tf');
  }
  return endpoints;
}

function contextOf({
  clock,
  endpoints,
  listeners,
  subscriptions,
}: {
  readonly clock: Clock;
  readonly endpoints: readonly RosEndpoint[];
  readonly listeners: ((diff: GraphDiff) => void)[];
  readonly subscriptions: SubscribeOptions[];
}): PluginContext<Record<string, unknown>> {
  const apps = Array.from({ length: NODES }, (_, index): App => {
    const id = `n${index}`;
    return { kind: 'app', id, name: id, source: 'heuristic', online: true, node: `/${id}` };
  });
  const hosted = (id: string, count: number) =>
    ({ kind: 'function', id, name: id, source: 'manifest', hosts: apps.slice(0, count).map((app) => app.id) }) as const;
  const lists: EntityLists = {
    areas: [],
    components: [],
    apps,
    functions: [hosted('all', NODES), hosted('twenty', 20)],
  };
  const node: Pick<LocalNode, 'fqn' | 'subscribe' | 'close'> = {
    fqn: '/observer',
    subscribe: async (options) => {
      subscriptions.push(options);
      return { topic: options.topic, type: options.type ?? '', qos: DEFAULT_PROFILE, close: async () => undefined };
    },
    close: async () => undefined,
  };
  const ros: Pick<RosAccess, 'graph' | 'onGraphChange' | 'node' | 'describeType'> = {
    graph: async () => ({ generation: 1, participants: [], nodes: [], endpoints }),
    onGraphChange: (listener) => {
      listeners.push(listener);
      return () => undefined;
    },
    node: async () => node as LocalNode,
    describeType: async () => undefined,
  };
  return {
    name: 'graph-provider',
    options: {},
    clock,
    log: (level, message) => console.log(`${level}: ${message}`),
    changed: () => undefined,
    record: async () => undefined,
    resourceChanged: () => undefined,
    entities: async () => lists,
    ...eventHooks(() => () => undefined),
    clearFault: async () => false,
    reportFault: async () => false,
    request: async () => ({ status: 503, headers: {}, body: undefined }),
    ros: ros as RosAccess,
  };
}

/** Delivers some seconds of messages of one publisher, as many as fit into the window. */
function deliver(topic: string, onSample: SubscribeOptions['onSample'], clock: Clock): void {
  const gid = crowdGid.get(topic) ?? 'unknown';
  for (let sequenceNumber = 1; sequenceNumber <= MESSAGES; sequenceNumber += 1) {
    onSample({
      topic,
      type: '',
      cdr: new Uint8Array(100),
      message: undefined,
      gid,
      sequenceNumber,
      sourceSeconds: Math.floor(clock.wallMs() / 1000),
      sourceNanoseconds: Math.floor((clock.wallMs() % 1000) * 1e6),
      receivedMs: clock.wallMs(),
    });
  }
}

const crowdGid: ReadonlyMap<string, string> = new Map(
  crowd().flatMap(({ role, name, gid }) => (role === 'publisher' ? [[name, gid] as const] : [])),
);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

const ms = (value: number) => `${value.toFixed(2)} ms`;
