import type { Log } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { SecurityOptions, UserOptions } from '../security/security-options.ts';

/** Options for the connection to a server. */
export interface PlcLinkOptions {
  /** For example `opc.tcp://plc:4840`. Used for connecting even if the server announces another URL. */
  readonly endpointUrl: string;
  readonly security: SecurityOptions;
  readonly user: UserOptions;
  /** Client name for the server (default: `medkit`). */
  readonly applicationName?: string;
  /** Publishing interval of events, in milliseconds (default: 500). */
  readonly eventIntervalMs?: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Options for opening one session. */
export type SessionOptions = PlcLinkOptions & {
  /** Aborts the attempt. */
  readonly signal: AbortSignal;
};
