import type { PlcSecurity } from '../server/security.ts';

/** Options of a simulated PLC. */
export interface PlcOptions {
  /** Loopback port; 0 (default) chooses a free one. Further servers use the following ports. */
  readonly port?: number;
  readonly security?: PlcSecurity;
  /**
   * Folder for its certificates, which later runs reuse. A certificate that was created with a clock off by years is expired for a
   * correct clock. Without a folder, the certificates are deleted when the process exits.
   */
  readonly folder?: string;
  /** Offset of its clock, milliseconds. */
  readonly clockSkewMs?: number;
  /** Number of additional changing variables, and changes per second. */
  readonly items?: number;
  readonly changesPerSecond?: number;
  /** Number of servers, each with a separate tank. */
  readonly servers?: number;
}

/** Maximum number of servers in one process; more would not test a gateway. */
const MAX_SERVERS = 50;

/** Returns the number of servers. Throws `RangeError` if it is invalid or too large. */
export function serverCount({ servers = 1 }: PlcOptions): number {
  if (Number.isInteger(servers) && servers >= 1 && servers <= MAX_SERVERS) return servers;
  throw new RangeError(`invalid number of servers ${servers}: a process has 1 to ${MAX_SERVERS}`);
}
