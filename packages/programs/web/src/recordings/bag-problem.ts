import type { recordingTexts } from './texts.ts';

/** Kind of a problem with a recording; `bagProblemText` has the messages. */
export type BagProblemKind = keyof typeof recordingTexts.problems;

/**
 * A recording, or a part of it, cannot be read. The message is the kind of problem, optionally followed by a colon and
 * a detail.
 */
export class BagProblem extends Error {
  override readonly name = 'BagProblem';

  constructor(kind: BagProblemKind, detail: string | number = '') {
    super(detail === '' ? kind : `${kind}: ${detail}`);
  }
}

/** Maximum bytes of one read from the network or from a compressed chunk. */
export const MAX_OCTETS = 16 * 1024 * 1024;

/** Returns a length claimed by a file as a number. Throws `BagProblem` if it exceeds `MAX_OCTETS`. */
export function boundedLength(length: bigint): number {
  if (length < 0n || length > BigInt(MAX_OCTETS)) throw new BagProblem('too-large', String(length));
  return Number(length);
}

/** Returns the message of a thrown value, to send it to another thread. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
