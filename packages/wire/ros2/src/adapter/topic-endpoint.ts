import { endpointUserData, typeHashIn } from '../graph/user-data.ts';
import type { NodeNames } from '../names/graph-names.ts';
import { ddsTopicName } from '../names/topic-names.ts';
import { ddsTypeName } from '../names/type-names.ts';
import type { AdapterContext } from './context.ts';
import type { DdsTopic } from './local-endpoints.ts';

/** The node and topic of an endpoint. */
export interface TopicOfNode {
  readonly node: NodeNames;
  /** Full name. */
  readonly topic: string;
  readonly type: string;
}

/** Returns how a topic is announced. Throws `InvalidName` for an invalid type name. */
export async function ddsTopic(context: AdapterContext, { topic, type }: TopicOfNode): Promise<DdsTopic> {
  const typeName = ddsTypeName(type);
  const userData = endpointUserData(await hashToAnnounce(context, type));
  return { topicName: ddsTopicName({ kind: 'topic', name: topic }), typeName, userData };
}

/** Returns the hash that a medkit endpoint announces for a message type. */
export async function hashToAnnounce(
  { types, participant }: AdapterContext,
  type: string,
): Promise<string | undefined> {
  const known = await types.find(type);
  if (known) return known.hash;
  // Without a local definition, uses the hash of another endpoint: robots log a warning for an endpoint without hash.
  const typeName = ddsTypeName(type);
  for (const other of participant.endpoints()) {
    const hash = other.typeName === typeName ? typeHashIn(other.userData) : undefined;
    if (hash !== undefined) return hash;
  }
  return undefined;
}
