import type { Timer } from '@medkit/edges';
import type { Message } from '../outbox/outbox-rows.ts';

/** A delivery that waits. What is delivered stays on disk until it is sent. */
export interface Waiting {
  readonly id: number;
  readonly octets: number;
  /** Tries in vain so far. */
  attempts: number;
  /** How long it had waited, at the monotonic time `sinceMs`. */
  readonly waitedMs: number;
  readonly sinceMs: number;
}

/** What waits at a target of one source: strictly one after the other. */
export interface Lane {
  readonly source: string;
  /** By number, oldest first. */
  readonly waiting: Map<number, Waiting>;
  /** Read ahead, for those in front. */
  messages: ReadonlyMap<number, Message>;
  /** The delivery that is being tried. */
  underWay: Waiting | undefined;
  /** Tries in a row in vain, of whichever delivery. */
  failures: number;
  /** Runs until the next try after one in vain. */
  retry: { readonly timer: Timer; readonly atMs: number } | undefined;
}

/** Messages read ahead at most, and their octets. */
const AHEAD = { messages: 16, octets: 262_144 };

export function emptyLane(source: string): Lane {
  return { source, waiting: new Map(), messages: new Map(), underWay: undefined, failures: 0, retry: undefined };
}

/** The next ones of a lane that are read together, at least one. */
export function readAhead({ waiting }: Lane): readonly number[] {
  const ids: number[] = [];
  let octets = 0;
  for (const next of waiting.values()) {
    octets += next.octets;
    if (ids.length > 0 && (octets > AHEAD.octets || ids.length >= AHEAD.messages)) break;
    ids.push(next.id);
  }
  return ids;
}

export function waitedMs({ waitedMs: before, sinceMs }: Waiting, nowMs: number): number {
  return Math.round(before + nowMs - sinceMs);
}
