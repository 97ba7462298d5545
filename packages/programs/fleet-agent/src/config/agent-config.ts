import type { EntityRef } from '@medkit/client';
import type { RobotAddress } from '@medkit/vda5050';
import type { Rule } from '../rules/rule.ts';
import type { ValueMap } from '../values/value-map.ts';
import type { DataRef } from './entity-path.ts';

/** What the agent's file says. Names of files are whole; what is secret stays in those until it is used. */
export interface AgentConfig {
  /** The file itself. */
  readonly file: string;
  readonly gateway: GatewaySettings;
  readonly broker: BrokerSettings;
  readonly robot: RobotAddress;
  /** `feed`: it never speaks for the serial number itself. */
  readonly mode: 'sole' | 'feed';
  /** How long another client of the serial number is listened for; 0 with `settleMs` 0 is for tests alone. */
  readonly listenMs: number;
  /** How long retained messages, and others who claim the serial number at the same time, are waited for. */
  readonly settleMs: number;
  readonly stateIntervalMs: number;
  /** How long the gateway may be silent before the robot counts as offline. */
  readonly gatewayGraceMs: number;
  /** Where health, state and errors are served; `undefined` for nowhere. */
  readonly http: { readonly host: string; readonly port: number } | undefined;
  /** The item of data that the errors are written to for a client of the robot's own. */
  readonly feedTopic: DataRef | undefined;
  readonly clearsFaults: boolean;
  readonly factsheetFile: string | undefined;
  /** Where the agent keeps its own small file; the program's own place where it is left out. */
  readonly dataDir: string | undefined;
  readonly values: ValueMap;
  /** The file's own, which come before the defaults. */
  readonly rules: readonly Rule[];
  /** Faults of these are never cleared for a fleet. */
  readonly safety: SafetySettings;
}

export interface GatewaySettings {
  readonly url: string;
  readonly tokenFile?: string;
  /** Certificates that are trusted as well, where the gateway speaks HTTPS. */
  readonly caFile?: string;
  /** Under which others reach the gateway, for links; what the gateway says itself where it is left out. */
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
  /** With all that is below them. */
  readonly entities: readonly EntityRef[];
  /** Other gateways, by the names that they have at the one that is asked. */
  readonly gateways: readonly string[];
}
