import { AlreadyClosed } from '../errors.ts';
import { fullyQualifiedName, nodeNames, resolveTopicName } from '../names/graph-names.ts';
import type { LocalNode, NodeOptions, Publisher, Subscription } from './adapter.ts';
import type { AdapterContext } from './context.ts';
import { openPublisher } from './open-publisher.ts';
import { openSubscription, topicType } from './open-subscription.ts';

/** Opens a node; `onClose` is called once when it is closed. Throws `InvalidName`. */
export function openNode(context: AdapterContext, options: NodeOptions, onClose: (node: LocalNode) => void): LocalNode {
  const names = nodeNames(options);
  const fqn = fullyQualifiedName(names.namespace, names.name);
  const children = new Set<Publisher | Subscription>();
  let open = true;
  context.endpoints.addNode(names);

  const requireOpen = (): void => {
    if (!open) throw new AlreadyClosed(`the node ${fqn} is closed`);
  };
  // A node may be closed while one of its endpoints is being opened.
  const adopt = async <T extends Publisher | Subscription>(child: T): Promise<T> => {
    children.add(child);
    if (!open) await child.close();
    requireOpen();
    return child;
  };
  const disown = (child: Publisher | Subscription): void => void children.delete(child);

  const node: LocalNode = {
    fqn,
    async publisher(topic, type, qos = {}) {
      requireOpen();
      return adopt(
        await openPublisher(context, { node: names, topic: resolveTopicName(topic, names), type }, qos, disown),
      );
    },
    async subscribe(subscribe) {
      requireOpen();
      const topic = resolveTopicName(subscribe.topic, names);
      const type = subscribe.type ?? topicType(context.watch.current(), topic);
      return adopt(await openSubscription(context, { node: names, topic, type }, subscribe, disown));
    },
    async close() {
      if (!open) return;
      open = false;
      await Promise.all([...children].map((child) => child.close()));
      context.endpoints.removeNode(names);
      onClose(node);
    },
  };
  return node;
}
