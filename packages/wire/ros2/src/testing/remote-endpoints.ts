import type { QosPolicies, RemoteEndpoint, RemoteParticipant } from '@medkit/rtps';
import { endpointUserData } from '../graph/user-data.ts';
import { ddsTypeName } from '../names/type-names.ts';
import { policiesOf } from '../qos/policies.ts';

/** Returns the GUID prefix of the participant with this number. */
export const prefix = (participant: number): string => participant.toString(16).padStart(24, '0');

/** Returns the GUID of an endpoint. */
export const gid = (participant: number, entity: number): string =>
  `${prefix(participant)}${entity.toString(16).padStart(8, '0')}`;

/** Returns a participant as SPDP reports it. */
export function remoteParticipant(participant: number, changes: Partial<RemoteParticipant> = {}): RemoteParticipant {
  return {
    guidPrefix: prefix(participant),
    vendorId: '0110',
    version: '',
    name: '',
    userData: new Uint8Array(),
    properties: {},
    leaseMs: 10_000,
    address: '10.0.0.2',
    secure: false,
    ...changes,
  };
}

/** Returns an endpoint as SEDP reports it, of a ROS topic unless `changes` say otherwise. */
export function remoteEndpoint(
  guid: string,
  kind: RemoteEndpoint['kind'],
  topic: string,
  changes: Partial<RemoteEndpoint> = {},
): RemoteEndpoint {
  return {
    guid,
    kind,
    topicName: `rt${topic}`,
    typeName: ddsTypeName('std_msgs/msg/String'),
    qos: { ownership: 'shared', partitions: [], dataRepresentation: ['xcdr1'], ...policiesOf({}) } as QosPolicies,
    userData: endpointUserData(undefined),
    keyed: false,
    vendorId: '0110',
    ...changes,
  };
}
