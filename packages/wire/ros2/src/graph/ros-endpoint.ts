import { prefixOf, type QosPolicies, type RemoteEndpoint } from '@medkit/rtps';
import type { QosProfile, RosEndpoint } from '../adapter/graph.ts';
import { parseDdsTopicName } from '../names/topic-names.ts';
import { requestTypeOf, responseTypeOf, rosTypeName, serviceTypeOf } from '../names/type-names.ts';
import { profileOf } from '../qos/policies.ts';
import { typeHashIn } from './user-data.ts';

/** The types of the messages that an endpoint, or the other half of it, carries. */
export const messageTypesOf = ({ role, type }: Pick<RosEndpoint, 'role' | 'type'>): readonly string[] =>
  role === 'publisher' || role === 'subscription' ? [type] : [requestTypeOf(type), responseTypeOf(type)];

/** RTPS 2.5, 9.3.1.2: the entity kinds of readers have this bit, those of writers have not. */
const READER_BIT = 0x04;

/** The type of the message that an endpoint carries itself, whose hash it announces: of a service one of the two. */
export function carriedTypeOf({ gid, role, type }: Pick<RosEndpoint, 'gid' | 'role' | 'type'>): string {
  if (role === 'publisher' || role === 'subscription') return type;
  const reads = (Number.parseInt(gid.slice(-2), 16) & READER_BIT) !== 0;
  return reads === (role === 'service') ? requestTypeOf(type) : responseTypeOf(type);
}

/** What the type of an endpoint is called in ROS: where it is of a topic, and where it is of a half of a service. */
interface TypeNames {
  readonly type: string;
  readonly service: string;
  /** As the first that had one announced it: the same text of all others, read from their user data, would be kept with those. */
  typeHash?: string | undefined;
}

/** Of policies that many endpoints have: what they are in ROS, once. */
const profiles = new WeakMap<QosPolicies, QosProfile>();
/** Names of types by those of DDS. */
const typeNames = new Map<string, TypeNames>();
/** Many times the types of a robot; whoever announces more has them all forgotten. */
const MAX_TYPE_NAMES = 4096;
/** No graph shows one that is longer. */
const MAX_TYPE_NAME_LENGTH = 256;

function profileFor(qos: QosPolicies): QosProfile {
  const known = profiles.get(qos) ?? profileOf(qos);
  profiles.set(qos, known);
  return known;
}

function typeNamesOf(ddsType: string): TypeNames {
  const known = typeNames.get(ddsType);
  if (known) return known;
  const type = rosTypeName(ddsType);
  const names: TypeNames = { type, service: serviceTypeOf(type) };
  if (ddsType.length > MAX_TYPE_NAME_LENGTH) return names;
  if (typeNames.size >= MAX_TYPE_NAMES) typeNames.clear();
  typeNames.set(ddsType, names);
  return names;
}

/** What one DDS endpoint is in the ROS graph, its node aside; `undefined` where it is none of ROS. */
export function rosEndpointOf(endpoint: RemoteEndpoint): Omit<RosEndpoint, 'node'> | undefined {
  const topic = parseDdsTopicName(endpoint.topicName);
  if (!topic) return undefined;
  const writes = endpoint.kind === 'writer';
  const names = typeNamesOf(endpoint.typeName);
  const { type, service } = names;
  const typeHash = typeHashIn(endpoint.userData);
  names.typeHash ??= typeHash;
  const common = {
    gid: endpoint.guid,
    name: topic.name,
    typeHash: typeHash === names.typeHash ? names.typeHash : typeHash,
    participant: prefixOf(endpoint.guid),
    qos: profileFor(endpoint.qos),
  };
  if (topic.kind === 'topic') return { ...common, role: writes ? 'publisher' : 'subscription', type };
  // A client writes requests and reads replies, a service the other way round.
  const isClient = writes === (topic.kind === 'request');
  return { ...common, role: isClient ? 'client' : 'service', type: service };
}
