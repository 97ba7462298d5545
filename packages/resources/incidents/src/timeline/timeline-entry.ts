import type { TimelineRow } from '@medkit/contract';

/** A stored row of a timeline. */
export interface TimelineEntry {
  /** Equal for duplicates of the same row. */
  readonly key: string;
  /** Time of the event, milliseconds of the local wall clock. */
  readonly atMs: number;
  /** The row without its time. */
  readonly row: Omit<TimelineRow, 'at'>;
}

/** A time range, milliseconds. */
export interface TimelineSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Compares entries by time, earliest first, with a fixed order for equal times. */
export function byTime(one: TimelineEntry, other: TimelineEntry): number {
  return one.atMs - other.atMs || (one.key < other.key ? -1 : Number(one.key > other.key));
}
