import { endpointUserData } from '../graph/user-data.ts';
import type { NodeNames } from '../names/graph-names.ts';
import { ddsTopicName } from '../names/topic-names.ts';
import { ddsTypeName } from '../names/type-names.ts';
import type { AdapterContext } from './context.ts';

/** The DDS side of a topic of ours. */
export interface DdsTopic {
  readonly topicName: string;
  readonly typeName: string;
  readonly userData: Uint8Array;
}

/** Whose endpoint it is, and of what topic. */
export interface TopicOfNode {
  readonly node: NodeNames;
  /** Full name. */
  readonly topic: string;
  readonly type: string;
}

/** How a topic is announced. Throws `InvalidName` for a type that is none. */
export async function ddsTopic({ types, watch }: AdapterContext, { topic, type }: TopicOfNode): Promise<DdsTopic> {
  const typeName = ddsTypeName(type);
  const known = await types.find(type);
  // Without a definition of our own we say what the others say: a robot warns about an endpoint that has no hash.
  const hash =
    known?.hash ?? watch.current().endpoints.find((other) => other.type === type && other.typeHash)?.typeHash;
  return { topicName: ddsTopicName({ kind: 'topic', name: topic }), typeName, userData: endpointUserData(hash) };
}
