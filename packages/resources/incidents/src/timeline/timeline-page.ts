import type { TimelineRow } from '@medkit/contract';
import { byTime, type TimelineEntry } from './timeline-entry.ts';

export interface TimelinePage {
  /** Earliest first. */
  readonly items: readonly TimelineRow[];
  /** `cursor` of the next page, if there is one. */
  readonly next?: string;
}

/**
 * Returns one page of a timeline. A cursor holds the time of the last returned row, and the number of returned rows
 * with this time.
 */
export function timelinePage(
  entries: readonly TimelineEntry[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): TimelinePage {
  const sorted = entries.toSorted(byTime);
  const [afterMs, returned] = timelinePlace(cursor) ?? [Number.NEGATIVE_INFINITY, 0];
  let begin = sorted.findIndex(({ atMs }) => atMs >= afterMs);
  if (begin === -1) return { items: [] };
  for (let left = returned; left > 0 && sorted[begin]?.atMs === afterMs; left -= 1) begin += 1;
  const page = sorted.slice(begin, begin + limit);
  const last = page.at(-1);
  const items = page.map(({ atMs, row }) => ({ at: new Date(Math.round(atMs)).toISOString(), ...row }));
  if (!last || begin + limit >= sorted.length) return { items };
  const ofMoment = sorted.slice(0, begin + limit).filter(({ atMs }) => atMs === last.atMs).length;
  return { items, next: `${last.atMs}~${ofMoment}` };
}

/** Parses a cursor; returns `undefined` if it is invalid. */
export function timelinePlace(cursor: string | undefined): readonly [afterMs: number, returned: number] | undefined {
  const [ms, returned] = (cursor ?? '').split('~').map((part) => (part === '' ? Number.NaN : Number(part)));
  return Number.isFinite(ms) && Number.isSafeInteger(returned) ? [ms!, returned!] : undefined;
}
