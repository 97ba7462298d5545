import type { GuidPrefix } from './guid.ts';

/**
 * Why a participant that is heard is of no use: its announcement cannot be read; it speaks another major version of RTPS;
 * it is of another domain, or of a part of the domain with a tag; none of its addresses can be reached from here; it talks
 * to authenticated participants alone; there are too many.
 */
export type NotUnderstoodReason =
  | 'malformed'
  | 'protocol-version'
  | 'other-domain'
  | 'domain-tag'
  | 'unreachable'
  | 'secured'
  | 'capacity';

/** A participant that was heard but not understood, or that cannot be talked to. */
export interface NotUnderstood {
  /** Absent where the header could not be read that far. */
  readonly guidPrefix: GuidPrefix | undefined;
  /** Where it was heard from last. */
  readonly address: string;
  /** Two octets as four hex digits. */
  readonly vendorId: string;
  readonly reason: NotUnderstoodReason;
  /** Announcements of which this is true. */
  readonly count: number;
  /** Milliseconds since the last of them. */
  readonly lastHeardAgoMs: number;
}
