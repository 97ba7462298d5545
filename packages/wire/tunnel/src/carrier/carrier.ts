import type { Duplex } from 'node:stream';

/** The outer connection of an uplink: bytes, and pings beside them. */
export interface Carrier {
  readonly stream: Duplex;
  /** Sends a ping. */
  ping(): void;
  /** Calls `ping` or `pong` for each that arrives, until `listen` is called again. */
  listen(listener: { readonly ping?: () => void; readonly pong?: () => void }): void;
  /** When the last data, ping or pong was sent or received, by the monotonic clock. */
  readonly activeMs: number;
}
