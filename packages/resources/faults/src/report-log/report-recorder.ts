import type { Fault } from '@medkit/core';
import { MAX_EXACT_REPETITIONS, type RecordedEvent, type ReportRun, RUNS_PER_STATE } from './report-run.ts';
import { appendTime, wholeMicroseconds } from './report-times.ts';

/** The end of a stored report log; zeros for an empty one. */
export interface ReportLogEnd {
  readonly id: number;
  readonly segment: number;
}

interface OpenRun {
  readonly id: number;
  readonly event: RecordedEvent;
  readonly segment: number;
  readonly startNs: bigint;
  /** The exact times, encoded, and their number. */
  readonly octets: number[];
  exact: number;
  more: number;
  untilNs: bigint;
  /** Number of runs of this fault since its state was last stored. */
  readonly sinceState: number;
}

/**
 * Turns processed events into the rows of the report log. Every returned run is complete and replaces the row with its
 * id, so that a refused write is corrected by the next one.
 */
export class ReportRecorder {
  /** The last run of each fault; as many entries as the fault memory has codes. */
  readonly #open = new Map<string, OpenRun>();
  #id: number;
  #segment: number;
  #lastNs = 0n;

  constructor({ id, segment }: ReportLogEnd) {
    this.#id = id;
    this.#segment = segment;
  }

  /** Records the start of the manager at wall time `wallNs`. */
  start(wallNs: bigint): ReportRun {
    this.#segment += 1;
    this.#open.clear();
    return this.#begin({ kind: 'start', code: '', source: '' }, undefined, wholeMicroseconds(wallNs));
  }

  /** Records an event that was processed at wall time `wallNs`; `before` is the fault before it. */
  add(event: RecordedEvent, before: Fault | undefined, wallNs: bigint): ReportRun {
    const nowNs = wholeMicroseconds(wallNs);
    const last = this.#open.get(event.code);
    if (nowNs < this.#lastNs) this.#segment += 1;
    // A run of which the last time is not after every other event could not be put back into the order of events.
    const continues = last && last.segment === this.#segment && nowNs > this.#lastNs && isSameEvent(last.event, event);
    this.#lastNs = nowNs;
    if (!continues) return this.#begin(event, before, nowNs);
    if (last.exact < MAX_EXACT_REPETITIONS) {
      appendTime(last.octets, nowNs - last.untilNs);
      last.exact += 1;
    } else last.more += 1;
    last.untilNs = nowNs;
    return runOf(last);
  }

  /** Forgets faults that were removed to make room for others. */
  forget(codes: readonly string[]): void {
    for (const code of codes) this.#open.delete(code);
  }

  #begin(event: RecordedEvent, before: Fault | undefined, nowNs: bigint): ReportRun {
    const { code } = event;
    this.#lastNs = nowNs;
    const runs = (this.#open.get(code)?.sinceState ?? RUNS_PER_STATE) + 1;
    const storesState = code !== '' && runs > RUNS_PER_STATE;
    const run: OpenRun = {
      id: ++this.#id,
      event,
      segment: this.#segment,
      startNs: nowNs,
      octets: [],
      exact: 0,
      more: 0,
      untilNs: nowNs,
      sinceState: storesState ? 1 : runs,
    };
    if (code !== '') this.#open.set(code, run);
    return storesState ? { ...runOf(run), before: before ?? null } : runOf(run);
  }
}

function runOf({ id, segment, event, startNs, octets, more, untilNs }: OpenRun): ReportRun {
  return { id, segment, event, startNs, times: Uint8Array.from(octets), more, untilNs };
}

function isSameEvent(one: RecordedEvent, other: RecordedEvent): boolean {
  if (one.kind !== other.kind || one.source !== other.source) return false;
  if (one.kind === 'start' || other.kind === 'start') return false;
  if (one.kind === 'clear' || other.kind === 'clear') return false;
  return one.severity === other.severity && one.runtime === other.runtime && one.condition === other.condition;
}
