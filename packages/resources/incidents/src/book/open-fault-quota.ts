import { LOCAL, type Log, type Origin } from '@medkit/core';
import { type Clock, Quota, type QuotaFigures } from '@medkit/edges';
import { endOf, type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';

/** Code of the fault that stands for the omitted open faults of a gateway. */
const OMITTED_FAULTS_CODE = 'X_MEDKIT_FAULTS_LEFT_OUT';
/** Fraction of the quota that must be free before the faults of a gateway are admitted again. */
const FREE_AGAIN = 0.1;

/** Bounds the open faults that incidents accept from each other gateway. */
export interface OpenFaultQuota {
  /** Returns whether a new fault is accepted. For the others, `summaries` returns one fault for each gateway. */
  admits(occurrence: Occurrence): boolean;
  /** Counts an occurrence in its current state. */
  count(occurrence: Occurrence): void;
  forget(key: string): void;
  /** Returns the summary faults that began or ended since the last call. */
  summaries(): readonly Occurrence[];
  /** Returns the gateways with omitted open faults. */
  origins(): readonly Origin[];
  /** Counts of the open faults of other gateways. */
  figures(): QuotaFigures;
}

interface OpenFaultQuotaOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly maxOccurrences: number;
}

/**
 * Creates the bound from the known occurrences. Open faults of other gateways may use half of all places, and each
 * gateway at most half of what the others leave. The fault manager of this gateway bounds its own faults.
 */
export function openFaultQuota(
  { clock, log, maxOccurrences }: OpenFaultQuotaOptions,
  known: Iterable<Occurrence>,
): OpenFaultQuota {
  const quota = new Quota(Math.max(1, Math.floor(maxOccurrences / 2)));
  const open = new Map<string, Origin>();
  const summaries = new Map<Origin, Occurrence>();
  let changed: Occurrence[] = [];

  const forget = (key: string): void => {
    const origin = open.get(key);
    if (origin === undefined) return;
    open.delete(key);
    quota.release(origin);
    if (quota.heldBy(origin) <= quota.shareOf(origin) * (1 - FREE_AGAIN)) end(origin);
  };
  const count = (occurrence: Occurrence): void => {
    const { origin, code } = occurrence;
    if (origin === LOCAL) return;
    const isOpen = endOf(occurrence) === undefined;
    if (code === OMITTED_FAULTS_CODE) {
      if (isOpen) summaries.set(origin, occurrence);
      return;
    }
    const key = occurrenceKey(occurrence);
    if (!isOpen) forget(key);
    else if (!open.has(key)) {
      open.set(key, origin);
      quota.add(origin);
    }
  };
  const begin = (cause: Occurrence): void => {
    const nowMs = clock.wallMs();
    const { origin } = cause;
    const summary: Occurrence = {
      origin,
      code: OMITTED_FAULTS_CODE,
      number: 1,
      description: `The gateway ${origin} has more open faults than this gateway groups into incidents: see the list of faults of that gateway`,
      severity: cause.severity,
      beganMs: nowMs,
      startedMs: nowMs,
      reportedMs: nowMs,
      recordings: [],
      related: [],
    };
    summaries.set(origin, summary);
    changed.push(summary);
    log('warn', `${summary.description}. The other faults form one incident`);
  };
  const end = (origin: Origin): void => {
    const summary = summaries.get(origin);
    if (!summary) return;
    summaries.delete(origin);
    changed.push({ ...summary, healedMs: clock.wallMs() });
  };
  for (const each of known) count(each);

  return {
    admits: (occurrence) => {
      const { origin, severity } = occurrence;
      if (origin === LOCAL) return true;
      const summary = summaries.get(origin);
      if (endOf(occurrence) !== undefined) return summary === undefined;
      if (quota.admits(origin)) return true;
      quota.refuse();
      if (!summary) begin(occurrence);
      else if (severity > summary.severity) {
        const worse = { ...summary, severity, reportedMs: clock.wallMs() };
        summaries.set(origin, worse);
        changed.push(worse);
      }
      return false;
    },
    count,
    forget,
    summaries: () => {
      const now = changed;
      changed = [];
      return now;
    },
    origins: () => [...summaries.keys()],
    figures: () => quota.figures(),
  };
}
