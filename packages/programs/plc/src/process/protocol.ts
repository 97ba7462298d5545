import type { AlarmState } from '../tank/tank-alarms.ts';

/** Commands for a PLC that do not use OPC UA. */
export type PlcCommand =
  | 'inject'
  | 'clear'
  | 'set'
  | 'message'
  | 'refresh'
  | 'activate'
  | 'deactivate'
  | 'acknowledge'
  | 'confirm'
  | 'branch'
  | 'forget'
  | 'shelve'
  | 'shelve-timed'
  | 'unshelve'
  | 'enable'
  | 'disable';

/** A request of the parent process to a PLC. */
export interface PlcRequest {
  /** Index of the server. */
  readonly plc: number;
  readonly command: PlcCommand;
  /** Scenario, node id, text or alarm, depending on the command. */
  readonly what: string;
  /** New value of a variable, or whether a feature is enabled. */
  readonly value?: number | boolean | string;
  /** Members of the alarm state that differ from the default. */
  readonly says?: Partial<AlarmState>;
}

/** A request with the number that its reply repeats. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: PlcRequest;
}

/** A message from the process of a PLC. */
export type PlcReport =
  /** Includes the folder that the process created, in case it cannot remove it. */
  | { readonly kind: 'ready'; readonly endpointUrls: readonly string[]; readonly temporaryFolder: string | undefined }
  /** State of the interlock of the station, as a hardwired signal. */
  | { readonly kind: 'release'; readonly plc: number; readonly isReleased: boolean }
  | { readonly kind: 'failed'; readonly reason: string; readonly text: string }
  | { readonly kind: 'done'; readonly id: number; readonly error?: string };
