import type { EntityRef } from '@medkit/client';
import type { RobotAddress } from '@medkit/vda5050';
import type { DataRef } from '../entity-path.ts';
import type { Rule } from '../rules/rule.ts';
import type { ValueMap } from '../values/value-map.ts';

/** Content of the agent file. File paths are absolute; secrets are read only when they are used. */
export interface AgentConfig {
  /** The file itself. */
  readonly file: string;
  readonly gateway: GatewaySettings;
  readonly broker: BrokerSettings;
  readonly robot: RobotAddress;
  /** `feed`: the agent never publishes for the serial number itself. */
  readonly mode: 'sole' | 'feed';
  /** How long the agent listens for another client of the serial number; 0 with `settleMs` 0 is only for tests. */
  readonly listenMs: number;
  /** Wait for retained messages, and for other clients that claim the serial number at the same time. */
  readonly settleMs: number;
  readonly stateIntervalMs: number;
  /** How long the gateway may be unresponsive before the robot counts as offline. */
  readonly gatewayGraceMs: number;
  /** Address for serving health, state and errors; `undefined` disables it. */
  readonly http: { readonly host: string; readonly port: number } | undefined;
  /** Data item to which errors are written for the robot's own VDA 5050 client. */
  readonly feedTopic: DataRef | undefined;
  readonly clearsFaults: boolean;
  readonly factsheetFile: string | undefined;
  /** Folder of the agent's record; default: the data folder of the program. */
  readonly dataDir: string | undefined;
  readonly values: ValueMap;
  /** Rules of the file, which take precedence over the defaults. */
  readonly rules: readonly Rule[];
  /** Entities and gateways whose faults fleet control can never clear. */
  readonly safety: SafetySettings;
}

export interface GatewaySettings {
  readonly url: string;
  readonly tokenFile?: string;
  /** Additional trusted certificates for a gateway with HTTPS. */
  readonly caFile?: string;
  /** Public address of the gateway for links; default: the address that the gateway reports. */
  readonly publicUrl?: string;
}

export interface BrokerSettings {
  readonly url: string;
  readonly protocol: '3.1.1' | '5';
  readonly username?: string;
  readonly passwordFile?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly keepaliveS: number;
}

export interface SafetySettings {
  readonly at: string;
  /** Entities with all their descendants. */
  readonly entities: readonly EntityRef[];
  /** Other gateways, by their names at the queried gateway. */
  readonly gateways: readonly string[];
}
