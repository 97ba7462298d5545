import type { AlarmState } from '../tank/tank-alarms.ts';

/** What can be done with a PLC from outside of OPC UA. */
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

/** What the one who started a PLC wants of it. */
export interface PlcRequest {
  /** Which one of several. */
  readonly plc: number;
  readonly command: PlcCommand;
  /** A scenario, a node id, a text or an alarm, as the command has it. */
  readonly what: string;
  /** What a variable is set to, or whether the server does what is asked of it. */
  readonly value?: number | boolean | string;
  /** What an alarm says, as far as it is something else than usual. */
  readonly says?: Partial<AlarmState>;
}

/** A request with the number that its answer has. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: PlcRequest;
}

/** What the process of a PLC says of itself. */
export type PlcReport =
  /** With the folder that it made for itself, for when it cannot remove that. */
  | { readonly kind: 'ready'; readonly endpointUrls: readonly string[]; readonly ownFolder: string | undefined }
  /** The interlock of the station, as a wire from it would tell. */
  | { readonly kind: 'release'; readonly plc: number; readonly isReleased: boolean }
  | { readonly kind: 'failed'; readonly reason: string; readonly text: string }
  | { readonly kind: 'done'; readonly id: number; readonly error?: string };
