import type { FleetIssue, FleetIssueChange } from '@medkit/contract';
import { timeMs } from '../time/times.ts';

type Until = NonNullable<FleetIssueChange['until']>;
/** Present numbers of an issue, over the whole fleet. */
type Counts = Pick<FleetIssue, 'robots' | 'occurrences'>;

/**
 * Returns the change that restores the decision that an issue had before. Limits of a change count from now, those of
 * an issue from zero. Issues without a decision become ongoing: the states `new` and `regressed` cannot be set.
 */
export function undoOf(
  { state, decided }: Pick<FleetIssue, 'state' | 'decided'>,
  { robots, occurrences }: Counts,
  nowMs: number,
): FleetIssueChange {
  if (state === 'resolved') return { state, ...(decided?.in_version && { in_version: decided.in_version }) };
  if (state === 'muted') return { state };
  if (state !== 'ignored') return { state: 'ongoing' };
  const moreRobots = (decided?.until_robots ?? 0) - robots;
  const moreOccurrences = (decided?.until_occurrences ?? 0) - occurrences;
  const until: Until = {
    ...(moreRobots > 0 && { robots: moreRobots }),
    ...(moreOccurrences > 0 && { occurrences: moreOccurrences }),
    ...(decided?.until && Date.parse(decided.until) > nowMs && { date: decided.until }),
  };
  return Object.keys(until).length === 0 ? { state: 'ongoing' } : { state, until };
}

/** The typed limits of an ignored issue; an empty text is no limit. */
export interface IgnoreDraft {
  readonly robots: string;
  readonly occurrences: string;
  /** Value of a `datetime-local` input. */
  readonly date: string;
}
export type IgnoreProblem = 'count' | 'date' | 'past' | 'none';
/** The problem of each field; `robots` has the problem that all are empty. */
export type IgnoreProblems = Readonly<Partial<Record<keyof IgnoreDraft, IgnoreProblem>>>;

const COUNT = /^[1-9]\d{0,8}$/;

/** Parses the limits of an ignored issue. */
export function parseIgnoring(
  draft: IgnoreDraft,
  nowMs: number,
): { readonly until: Until } | { readonly problems: IgnoreProblems } {
  const [robots, occurrences, date] = [draft.robots.trim(), draft.occurrences.trim(), draft.date.trim()];
  if (!robots && !occurrences && !date) return { problems: { robots: 'none' } };
  const ms = timeMs(date);
  const problems: IgnoreProblems = {
    ...(robots && !COUNT.test(robots) && { robots: 'count' }),
    ...(occurrences && !COUNT.test(occurrences) && { occurrences: 'count' }),
    ...(date && ms === undefined && { date: 'date' }),
    ...(ms !== undefined && ms <= nowMs && { date: 'past' }),
  };
  if (Object.keys(problems).length > 0) return { problems };
  return {
    until: {
      ...(robots && { robots: Number(robots) }),
      ...(occurrences && { occurrences: Number(occurrences) }),
      ...(ms !== undefined && { date: new Date(ms).toISOString() }),
    },
  };
}
