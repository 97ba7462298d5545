import type { TimelineRow } from '@medkit/contract';

/** A row of a timeline as it is kept. */
export interface TimelineEntry {
  /** The same for what is told twice. */
  readonly key: string;
  /** When it happened, wall clock here, milliseconds. */
  readonly atMs: number;
  /** All of it but the time. */
  readonly row: Omit<TimelineRow, 'at'>;
}

/** From the earliest to the latest; of two of one moment always the same first. */
export function byTime(one: TimelineEntry, other: TimelineEntry): number {
  return one.atMs - other.atMs || (one.key < other.key ? -1 : Number(one.key > other.key));
}
