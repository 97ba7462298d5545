import { type Clock, type Port, setDebugLogs } from '@medkit/edges';
import { type Answers, dispatchCalls } from '@medkit/edges/link';
import type { Publisher, Subscription } from '../adapter/adapter.ts';
import type { ServiceClient, ServiceServer } from '../adapter/service.ts';
import { AlreadyClosed } from '../errors.ts';
import type { AssembledNode } from '../local-adapter/assemble-node.ts';
import type { LocalRosAdapter } from '../local-adapter/open-ros-adapter.ts';
import { completeProfile } from '../qos/policies.ts';
import type { SerialisedHandler } from '../services/typed-call.ts';
import { GraphFeed } from './graph-feed.ts';
import type { Calls, JoinOptions } from './protocol.ts';
import { buffersOf } from './sample-batch.ts';
import { SampleOutlet } from './sample-outlet.ts';
import { type ClientLink, copyOf, linkToClient } from './thread-link.ts';

export interface ServeOptions {
  readonly port: Port;
  readonly clock: Clock;
  readonly join: (options: JoinOptions) => Promise<LocalRosAdapter>;
}

type Endpoint = AssembledNode | Publisher | Subscription | ServiceClient | ServiceServer;

interface Membership {
  readonly adapter: LocalRosAdapter;
  readonly feed: GraphFeed;
}

/** Serves an adapter to a client at the other end of `port`. The graph is joined only when the client requests it. */
export function serveAdapter({ port, clock, join }: ServeOptions): void {
  const outlet = new SampleOutlet({ clock, post: (batch) => link.notify('samples', [batch], buffersOf(batch)) });
  // Promises, because a client opens a node and its publishers without waiting for the answers in between.
  const endpoints = new Map<number, Promise<Endpoint>>();
  let membership: Promise<Membership> | undefined;
  let feed: GraphFeed | undefined;

  const live = async (): Promise<Membership> => {
    if (!membership) throw new AlreadyClosed('no graph is joined');
    return membership;
  };
  const endpoint = async <Kind extends Endpoint>(id: number): Promise<Kind> => {
    const found = endpoints.get(id);
    if (!found) throw new AlreadyClosed('the requested object is closed');
    return (await found) as Kind;
  };
  const opened = async (id: number, opening: Promise<Endpoint>): Promise<void> => {
    endpoints.set(id, opening);
    try {
      await opening;
    } catch (error) {
      endpoints.delete(id);
      throw error;
    }
  };

  // Limited by the number of concurrent requests of a server.
  const handlerOf =
    (server: number): SerialisedHandler =>
    (cdr) => {
      const { copy, weight } = copyOf(cdr);
      return link.call('handle', [server, copy], weight);
    };

  const answers: Answers<Calls> = {
    async join([options, components]) {
      if (components.length > 0) setDebugLogs(components, (...line) => link.notify('debug', [line]));
      membership = follow(join(options), link);
      ({ feed } = await membership);
    },
    openNode: ([id, options]) =>
      opened(
        id,
        live().then(({ adapter }) => adapter.node(options)),
      ),
    openPublisher: ([id, node, topic, type, qos]) =>
      opened(
        id,
        endpoint<AssembledNode>(node).then((on) => on.publisher(topic, type, qos)),
      ),
    matched: async ([id]) => (await endpoint<Publisher>(id)).matched(),
    publish: async ([id, cdr]) => (await endpoint<Publisher>(id)).publish(cdr),
    acknowledged: async ([id, timeoutMs]) => (await endpoint<Publisher>(id)).acknowledged(timeoutMs),
    async openSubscription([id, node, topic, type, options]) {
      const { qos = 'match-publishers', latestOnly = false, ignoreLocal = false } = options;
      outlet.open(id, { qos: completeProfile(qos === 'match-publishers' ? {} : qos), latestOnly });
      const onSample = (sample: Parameters<SampleOutlet['take']>[1]) => outlet.take(id, sample);
      const opening = endpoint<AssembledNode>(node).then((on) =>
        on.subscribe({ topic, type, qos, ignoreLocal, raw: true, onSample }),
      );
      await opened(id, opening).catch((error: unknown) => {
        outlet.close(id);
        throw error;
      });
      return (await opening).qos;
    },
    openClient: ([id, node, service, type]) =>
      opened(
        id,
        endpoint<AssembledNode>(node).then((on) => on.client(service, type)),
      ),
    readyServers: async ([id]) => (await endpoint<ServiceClient>(id)).ready(),
    async callService([id, request, timeoutMs, servers], { signal }) {
      const client = await endpoint<ServiceClient>(id);
      // Transferring a view would send the whole datagram.
      return new Uint8Array(await client.callSerialised(request, { timeoutMs, signal, ...(servers && { servers }) }));
    },
    openService: ([id, node, service, type]) =>
      opened(
        id,
        endpoint<AssembledNode>(node).then((on) => on.serialisedService(service, type, handlerOf(id))),
      ),
    async closeEndpoint([id]) {
      const closing = endpoints.get(id);
      endpoints.delete(id);
      outlet.close(id);
      await (await closing)?.close();
    },
    settleGraph: async () => (await live()).feed.settle(),
    findType: async ([type]) => (await live()).adapter.findType(type),
    async facts() {
      const facts = await (await live()).adapter.facts();
      return {
        ...facts,
        dropped: { ...facts.dropped, ...(outlet.dropped > 0 && { 'slow-listener': outlet.dropped }) },
      };
    },
    async leave() {
      const left = await membership;
      membership = undefined;
      outlet.stop();
      await left?.adapter.close();
    },
  };

  const link = linkToClient({
    port,
    onCall: dispatchCalls({ ...answers }),
    hears: { credit: (bytes) => outlet.credit(bytes), graphSeen: () => feed?.seen() },
  });
}

/** Sends the graph of an adapter from its beginning. */
async function follow(joining: Promise<LocalRosAdapter>, link: ClientLink): Promise<Membership> {
  const adapter = await joining;
  const feed = new GraphFeed({ current: adapter.currentGraph, post: (diff) => link.notify('graph', [diff]) });
  adapter.onGraphChange((diff) => feed.changed(diff));
  feed.settle();
  return { adapter, feed };
}
