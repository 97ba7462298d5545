import type { GuidPrefix } from './guid.ts';

/**
 * Why a received participant cannot be used. `malformed`: its announcement cannot be decoded. `protocol-version`:
 * another major version of RTPS. `other-domain`, `domain-tag`: another domain, or a domain tag. `unreachable`: none of
 * its addresses is reachable. `secured`: it accepts authenticated participants only. `capacity`: the participant table
 * is full.
 */
export type NotUnderstoodReason =
  | 'malformed'
  | 'protocol-version'
  | 'other-domain'
  | 'domain-tag'
  | 'unreachable'
  | 'secured'
  | 'capacity';

/** A participant whose announcements arrive but cannot be decoded, or that cannot be reached. */
export interface NotUnderstood {
  /** `undefined` if the message header could not be read that far. */
  readonly guidPrefix: GuidPrefix | undefined;
  /** Source address of the latest announcement. */
  readonly address: string;
  /** Two octets as four hex digits. */
  readonly vendorId: string;
  readonly reason: NotUnderstoodReason;
  /** Number of announcements rejected for this reason. */
  readonly count: number;
  /** Milliseconds since the latest announcement. */
  readonly lastReceivedAgoMs: number;
}
