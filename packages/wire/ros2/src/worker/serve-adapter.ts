import type { Clock, Port } from '@medkit/edges';
import type { Publisher, Subscription } from '../adapter/adapter.ts';
import type { AssembledNode } from '../adapter/assemble-node.ts';
import type { LocalRosAdapter } from '../adapter/open-ros-adapter.ts';
import type { ServiceClient, ServiceServer } from '../adapter/service.ts';
import { AlreadyClosed } from '../errors.ts';
import { completeProfile } from '../qos/policies.ts';
import { GraphFeed } from './graph-feed.ts';
import { Outbox, receive } from './port.ts';
import type { Arguments, Call, CallName, FromThread, JoinOptions, Result, ToThread } from './protocol.ts';
import { buffersOf } from './sample-batch.ts';
import { SampleOutlet } from './sample-outlet.ts';
import { ServedServices } from './served-services.ts';
import { encodeError } from './wire-error.ts';

export interface ServeOptions {
  readonly port: Port;
  readonly clock: Clock;
  readonly join: (options: JoinOptions) => Promise<LocalRosAdapter>;
}

type Handlers = { readonly [Name in CallName]: (...args: Arguments<Name>) => Promise<Result<Name>> };
type Endpoint = AssembledNode | Publisher | Subscription | ServiceClient | ServiceServer;

interface Joined {
  readonly adapter: LocalRosAdapter;
  readonly feed: GraphFeed;
}

/** Serves an adapter to a client at the other end of `port`. Nothing is joined before the client says so. */
export function serveAdapter({ port, clock, join }: ServeOptions): void {
  const outbox = new Outbox<FromThread>({ port });
  const outlet = new SampleOutlet({
    clock,
    post: (batch) => outbox.send({ kind: 'samples', batch }, buffersOf(batch)),
  });
  const services = new ServedServices({ outbox });
  // Promises, because a client opens a node and its publishers without waiting for the answers in between.
  const endpoints = new Map<number, Promise<Endpoint>>();
  let joined: Promise<Joined> | undefined;
  let feed: GraphFeed | undefined;

  const live = async (): Promise<Joined> => {
    if (!joined) throw new AlreadyClosed('no graph is joined');
    return joined;
  };
  const endpoint = async <Kind extends Endpoint>(id: number): Promise<Kind> => {
    const found = endpoints.get(id);
    if (!found) throw new AlreadyClosed('what was to be used is closed');
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

  const handlers: Handlers = {
    async join(options) {
      joined = follow(join(options), outbox);
      ({ feed } = await joined);
    },
    openNode: async (id, options) =>
      opened(
        id,
        live().then(({ adapter }) => adapter.node(options)),
      ),
    openPublisher: async (id, node, topic, type, qos) =>
      opened(
        id,
        endpoint<AssembledNode>(node).then((on) => on.publisher(topic, type, qos)),
      ),
    matched: async (id) => (await endpoint<Publisher>(id)).matched(),
    publish: async (id, cdr) => (await endpoint<Publisher>(id)).publish(cdr),
    acknowledged: async (id, timeoutMs) => (await endpoint<Publisher>(id)).acknowledged(timeoutMs),
    async openSubscription(
      id,
      node,
      topic,
      type,
      { qos = 'match-publishers', latestOnly = false, ignoreLocal = false },
    ) {
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
    openClient: async (id, node, service, type) =>
      opened(
        id,
        endpoint<AssembledNode>(node).then((on) => on.client(service, type)),
      ),
    readyServers: async (id) => (await endpoint<ServiceClient>(id)).ready(),
    callService: (id, call, request, timeoutMs) =>
      services.call(call, async (signal) =>
        (await endpoint<ServiceClient>(id)).callSerialised(request, { timeoutMs, signal }),
      ),
    openService: async (id, node, service, type) =>
      opened(
        id,
        endpoint<AssembledNode>(node).then((on) => on.serialisedService(service, type, services.handlerOf(id))),
      ),
    async closeEndpoint(id) {
      const closing = endpoints.get(id);
      endpoints.delete(id);
      outlet.close(id);
      await (await closing)?.close();
    },
    settleGraph: async () => (await live()).feed.settle(),
    findType: async (type) => (await live()).adapter.findType(type),
    async facts() {
      const facts = await (await live()).adapter.facts();
      return {
        ...facts,
        dropped: { ...facts.dropped, ...(outlet.dropped > 0 && { 'slow-listener': outlet.dropped }) },
      };
    },
    async leave() {
      const left = await joined;
      joined = undefined;
      outlet.stop();
      await left?.adapter.close();
    },
  };

  receive<ToThread>(port, (message) => {
    switch (message.kind) {
      case 'call':
        return void answer(handlers, message.call, outbox);
      case 'credit':
        return outlet.credit(message.bytes);
      case 'graph-seen':
        return feed?.seen();
      case 'abort':
        return services.abort(message.call);
      default:
        return services.respond(message);
    }
  });
}

/** Tells the graph of an adapter from its beginning. */
async function follow(joining: Promise<LocalRosAdapter>, outbox: Outbox<FromThread>): Promise<Joined> {
  const adapter = await joining;
  const feed = new GraphFeed({ current: adapter.currentGraph, post: (diff) => outbox.send({ kind: 'graph', diff }) });
  adapter.onGraphChange((diff) => feed.changed(diff));
  feed.settle();
  return { adapter, feed };
}

async function answer(handlers: Handlers, { id, name, args }: Call, outbox: Outbox<FromThread>): Promise<void> {
  try {
    const handler = handlers[name] as (...args: readonly unknown[]) => Promise<unknown>;
    outbox.send({ kind: 'answer', id, value: await handler(...args) });
  } catch (error) {
    outbox.send({ kind: 'failure', id, error: encodeError(error) });
  }
}
