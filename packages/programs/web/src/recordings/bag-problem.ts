import type { Texts } from '../texts/en.ts';

/** Why a recording, or a part of it, cannot be read; what `problemInWords` says of each. */
export type BagProblemKind = keyof Texts['recordings']['problems'];

/** A recording, or a part of it, cannot be read. The message is the kind of the problem, and behind a colon what it is about. */
export class BagProblem extends Error {
  override readonly name = 'BagProblem';

  constructor(kind: BagProblemKind, detail: string | number = '') {
    super(detail === '' ? kind : `${kind}: ${detail}`);
  }
}

/** More octets than this are never taken at once, neither from the network nor out of a compressed chunk. */
export const MAX_OCTETS = 16 * 1024 * 1024;

/** A length that a file claims, as a number. Throws `BagProblem` where it is more than anybody wants to have in memory. */
export function boundedLength(length: bigint): number {
  if (length < 0n || length > BigInt(MAX_OCTETS)) throw new BagProblem('too-large', String(length));
  return Number(length);
}

/** What was thrown, as a text for another thread. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
