import { fullyQualifiedName, nodeNames, resolveTopicName } from '../names/graph-names.ts';
import { openServiceClient } from '../services/open-client.ts';
import { openServiceServer } from '../services/open-server.ts';
import { type SerialisedHandler, serialisedHandler } from '../services/typed-call.ts';
import type { LocalNode, NodeOptions } from './adapter.ts';
import type { AdapterContext } from './context.ts';
import { NodeChildren } from './node-children.ts';
import { openPublisher } from './open-publisher.ts';
import { openSubscription } from './open-subscription.ts';
import type { ServiceServer } from './service.ts';
import { serviceType, topicType } from './type-in-graph.ts';

/** A node in this thread, with what a client in another thread needs of it. */
export interface NodeHere extends LocalNode {
  /** Offers a service whose handler takes and gives serialised data, encapsulation header included. */
  serialisedService(name: string, type: string, handler: SerialisedHandler): Promise<ServiceServer>;
}

/** Opens a node; `onClose` is called once when it is closed. Throws `InvalidName`. */
export function openNode(context: AdapterContext, options: NodeOptions, onClose: (node: NodeHere) => void): NodeHere {
  const names = nodeNames(options);
  const fqn = fullyQualifiedName(names.namespace, names.name);
  const children = new NodeChildren({ fqn });
  const { disown } = children;
  context.endpoints.addNode(names);

  const node: NodeHere = {
    fqn,
    async publisher(name, type, qos = {}) {
      children.requireOpen();
      const topic = resolveTopicName(name, names);
      return children.adopt(await openPublisher(context, { node: names, topic, type }, qos, disown));
    },
    async subscribe(subscribe) {
      children.requireOpen();
      const topic = resolveTopicName(subscribe.topic, names);
      const type = subscribe.type ?? topicType(context.watch.current(), topic);
      return children.adopt(await openSubscription(context, { node: names, topic, type }, subscribe, disown));
    },
    async client(name, knownType) {
      children.requireOpen();
      const service = resolveTopicName(name, names);
      const type = knownType ?? serviceType(context.watch.current(), service);
      return children.adopt(await openServiceClient(context, { node: names, service, type }, disown));
    },
    service: async (name, type, handler) =>
      node.serialisedService(name, type, await serialisedHandler(context.types, type, handler)),
    async serialisedService(name, type, handler) {
      children.requireOpen();
      const service = resolveTopicName(name, names);
      return children.adopt(await openServiceServer(context, { node: names, service, type }, handler, disown));
    },
    async close() {
      if (!(await children.close())) return;
      context.endpoints.removeNode(names);
      onClose(node);
    },
  };
  return node;
}
