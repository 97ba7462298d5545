import type { LocalNode, NodeOptions, Publisher, SubscribeOptions, Subscription } from '../adapter/adapter.ts';
import type { QosProfile } from '../adapter/graph.ts';
import { topicType } from '../adapter/open-subscription.ts';
import { serialiser } from '../adapter/serialiser.ts';
import { AlreadyClosed, MalformedMessage } from '../errors.ts';
import { fullyQualifiedName, nodeNames, resolveTopicName } from '../names/graph-names.ts';
import type { RemoteContext } from './remote-context.ts';
import type { BatchedSample } from './sample-batch.ts';

/** Opens a node in the other thread; `onClose` is called once when it is closed. Throws `InvalidName`. */
export async function openRemoteNode(
  context: RemoteContext,
  options: NodeOptions,
  onClose: (node: LocalNode) => void,
): Promise<LocalNode> {
  const names = nodeNames(options);
  const fqn = fullyQualifiedName(names.namespace, names.name);
  const id = context.newId();
  await open(context, id, () => context.link().call('openNode', id, names));
  const children = new Set<Publisher | Subscription>();
  let isOpen = true;

  const requireOpen = (): void => {
    if (!isOpen) throw new AlreadyClosed(`the node ${fqn} is closed`);
  };
  // A node may be closed while one of its endpoints is being opened.
  const adopt = async <T extends Publisher | Subscription>(child: T): Promise<T> => {
    children.add(child);
    if (!isOpen) await child.close();
    requireOpen();
    return child;
  };
  const disown = (child: Publisher | Subscription): void => void children.delete(child);

  const node: LocalNode = {
    fqn,
    async publisher(topic, type, qos = {}) {
      requireOpen();
      const of = { node: id, topic: resolveTopicName(topic, names), type };
      return adopt(await openRemotePublisher(context, of, qos, disown));
    },
    async subscribe(subscribe) {
      requireOpen();
      const topic = resolveTopicName(subscribe.topic, names);
      const type = subscribe.type ?? topicType(await context.graph(), topic);
      return adopt(await openRemoteSubscription(context, { node: id, topic, type }, subscribe, disown));
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await Promise.all([...[...children].map((child) => child.close()), context.close(id)]);
      onClose(node);
    },
  };
  return node;
}

/** A topic as a node of ours uses it. */
interface TopicOfRemoteNode {
  readonly node: number;
  /** Full name. */
  readonly topic: string;
  readonly type: string;
}

async function openRemotePublisher(
  context: RemoteContext,
  { node, topic, type }: TopicOfRemoteNode,
  qos: Partial<QosProfile>,
  onClose: (publisher: Publisher) => void,
): Promise<Publisher> {
  const id = context.newId();
  const [serialise] = await Promise.all([
    context.types.codec(type).then((codec) => serialiser(type, codec)),
    open(context, id, () => context.link().call('openPublisher', id, node, topic, type, qos)),
  ]);
  let isOpen = true;
  const publisher: Publisher = {
    topic,
    type,
    matched: async () => context.link().call('matched', id),
    async publish(message) {
      if (!isOpen) throw new AlreadyClosed(`the publisher of ${topic} is closed`);
      await context.link().publish(id, serialise(message));
    },
    acknowledged: async (timeoutMs) => context.link().call('acknowledged', id, timeoutMs),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await context.close(id);
      onClose(publisher);
    },
  };
  return publisher;
}

async function openRemoteSubscription(
  context: RemoteContext,
  { node, topic, type }: TopicOfRemoteNode,
  { qos, latestOnly, raw, onSample }: SubscribeOptions,
  onClose: (subscription: Subscription) => void,
): Promise<Subscription> {
  const id = context.newId();
  const codec = raw ? undefined : await context.types.codec(type);
  const take = ({ cdr, gid, sequenceNumber, sourceNs, receivedMs }: BatchedSample): void => {
    try {
      const message = codec?.decode(cdr);
      onSample({ topic, type, cdr, message, gid, sequenceNumber, sourceNs, receivedMs });
    } catch (error) {
      // In the other thread a listener that throws harms nobody else either.
      context.drops.count(error instanceof MalformedMessage ? 'malformed-message' : 'listener-threw');
    }
  };
  context.listeners.set(id, take);
  const granted = await open(context, id, () =>
    context.link().call('openSubscription', id, node, topic, type, { qos, latestOnly }),
  ).catch((error: unknown) => {
    context.listeners.delete(id);
    throw error;
  });
  let isOpen = true;
  const subscription: Subscription = {
    topic,
    type,
    qos: granted,
    async close() {
      if (!isOpen) return;
      isOpen = false;
      context.listeners.delete(id);
      await context.close(id);
      onClose(subscription);
    },
  };
  return subscription;
}

/** Opens something, and remembers how to do so again in another thread. */
async function open<T>(context: RemoteContext, id: number, opening: () => Promise<T>): Promise<T> {
  const opened = await opening();
  context.openings.set(id, opening);
  return opened;
}
