import type { QosPolicies } from '../qos/policies.ts';
import type { Guid, GuidPrefix } from './guid.ts';

/** What a participant says of itself (SPDP, RTPS 2.5, 8.5.3) and what was seen of it. */
export interface RemoteParticipant {
  readonly guidPrefix: GuidPrefix;
  /** Two octets as four hex digits: `0110` Cyclone DDS, `010f` Fast DDS, `0101` Connext. */
  readonly vendorId: string;
  /** Of the DDS implementation, `0.10.2`; empty where its vendor does not announce one. */
  readonly version: string;
  /** PID_ENTITY_NAME, empty where none was sent. */
  readonly name: string;
  readonly userData: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
  readonly leaseMs: number;
  /** Where the announcement came from. */
  readonly address: string;
  /** It announced a DDS-Security identity: an SROS2 participant. */
  readonly secure: boolean;
}

/** What a participant says of one of its readers or writers (SEDP, RTPS 2.5, 8.5.4). */
export interface RemoteEndpoint {
  readonly guid: Guid;
  readonly kind: 'reader' | 'writer';
  readonly topicName: string;
  readonly typeName: string;
  readonly qos: QosPolicies;
  readonly userData: Uint8Array;
  readonly keyed: boolean;
  readonly vendorId: string;
}
