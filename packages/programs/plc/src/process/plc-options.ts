import type { PlcSecurity } from '../server/security.ts';

/** How a simulated PLC is. Everything may be left out. */
export interface PlcOptions {
  /** Of loopback; 0, as it is unless said otherwise, is one that is free. Several servers have the ones that follow it. */
  readonly port?: number;
  readonly security?: PlcSecurity;
  /**
   * For its certificates, which the next one of the same folder has again: one that was made with a clock wrong by years has expired
   * for one whose clock is right. Without it they go with the process.
   */
  readonly folder?: string;
  /** Its clock goes wrong by this much. */
  readonly clockSkewMs?: number;
  /** Variables that change on their own beside those of the tank, and how many of them do in a second. */
  readonly items?: number;
  readonly changesPerSecond?: number;
  /** How many servers there are, each with a tank of its own. */
  readonly servers?: number;
}

/** More in one process are no test of any gateway. */
const MAX_SERVERS = 50;

/** Throws `RangeError` for a number that is none, or too many. */
export function serverCount({ servers = 1 }: PlcOptions): number {
  if (Number.isInteger(servers) && servers >= 1 && servers <= MAX_SERVERS) return servers;
  throw new RangeError(`${servers} servers: a process has 1 to ${MAX_SERVERS}`);
}
