import { endpointUserData, typeHashIn } from '../graph/user-data.ts';
import type { NodeNames } from '../names/graph-names.ts';
import { ddsTopicName } from '../names/topic-names.ts';
import { ddsTypeName } from '../names/type-names.ts';
import type { AdapterContext } from './context.ts';
import type { DdsTopic } from './local-endpoints.ts';

/** Whose endpoint it is, and of what topic. */
export interface TopicOfNode {
  readonly node: NodeNames;
  /** Full name. */
  readonly topic: string;
  readonly type: string;
}

/** How a topic is announced. Throws `InvalidName` for a type that is none. */
export async function ddsTopic(context: AdapterContext, { topic, type }: TopicOfNode): Promise<DdsTopic> {
  const typeName = ddsTypeName(type);
  const userData = endpointUserData(await hashToAnnounce(context, type));
  return { topicName: ddsTopicName({ kind: 'topic', name: topic }), typeName, userData };
}

/** The hash that an endpoint of ours announces for a message type. */
export async function hashToAnnounce(
  { types, participant }: AdapterContext,
  type: string,
): Promise<string | undefined> {
  const known = await types.find(type);
  if (known) return known.hash;
  // Without a definition of our own we say what the others say: a robot warns about an endpoint that has no hash.
  const typeName = ddsTypeName(type);
  for (const other of participant.endpoints()) {
    const hash = other.typeName === typeName ? typeHashIn(other.userData) : undefined;
    if (hash !== undefined) return hash;
  }
  return undefined;
}
