import type { Guid } from '../model/guid.ts';
import type { RemoteEndpoint } from '../model/remote.ts';
import { DEFAULT_QOS } from '../qos/defaults.ts';
import type { QosPolicies } from '../qos/policies.ts';
import * as id from '../wire/entity-ids.ts';
import { guidOf } from '../wire/guid-octets.ts';
import type { DiscoveredEndpoint, Peer } from './peer.ts';

/** A builtin topic with stateful reliable endpoints (RTPS 2.5, 8.5.4.2 and 8.4.13). */
export interface BuiltinTopic {
  readonly topicName: string;
  /** The kind of endpoint that is announced on it. */
  readonly announces?: 'reader' | 'writer';
  readonly writerId: number;
  readonly readerId: number;
  /** Bits of the builtin endpoint set with which a participant announces that it has the writer or the reader. */
  readonly writerBit: number;
  readonly readerBit: number;
}

export const PUBLICATIONS: BuiltinTopic = {
  topicName: 'DCPSPublication',
  announces: 'writer',
  writerId: id.ENTITYID_SEDP_PUBLICATIONS_WRITER,
  readerId: id.ENTITYID_SEDP_PUBLICATIONS_READER,
  writerBit: id.BUILTIN_PUBLICATIONS_ANNOUNCER,
  readerBit: id.BUILTIN_PUBLICATIONS_DETECTOR,
};

export const SUBSCRIPTIONS: BuiltinTopic = {
  topicName: 'DCPSSubscription',
  announces: 'reader',
  writerId: id.ENTITYID_SEDP_SUBSCRIPTIONS_WRITER,
  readerId: id.ENTITYID_SEDP_SUBSCRIPTIONS_READER,
  writerBit: id.BUILTIN_SUBSCRIPTIONS_ANNOUNCER,
  readerBit: id.BUILTIN_SUBSCRIPTIONS_DETECTOR,
};

export const PARTICIPANT_MESSAGES: BuiltinTopic = {
  topicName: 'DCPSParticipantMessage',
  writerId: id.ENTITYID_PARTICIPANT_MESSAGE_WRITER,
  readerId: id.ENTITYID_PARTICIPANT_MESSAGE_READER,
  writerBit: id.BUILTIN_PARTICIPANT_MESSAGE_WRITER,
  readerBit: id.BUILTIN_PARTICIPANT_MESSAGE_READER,
};

/** RTPS 2.5, 8.5.4.1: reliable, transient-local, the latest of each instance. */
export const BUILTIN_QOS: QosPolicies = {
  ...DEFAULT_QOS.writer,
  reliability: 'reliable',
  durability: 'transient-local',
};

/** Returns a peer's endpoint of a builtin topic, as if the peer had announced it. */
export function builtinEndpoint(peer: Peer, topic: BuiltinTopic, kind: 'reader' | 'writer'): DiscoveredEndpoint {
  const entityId = kind === 'reader' ? topic.readerId : topic.writerId;
  const guid: Guid = guidOf(peer.prefix, entityId);
  const remote: RemoteEndpoint = {
    guid,
    kind,
    topicName: topic.topicName,
    typeName: '',
    qos: BUILTIN_QOS,
    userData: new Uint8Array(0),
    keyed: true,
    vendorId: peer.vendorId,
  };
  return { peer, entityId, remote, expectsInlineQos: false, sizeBytes: 0, destination: peer.metatraffic };
}
