import type { Duplex } from 'node:stream';

/** Protocol of the inner TLS. A robot offers it in the outer TLS, too, so that a standby recognizes uplinks. */
export const UPLINK_PROTOCOL = 'medkit-uplink/1';

/** Bytes that have passed a socket since it was opened. */
export interface Octets {
  readonly sent: number;
  readonly received: number;
}

/** The outer connection of an uplink: bytes, and pings beside them. */
export interface Carrier {
  readonly stream: Duplex;
  /** Sends a ping. */
  ping(): void;
  /** Calls `ping` or `pong` for each that arrives, until `listen` is called again. */
  listen(listener: { readonly ping?: () => void; readonly pong?: () => void }): void;
  /** When the last data, ping or pong was sent or received, by the monotonic clock. */
  readonly activeMs: number;
  /** Bytes that left and reached the socket, inside the outer TLS. */
  readonly octets: Octets;
}
