import { prefixOf, type RemoteEndpoint } from '@medkit/rtps';
import type { RosEndpoint } from '../adapter/graph.ts';
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

/** What one DDS endpoint is in the ROS graph, its node aside; `undefined` where it is none of ROS. */
export function rosEndpointOf(endpoint: RemoteEndpoint): Omit<RosEndpoint, 'node'> | undefined {
  const topic = parseDdsTopicName(endpoint.topicName);
  if (!topic) return undefined;
  const type = rosTypeName(endpoint.typeName);
  const writes = endpoint.kind === 'writer';
  const common = {
    gid: endpoint.guid,
    name: topic.name,
    typeHash: typeHashIn(endpoint.userData),
    participant: prefixOf(endpoint.guid),
    qos: profileOf(endpoint.qos),
  };
  if (topic.kind === 'topic') return { ...common, role: writes ? 'publisher' : 'subscription', type };
  // A client writes requests and reads replies, a service the other way round.
  const isClient = writes === (topic.kind === 'request');
  return { ...common, role: isClient ? 'client' : 'service', type: serviceTypeOf(type) };
}
