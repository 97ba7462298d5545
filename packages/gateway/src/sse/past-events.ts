import { LOCAL, type Origin } from '@medkit/core';
import type { EventSource } from './event-log.ts';
import type { SharedReads } from './shared-reads.ts';

/** Past events per read. */
const PAGE = 100;

/** The past events of one log for one reader that are read and not yet sent. */
export interface Tail<Event extends { readonly id: number }> {
  readonly origin: Origin;
  readonly reads: SharedReads<Event>;
  /** Number of the last event read; `undefined` until the start position is known. */
  lastId: number | undefined;
  events: readonly Event[];
  /** Number of these events that were taken. */
  taken: number;
  /** The log was read to its end. */
  isAtEnd: boolean;
  /** An event arrived since the last read. */
  isBehind: boolean;
  /** No more events will come. */
  isOver: boolean;
  /** The log cannot be read now: the tail waits until it can. */
  isWaiting: boolean;
  /** The client was informed that the log cannot be read. */
  isReported: boolean;
}

/** Returns a tail of the events after number `id`. */
export function openTail<Event extends { readonly id: number }>(
  origin: Origin,
  reads: SharedReads<Event>,
  id: number | undefined,
): Tail<Event> {
  const place = { lastId: id, events: [], taken: 0, isAtEnd: false, isBehind: false };
  return { origin, reads, ...place, isOver: false, isWaiting: false, isReported: false };
}

/** Returns whether the tail must be read before its next event is known. */
export function needsRead<Event extends { readonly id: number }>(tail: Tail<Event>): boolean {
  return !tail.isWaiting && tail.taken === tail.events.length && (!tail.isAtEnd || tail.isBehind);
}

/** Reads a tail after its last event; returns how many events are lost before the next. */
export async function readNext<Event extends { readonly id: number }>(
  tail: Tail<Event>,
  lastId: number,
): Promise<number> {
  tail.isBehind = false;
  const { events, oldestId, ended = false } = await tail.reads.page(lastId, PAGE);
  // Its log restarted in the meantime: it is read from there.
  if (tail.lastId !== lastId) return 0;
  const lost = lastId > 0 ? oldestId - 1 - lastId : 0;
  tail.events = events;
  tail.taken = 0;
  tail.isAtEnd = events.length === 0;
  tail.isOver = ended;
  tail.lastId = events.at(-1)?.id ?? Math.max(lastId, oldestId - 1);
  return Math.max(0, lost);
}

/** Takes the oldest event of all tails; at equal times, takes the event of this gateway. */
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
