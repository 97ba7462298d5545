import { prefixOf, type QosPolicies, type RemoteEndpoint } from '@medkit/rtps';
import type { QosProfile, RosEndpoint } from '../graph.ts';
import { parseDdsTopicName } from '../names/topic-names.ts';
import { requestTypeOf, responseTypeOf, rosTypeName, serviceTypeOf } from '../names/type-names.ts';
import { profileOf } from '../qos/policies.ts';
import { typeHashIn } from './user-data.ts';

/** Returns the message types of an endpoint. A service or client endpoint has both a request and a response type. */
export const messageTypesOf = ({ role, type }: Pick<RosEndpoint, 'role' | 'type'>): readonly string[] =>
  role === 'publisher' || role === 'subscription' ? [type] : [requestTypeOf(type), responseTypeOf(type)];

/** RTPS 2.5, 9.3.1.2: this bit is set in the entity kinds of readers, not of writers. */
const READER_BIT = 0x04;

/**
 * Returns the type of the messages on this very DDS endpoint, whose hash it announces: request or response of a
 * service.
 */
export function carriedTypeOf({ gid, role, type }: Pick<RosEndpoint, 'gid' | 'role' | 'type'>): string {
  if (role === 'publisher' || role === 'subscription') return type;
  const reads = (Number.parseInt(gid.slice(-2), 16) & READER_BIT) !== 0;
  return reads === (role === 'service') ? requestTypeOf(type) : responseTypeOf(type);
}

/** ROS names of a DDS type: for a topic, and for one half of a service. */
interface TypeNames {
  readonly type: string;
  readonly service: string;
  /** The hash of the first endpoint that announced one. Sharing the string avoids one copy per endpoint. */
  typeHash?: string | undefined;
}

/** ROS profiles by QoS policies, which many endpoints share. */
const profiles = new WeakMap<QosPolicies, QosProfile>();
/** ROS type names by DDS type name. */
const typeNames = new Map<string, TypeNames>();
/** Capacity of the cache, many times the types of a robot. If it is exceeded, the cache is cleared. */
const MAX_TYPE_NAMES = 4096;
/** Longer names are not cached, because the graph shows none that long. */
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

/** Returns the ROS endpoint of a DDS endpoint without its node, or `undefined` if it is not a ROS endpoint. */
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
  // A client writes requests and reads replies; a service does the reverse.
  const isClient = writes === (topic.kind === 'request');
  return { ...common, role: isClient ? 'client' : 'service', type: service };
}
