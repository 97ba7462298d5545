import type { LocalNode, Publisher, SubscribeOptions, Subscription } from '../adapter/adapter.ts';
import type { ServiceClient, ServiceServer } from '../adapter/service.ts';
import type { TypeSupport } from '../codec/type-support.ts';
import { TopicTypeUnknown } from '../errors.ts';
import type { Graph, QosProfile } from '../graph.ts';
import { fullyQualifiedName, type NodeNames, resolveTopicName } from '../names/graph-names.ts';
import { type SerialisedHandler, serialisedHandler } from '../services/typed-call.ts';
import { NodeChildren } from './node-children.ts';

type OnClose<Child> = (child: Child) => void;

/**
 * Functions that open the parts of a node, in this thread or another one. Names are already resolved and types known.
 */
export interface NodeParts {
  readonly types: TypeSupport;
  graph(): Graph | Promise<Graph>;
  publisher(topic: string, type: string, qos: Partial<QosProfile>, onClose: OnClose<Publisher>): Promise<Publisher>;
  subscription(
    topic: string,
    type: string,
    options: SubscribeOptions,
    onClose: OnClose<Subscription>,
  ): Promise<Subscription>;
  client(service: string, type: string, onClose: OnClose<ServiceClient>): Promise<ServiceClient>;
  server(
    service: string,
    type: string,
    handler: SerialisedHandler,
    onClose: OnClose<ServiceServer>,
  ): Promise<ServiceServer>;
  /** Removes the node from the graph after all its parts are closed. */
  leave(): Promise<void>;
}

/** A node with the additional functions that a client in another thread needs. */
export interface AssembledNode extends LocalNode {
  /** Offers a service whose handler uses serialised data, including the encapsulation header. */
  serialisedService(name: string, type: string, handler: SerialisedHandler): Promise<ServiceServer>;
}

/** Creates a node from its parts: resolves names, looks up types, and closes its endpoints together with the node. */
export function assembleNode(
  names: NodeNames,
  parts: NodeParts,
  onClose: (node: AssembledNode) => void,
): AssembledNode {
  const fqn = fullyQualifiedName(names.namespace, names.name);
  const children = new NodeChildren({ fqn });
  const { disown } = children;
  const node: AssembledNode = {
    fqn,
    async publisher(name, type, qos = {}) {
      children.requireOpen();
      return children.adopt(await parts.publisher(resolveTopicName(name, names), type, qos, disown));
    },
    async subscribe(options) {
      children.requireOpen();
      const topic = resolveTopicName(options.topic, names);
      const type = options.type ?? topicType(await parts.graph(), topic);
      return children.adopt(await parts.subscription(topic, type, options, disown));
    },
    async client(name, knownType) {
      children.requireOpen();
      const service = resolveTopicName(name, names);
      const type = knownType ?? serviceType(await parts.graph(), service);
      return children.adopt(await parts.client(service, type, disown));
    },
    service: async (name, type, handler) =>
      node.serialisedService(name, type, await serialisedHandler(parts.types, type, handler)),
    async serialisedService(name, type, handler) {
      children.requireOpen();
      return children.adopt(await parts.server(resolveTopicName(name, names), type, handler, disown));
    },
    async close() {
      if (!(await children.close())) return;
      await parts.leave();
      onClose(node);
    },
  };
  return node;
}

/** Returns the type of a topic in the graph: of a publisher, otherwise of a subscription. Throws `TopicTypeUnknown`. */
function topicType({ endpoints }: Graph, topic: string): string {
  const ends = endpoints.filter(({ name }) => name === topic);
  const found = ends.find(({ role }) => role === 'publisher') ?? ends.find(({ role }) => role === 'subscription');
  if (!found) throw new TopicTypeUnknown(`no node publishes or subscribes to ${topic}, so its type must be specified`);
  return found.type;
}

/** Returns the type of a service in the graph, from a server. Throws `TopicTypeUnknown`. */
function serviceType({ endpoints }: Graph, service: string): string {
  const server = endpoints.find(({ role, name }) => role === 'service' && name === service);
  if (!server) throw new TopicTypeUnknown(`no node offers ${service}, so its type must be specified`);
  return server.type;
}
