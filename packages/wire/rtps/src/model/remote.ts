import type { QosPolicies } from '../qos/policies.ts';
import type { Guid, GuidPrefix } from './guid.ts';

/** What a participant announces about itself (SPDP, RTPS 2.5, 8.5.3), and the source address that was observed. */
export interface RemoteParticipant {
  readonly guidPrefix: GuidPrefix;
  /** Two octets as four hex digits: `0110` Cyclone DDS, `010f` Fast DDS, `0101` Connext. */
  readonly vendorId: string;
  /** Version of the DDS implementation, such as `0.10.2`. Empty if the vendor does not announce one. */
  readonly version: string;
  /** PID_ENTITY_NAME. Empty if absent. */
  readonly name: string;
  readonly userData: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
  readonly leaseMs: number;
  /** Address in use for this participant, initially the source address of its announcement. */
  readonly address: string;
  /** Whether it announced a DDS-Security identity, as SROS2 participants do. */
  readonly secure: boolean;
}

/** What a participant announces about one of its readers or writers (SEDP, RTPS 2.5, 8.5.4). */
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
