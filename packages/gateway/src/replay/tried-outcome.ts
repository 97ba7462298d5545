import { MAX_REPLAY_ITEMS, type TriedFaultDifference, type TriedOutcome } from '@medkit/contract';
import { isoMs } from '../history/past-query.ts';
import { type IncidentDifference, isRecent } from './outcome-difference.ts';
import type { ReplayResult } from './replay-folder.ts';
import type { Outcome } from './replay-outcome.ts';

/** Maximum codes and incidents in one item: a storm has thousands. */
const MAX_PARTS = 20;

export interface OutcomeSelection {
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  /** Counts and lists only this fault, if set. */
  readonly code?: string | undefined;
  readonly showsNotifications: boolean;
}

/** What was replayed. */
export interface ReplayedInput {
  /** Number of events or messages. */
  readonly count: number;
  /** Time of the first and of the last one, nanoseconds since 1970; absent if there is none. */
  readonly fromNs?: bigint;
  readonly toNs?: bigint;
  /** Number of damaged rows or messages, which were omitted. */
  readonly damaged: number;
  /** True if the oldest were omitted because of a limit. */
  readonly isCut: boolean;
}

/** Formats the result of a replay for the API, with bounded lists. */
export function triedOutcome(
  { count, fromNs, toNs, damaged, isCut }: ReplayedInput,
  { before, after, difference, deviations }: ReplayResult,
  { sinceMs, code, showsNotifications }: OutcomeSelection,
): Omit<TriedOutcome, 'not_evaluated' | 'remarks' | 'recordings'> {
  const matches = (other: string): boolean => code === undefined || other === code;
  const faults = difference.faults.filter((each) => matches(each.code));
  const incidents = difference.incidents.filter((each) =>
    [...each.before, ...each.after].some(({ codes }) => codes.some(matches)),
  );
  const notifications = difference.notifications.filter(({ root }) => matches(root));
  const counts = (number: (outcome: Outcome) => number) => ({ before: number(before), after: number(after) });
  const codes = [...new Set(deviations.filter((each) => matches(each.code)).map((each) => each.code))];
  return {
    since: isoMs(sinceMs),
    ...(fromNs !== undefined && { from: isoNs(fromNs) }),
    ...(toNs !== undefined && { to: isoNs(toNs) }),
    events: count,
    cut: isCut,
    damaged_rows: damaged,
    faults: {
      ...counts((outcome) => confirmedFaults(outcome, sinceMs, matches)),
      ...limited(
        faults,
        (each): TriedFaultDifference => ({
          is: each.is,
          fault_code: each.code,
          before: maybeIso(each.beforeMs),
          after: maybeIso(each.afterMs),
        }),
      ),
    },
    incidents: {
      ...counts(
        (outcome) =>
          outcome.incidents.filter(
            (entry) =>
              isRecent(sinceMs)(entry) && entry.group.members.some(({ occurrence }) => matches(occurrence.code)),
          ).length,
      ),
      ...limited(incidents, (each) => ({
        is: each.is,
        before: incidentsOf(each.before),
        after: incidentsOf(each.after),
      })),
    },
    ...(showsNotifications && {
      notifications: {
        ...counts(
          (outcome) => outcome.notifications.filter(({ atMs, root }) => atMs >= sinceMs && matches(root)).length,
        ),
        ...limited(notifications, (each) => each),
      },
    }),
    deviations: { total: deviations.filter((each) => matches(each.code)).length, codes: codes.slice(0, MAX_PARTS) },
  };
}

function limited<Item, Sent>(all: readonly Item[], send: (item: Item) => Sent) {
  return { differences: all.length, items: all.slice(0, MAX_REPLAY_ITEMS).map(send) };
}

/** Returns how many confirmed occurrences were active at `sinceMs` or later. */
function confirmedFaults({ faults }: Outcome, sinceMs: number, matches: (code: string) => boolean): number {
  return faults.occurrences.filter(
    ({ code, confirmedAtNs, endedNs }) =>
      confirmedAtNs !== 0n && matches(code) && (endedNs === 0n || Number(endedNs / 1000n) / 1000 >= sinceMs),
  ).length;
}

const incidentsOf = (all: IncidentDifference['before']) =>
  all.slice(0, MAX_PARTS).map(({ beganMs, codes }) => ({ began: isoMs(beganMs), codes: codes.slice(0, MAX_PARTS) }));

const maybeIso = (ms: number | null): string | null => (ms === null ? null : isoMs(ms));

/** Formats nanoseconds since 1970 in ISO 8601. */
export const isoNs = (ns: bigint): string => isoMs(Number(ns / 1_000_000n));
