import { prefixOf, type RemoteEndpoint } from '@medkit/rtps';
import type { RosEndpoint } from '../adapter/graph.ts';
import { parseDdsTopicName } from '../names/topic-names.ts';
import { rosTypeName, serviceTypeOf } from '../names/type-names.ts';
import { profileOf } from '../qos/policies.ts';
import { typeHashIn } from './user-data.ts';

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
