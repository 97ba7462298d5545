import type { Timer } from '@medkit/edges';
import type { Message } from '../outbox/outbox-rows.ts';

/** A waiting delivery. Its message stays on disk until it is sent. */
export interface Waiting {
  readonly id: number;
  readonly octets: number;
  /** Failed attempts so far. */
  attempts: number;
  /** How long it had waited at the monotonic time `sinceMs`. */
  readonly waitedMs: number;
  readonly sinceMs: number;
}

/** Waiting deliveries of one source to one target, which are sent strictly in order. */
export interface SourceQueue {
  readonly source: string;
  /** By number, oldest first. */
  readonly waiting: Map<number, Waiting>;
  /** Messages read ahead for the next deliveries. */
  messages: ReadonlyMap<number, Message>;
  /** The delivery in progress. */
  underWay: Waiting | undefined;
  /** Consecutive failed attempts, across deliveries. */
  failures: number;
  /** Timer of the next attempt after a failure. */
  retry: { readonly timer: Timer; readonly atMs: number } | undefined;
}

/** Maximum messages read ahead, and their size in bytes. */
const AHEAD = { messages: 16, octets: 262_144 };

export function emptySourceQueue(source: string): SourceQueue {
  return { source, waiting: new Map(), messages: new Map(), underWay: undefined, failures: 0, retry: undefined };
}

/** Returns the next deliveries of a source queue to read together, at least one. */
export function readAhead({ waiting }: SourceQueue): readonly number[] {
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
