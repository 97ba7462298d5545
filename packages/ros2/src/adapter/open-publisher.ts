import { decodeEncapsulation, MalformedCdr, prefixOf, type RemoteEndpoint, type Writer } from '@medkit/rtps';
import { AlreadyClosed, InvalidMessage, UnknownType } from '../errors.ts';
import { policiesOf } from '../qos/policies.ts';
import type { Publisher, RosMessage } from './adapter.ts';
import type { AdapterContext } from './context.ts';
import type { QosProfile } from './graph.ts';
import { ddsTopic, type TopicOfNode } from './topic-endpoint.ts';

/** Opens a publisher; `onClose` is called once when it is closed. */
export async function openPublisher(
  context: AdapterContext,
  of: TopicOfNode,
  qos: Partial<QosProfile>,
  onClose: (publisher: Publisher) => void,
): Promise<Publisher> {
  const announced = await ddsTopic(context, of);
  const codec = await context.types.codec(of.type);
  const writer = context.participant.createWriter({ ...announced, qos: policiesOf(qos) });
  context.endpoints.add({ node: of.node, kind: 'writer', endpoint: writer, announced });
  let open = true;

  const serialise = (message: RosMessage | Uint8Array): Uint8Array => {
    if (message instanceof Uint8Array) return withEncapsulation(message);
    if (!codec) throw new UnknownType(`there is no definition of ${of.type}: only serialised data can be published`);
    return codec.encode(message);
  };

  const publisher: Publisher = {
    topic: of.topic,
    type: of.type,
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

function withEncapsulation(cdr: Uint8Array): Uint8Array {
  try {
    decodeEncapsulation(cdr);
    return cdr;
  } catch (error) {
    if (error instanceof MalformedCdr) throw new InvalidMessage(error.message);
    throw error;
  }
}

/**
 * Whether what is written now reaches a matched reader. Its side may not know the writer yet: a best-effort reader would miss
 * the sample, and a volatile one skips what came before it first heard of the writer, however reliable it is.
 */
function isReached(writer: Writer, { guid, qos }: RemoteEndpoint): boolean {
  return qos.reliability === 'reliable' ? writer.hasAnswered(guid) : writer.isKnownTo(prefixOf(guid));
}
