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

/** Events of a record. */
export interface RecordedEvents {
  readonly events: readonly TimedEvent[];
  /** True if the oldest events, or some of many equal ones in a row, were left out. */
  readonly isCut: boolean;
}

/**
 * Returns the events of stored runs in the order in which they were processed. Leaves out the runs of a fault before the
 * first one with its state: earlier runs of it were removed.
 * @param runs in the order of their ids
 * @param maxEvents bounds the memory; beyond it, the newest runs count
 */
export function recordedEvents(runs: readonly ReportRun[], maxEvents = MAX_REPLAYED_EVENTS): RecordedEvents {
  const { newest, times, isCut } = newestRuns(runs, maxEvents);
  const events: (TimedEvent & { readonly segment: number; readonly id: number })[] = [];
  const known = new Set(['']);
  newest.forEach((run, at) => {
    const { id, segment, event, startNs, before } = run;
    const { code } = event;
    const isFirst = !known.has(code);
    if (isFirst && before === undefined) return;
    known.add(code);
    events.push({ timeNs: startNs, event, segment, id, ...(isFirst && before !== undefined && { before }) });
    for (const timeNs of times[at]!) events.push({ timeNs, event, segment, id });
  });
  events.sort((a, b) => a.segment - b.segment || Number(a.timeNs - b.timeNs) || a.id - b.id);
  return { events, isCut };
}

/** One run may use this part of the events, so that a node which repeats one report does not displace the rest. */
const SHARE_OF_RUN = 20;

/** Selects the newest runs with at most `maxEvents` events, with the times of their repetitions. */
function newestRuns(runs: readonly ReportRun[], maxEvents: number) {
  const times: (readonly bigint[])[] = [];
  const maxCounted = Math.ceil(maxEvents / SHARE_OF_RUN);
  let left = maxEvents;
  let isThinned = false;
  let at = runs.length;
  for (; at > 0; at -= 1) {
    const run = runs[at - 1]!;
    const repetitions = repetitionsOf(run, maxCounted);
    left -= 1 + repetitions.length;
    if (left < 0) break;
    if (run.more > maxCounted) isThinned = true;
    times.push(repetitions);
  }
  return { newest: runs.slice(at), times: times.reverse(), isCut: at > 0 || isThinned };
}

/** Returns the times of the repetitions. Of those that were only counted, returns at most `maxCounted`, spaced evenly. */
function repetitionsOf({ startNs, times, more, untilNs }: ReportRun, maxCounted: number): readonly bigint[] {
  const exact = decodeTimes(times, startNs);
  if (more === 0) return exact;
  const lastNs = exact.at(-1) ?? startNs;
  const count = Math.min(more, maxCounted);
  const counted = Array.from(
    { length: count },
    (_, at) => lastNs + ((untilNs - lastNs) * BigInt(at + 1)) / BigInt(count),
  );
  return [...exact, ...counted];
}
