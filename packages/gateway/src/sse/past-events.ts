import { LOCAL, type Origin } from '@medkit/core';
import type { EventSource } from './event-log.ts';
import type { SharedReads } from './shared-reads.ts';

/** Past events that are read at a time. */
const PAGE = 100;

/** The past events of one log for one reader, as far as they were read and not yet sent. */
export interface Tail<Event extends { readonly id: number }> {
  readonly origin: Origin;
  readonly reads: SharedReads<Event>;
  /** Number of the last event that was read; unknown where it is not known yet where to begin. */
  lastId: number | undefined;
  events: readonly Event[];
  /** How many of these were taken. */
  taken: number;
  /** The log was read to its end. */
  isAtEnd: boolean;
  /** An event came since it was read last. */
  isBehind: boolean;
  /** No event comes any more. */
  isOver: boolean;
  /** It cannot be read now: it waits until the log can be. */
  isWaiting: boolean;
  /** The client knows that it cannot be read. */
  isTold: boolean;
}

/** A tail of the events after the one with number `id`. */
export function tailOf<Event extends { readonly id: number }>(
  origin: Origin,
  reads: SharedReads<Event>,
  id: number | undefined,
): Tail<Event> {
  const place = { lastId: id, events: [], taken: 0, isAtEnd: false, isBehind: false };
  return { origin, reads, ...place, isOver: false, isWaiting: false, isTold: false };
}

/** True where it has to be read on before it is known what comes next. */
export function isHungry<Event extends { readonly id: number }>(tail: Tail<Event>): boolean {
  return !tail.isWaiting && tail.taken === tail.events.length && (!tail.isAtEnd || tail.isBehind);
}

/** Reads a tail on behind its last event; gives how many events are lost before the next. */
export async function readOn<Event extends { readonly id: number }>(
  tail: Tail<Event>,
  lastId: number,
): Promise<number> {
  tail.isBehind = false;
  const { events, oldestId, ended = false } = await tail.reads.page(lastId, PAGE);
  // Its log began anew meanwhile: it is read from there.
  if (tail.lastId !== lastId) return 0;
  const lost = lastId > 0 ? oldestId - 1 - lastId : 0;
  tail.events = events;
  tail.taken = 0;
  tail.isAtEnd = events.length === 0;
  tail.isOver = ended;
  tail.lastId = events.at(-1)?.id ?? Math.max(lastId, oldestId - 1);
  return Math.max(0, lost);
}

/** Takes the event that happened first from the tails that have one; of two at once that of this gateway. */
export function takeFirst<Event extends { readonly id: number }>(
  tails: readonly Tail<Event>[],
  timeOf: EventSource<Event>['timeOf'],
): { readonly event: Event; readonly tail: Tail<Event> } | undefined {
  let first: Tail<Event> | undefined;
  let earliest: Event | undefined;
  for (const tail of tails) {
    const event = tail.events[tail.taken];
    if (!event) continue;
    if (earliest !== undefined && !isBefore(timeOf(event), timeOf(earliest), tail.origin)) continue;
    first = tail;
    earliest = event;
  }
  if (!first || !earliest) return undefined;
  first.taken++;
  return { event: earliest, tail: first };
}

function isBefore(time: bigint | number, other: bigint | number, origin: Origin): boolean {
  return time < other || (time === other && origin === LOCAL);
}
