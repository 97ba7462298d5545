import type { NodeOptions } from '../adapter/adapter.ts';
import type { AdapterContext } from '../adapter/context.ts';
import { nodeNames } from '../names/graph-names.ts';
import { openServiceClient } from '../services/open-client.ts';
import { openServiceServer } from '../services/open-server.ts';
import { type AssembledNode, assembleNode } from './assemble-node.ts';
import { openPublisher } from './open-publisher.ts';
import { openSubscription } from './open-subscription.ts';

/** Opens a node in this thread. `onClose` is called once when it is closed. Throws `InvalidName`. */
export function openNode(
  context: AdapterContext,
  options: NodeOptions,
  onClose: (node: AssembledNode) => void,
): AssembledNode {
  const node = nodeNames(options);
  context.endpoints.addNode(node);
  return assembleNode(
    node,
    {
      types: context.types,
      graph: () => context.watch.current(),
      publisher: (topic, type, qos, closed) => openPublisher(context, { node, topic, type }, qos, closed),
      subscription: (topic, type, subscribe, closed) =>
        openSubscription(context, { node, topic, type }, subscribe, closed),
      client: (service, type, closed) => openServiceClient(context, { node, service, type }, closed),
      server: (service, type, handler, closed) => openServiceServer(context, { node, service, type }, handler, closed),
      leave: async () => context.endpoints.removeNode(node),
    },
    onClose,
  );
}
