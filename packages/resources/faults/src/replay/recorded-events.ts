import type { Fault } from '@medkit/core';
import type { RecordedEvent, ReportRun } from '../report-log/report-run.ts';
import { decodeTimes } from '../report-log/report-times.ts';

/** A recorded event at its time. */
export interface TimedEvent {
  /** Wall time, nanoseconds since 1970. */
  readonly timeNs: bigint;
  readonly event: RecordedEvent;
  /** The fault before the first recorded event of its code; `null` if it did not exist. */
  readonly before?: Fault | null;
}

/** Maximum events of one replay: about 1 GB of memory. Beyond it, the newest count. */
export const MAX_REPLAYED_EVENTS = 5_000_000;

/**
 * Returns the events of stored runs in the order in which they were processed. Leaves out the runs of a fault before the
 * first one with its state: earlier runs of it were removed.
 * @param runs in the order of their ids
 */
export function recordedEvents(runs: readonly ReportRun[]): readonly TimedEvent[] {
  const events: (TimedEvent & { readonly segment: number; readonly id: number })[] = [];
  const known = new Set(['']);
  for (const run of runs) {
    const { id, segment, event, startNs, before } = run;
    const { code } = event;
    const isFirst = !known.has(code);
    if (isFirst && before === undefined) continue;
    known.add(code);
    events.push({ timeNs: startNs, event, segment, id, ...(isFirst && before !== undefined && { before }) });
    for (const timeNs of repetitionsOf(run)) events.push({ timeNs, event, segment, id });
  }
  events.sort((a, b) => a.segment - b.segment || Number(a.timeNs - b.timeNs) || a.id - b.id);
  return events.slice(-MAX_REPLAYED_EVENTS);
}

/** Returns the times of the repetitions; those that were only counted are spaced evenly. */
function repetitionsOf({ startNs, times, more, untilNs }: ReportRun): readonly bigint[] {
  const exact = decodeTimes(times, startNs);
  if (more === 0) return exact;
  const lastNs = exact.at(-1) ?? startNs;
  const count = BigInt(Math.min(more, MAX_REPLAYED_EVENTS));
  const counted = Array.from(
    { length: Number(count) },
    (_, at) => lastNs + ((untilNs - lastNs) * BigInt(at + 1)) / count,
  );
  return [...exact, ...counted];
}
