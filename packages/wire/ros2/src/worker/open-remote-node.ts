import type { LocalNode, NodeOptions, Publisher, SubscribeOptions, Subscription } from '../adapter/adapter.ts';
import { serialiser } from '../adapter/serialiser.ts';
import { AlreadyClosed, MalformedMessage } from '../errors.ts';
import type { QosProfile } from '../graph.ts';
import { assembleNode } from '../local-adapter/assemble-node.ts';
import { nodeNames } from '../names/graph-names.ts';
import { openRemoteClient } from './open-remote-client.ts';
import { openRemoteServer } from './open-remote-server.ts';
import { openInThread, type RemoteContext } from './remote-context.ts';
import type { BatchedSample } from './sample-batch.ts';
import { answerOf, copyOf } from './thread-link.ts';

/** Opens a node in the other thread. `onClose` is called once when it is closed. Throws `InvalidName`. */
export async function openRemoteNode(
  context: RemoteContext,
  options: NodeOptions,
  onClose: (node: LocalNode) => void,
): Promise<LocalNode> {
  const { typeDescriptions = false } = options;
  const names = nodeNames(options);
  const node = context.newId();
  await openInThread(context, node, () => context.link().call('openNode', [node, { ...names, typeDescriptions }]));
  return assembleNode(
    names,
    {
      types: context.types,
      graph: () => context.graph(),
      publisher: (topic, type, qos, closed) => openRemotePublisher(context, { node, topic, type }, qos, closed),
      subscription: (topic, type, subscribe, closed) =>
        openRemoteSubscription(context, { node, topic, type }, subscribe, closed),
      client: (service, type, closed) => openRemoteClient(context, { node, service, type }, closed),
      server: (service, type, handler, closed) => openRemoteServer(context, { node, service, type }, handler, closed),
      leave: () => context.close(node),
    },
    onClose,
  );
}

/** A topic used by one of medkit's nodes. */
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
    openInThread(context, id, () => context.link().call('openPublisher', [id, node, topic, type, qos])),
  ]);
  let isOpen = true;
  const publisher: Publisher = {
    topic,
    type,
    matched: async () => context.link().call('matched', [id]),
    async publish(message) {
      if (!isOpen) throw new AlreadyClosed(`the publisher of ${topic} is closed`);
      const { copy, weight } = copyOf(serialise(message));
      const link = context.link();
      await answerOf(link, `a message of ${topic} was sent`, link.call('publish', [id, copy], weight));
    },
    acknowledged: async (timeoutMs) => context.link().call('acknowledged', [id, timeoutMs]),
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
  { qos, latestOnly, ignoreLocal, raw, onSample }: SubscribeOptions,
  onClose: (subscription: Subscription) => void,
): Promise<Subscription> {
  const id = context.newId();
  const codec = raw ? undefined : await context.types.codec(type);
  const take = (sample: BatchedSample): void => {
    try {
      onSample({ topic, type, message: codec?.decode(sample.cdr), ...sample });
    } catch (error) {
      // As in the other thread, a listener that throws does not affect the others.
      context.drops.count(error instanceof MalformedMessage ? 'malformed-message' : 'listener-threw');
    }
  };
  context.listeners.set(id, take);
  const granted = await openInThread(context, id, () =>
    context.link().call('openSubscription', [id, node, topic, type, { qos, latestOnly, ignoreLocal }]),
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
