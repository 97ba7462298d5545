import type { QosPolicies } from '@medkit/rtps';
import type { AdapterContext } from '../adapter/context.ts';
import type { DdsTopic } from '../adapter/local-endpoints.ts';
import { hashToAnnounce } from '../adapter/topic-endpoint.ts';
import { endpointUserData } from '../graph/user-data.ts';
import type { NodeNames } from '../names/graph-names.ts';
import { ddsTopicName } from '../names/topic-names.ts';
import { ddsTypeName, requestTypeOf, responseTypeOf } from '../names/type-names.ts';
import { policiesOf } from '../qos/policies.ts';
import { pairMember } from './pair-id.ts';

/** A service and the node that has its client or server. */
export interface ServiceOfNode {
  readonly node: NodeNames;
  /** Full name. */
  readonly service: string;
  /** `std_srvs/srv/Trigger`. */
  readonly type: string;
}

/** The two topics of a service. */
export interface ServiceTopics {
  readonly requests: DdsTopic;
  readonly replies: DdsTopic;
}

/** rmw_qos_profile_services_default, with a depth for the unacknowledged part of a burst. */
export const servicePolicies = (depth: number): Partial<QosPolicies> =>
  policiesOf({ reliability: 'reliable', durability: 'volatile', history: 'keep_last', depth });

/** Returns the two endpoints that a client or server announces. Throws `InvalidName` for an invalid type name. */
export async function serviceTopics(
  context: AdapterContext,
  role: 'client' | 'service',
  { service, type }: ServiceOfNode,
): Promise<ServiceTopics> {
  const pair = pairMember(role, context.nextPairId());
  // As rmw does, each topic announces the hash of its message, not of the service.
  const topic = async (kind: 'request' | 'reply', halfType: string): Promise<DdsTopic> => ({
    topicName: ddsTopicName({ kind, name: service }),
    typeName: ddsTypeName(halfType),
    userData: endpointUserData(await hashToAnnounce(context, halfType), pair),
  });
  return { requests: await topic('request', requestTypeOf(type)), replies: await topic('reply', responseTypeOf(type)) };
}
