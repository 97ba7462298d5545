import { prefixOf, type RemoteEndpoint, type Writer } from '@medkit/rtps';
import type { Publisher } from '../adapter/adapter.ts';
import type { AdapterContext } from '../adapter/context.ts';
import { serialiser } from '../adapter/serialiser.ts';
import { ddsTopic, type TopicOfNode } from '../adapter/topic-endpoint.ts';
import { AlreadyClosed } from '../errors.ts';
import type { QosProfile } from '../graph.ts';
import { policiesOf } from '../qos/policies.ts';

/** Opens a publisher. `onClose` is called once when it is closed. */
export async function openPublisher(
  context: AdapterContext,
  of: TopicOfNode,
  qos: Partial<QosProfile>,
  onClose: (publisher: Publisher) => void,
): Promise<Publisher> {
  const announced = await ddsTopic(context, of);
  const serialise = serialiser(of.type, await context.types.codec(of.type));
  const writer = context.participant.createWriter({ ...announced, qos: policiesOf(qos) });
  context.endpoints.add({ node: of.node, kind: 'writer', endpoint: writer, announced });
  let open = true;

  const publisher: Publisher = {
    topic: of.topic,
    type: of.type,
    isUnheard: () => writer.qos.durability === 'volatile' && writer.matched().length === 0,
    matched: async () => writer.matched().filter((reader) => isReached(writer, reader)).length,
    publish: async (message) => {
      if (!open) throw new AlreadyClosed(`the publisher of ${of.topic} is closed`);
      writer.write(serialise(message));
    },
    acknowledged: (timeoutMs) => writer.acknowledged(timeoutMs),
    async close() {
      if (!open) return;
      open = false;
      context.endpoints.remove(writer.guid);
      writer.close();
      onClose(publisher);
    },
  };
  return publisher;
}

/**
 * Returns whether a sample written now reaches a matched reader. The reader's side may not know the writer yet. A
 * best-effort reader would miss the sample. A volatile reader skips samples from before it discovered the writer, even
 * if reliable.
 */
function isReached(writer: Writer, { guid, qos }: RemoteEndpoint): boolean {
  return qos.reliability === 'reliable' ? writer.hasAnswered(guid) : writer.isKnownTo(prefixOf(guid));
}
