import type { Log } from '@medkit/core';
import type { Clock, Random } from '@medkit/edges';
import type { SecurityOptions, UserOptions } from '../options/security-options.ts';

/** How a server is connected to, again and again. */
export interface PlcLinkOptions {
  /** As `opc.tcp://plc:4840`. The server may call itself otherwise: it is connected to by this. */
  readonly endpointUrl: string;
  readonly security: SecurityOptions;
  readonly user: UserOptions;
  /** As the server is told who connects; `medkit` unless it is given. */
  readonly applicationName?: string;
  /** How often the server tells of events, milliseconds; 500 unless it is given. */
  readonly eventIntervalMs?: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** How one session with it is opened. */
export type SessionOptions = PlcLinkOptions & {
  /** Aborts the attempt. */
  readonly signal: AbortSignal;
};
