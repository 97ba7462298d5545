import { type FaultOccurrence as OccurrenceItem, SovdError } from '@medkit/contract';
import type { FaultOccurrence } from '@medkit/core';
import { timestampNs } from '@medkit/entities';
import { endsOf } from './fault-item.ts';
import { seconds } from './fault-times.ts';

/** The requested period of occurrences, ISO 8601 times. */
export type FaultPeriod = Readonly<Partial<Record<'since' | 'until', string | undefined>>>;

/** Returns a test for occurrences that began by `until` and did not end before `since`. Throws `invalid-parameter`. */
export function periodTest({
  since,
  until,
}: FaultPeriod): (occurrence: Pick<FaultOccurrence, 'startedNs' | 'healedAtNs' | 'clearedAtNs'>) => boolean {
  const fromNs = since ? momentOf('since', since) : undefined;
  const toNs = until ? momentOf('until', until) : undefined;
  return ({ startedNs, healedAtNs, clearedAtNs }) => {
    const endedNs = healedAtNs > 0n ? healedAtNs : clearedAtNs;
    const isOver = fromNs !== undefined && endedNs > 0n && endedNs < fromNs;
    return !isOver && (toNs === undefined || startedNs <= toNs);
  };
}

function momentOf(parameter: string, text: string): bigint {
  const time = timestampNs(text);
  if (time !== undefined) return time;
  const message = `Invalid ${parameter}: must be a time of ISO 8601, such as 2026-02-04T10:30:00Z`;
  throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter, value: text } });
}

/** Converts one occurrence of a fault to a history item. */
export function occurrenceItem(occurrence: FaultOccurrence): OccurrenceItem {
  const { number, startedNs, confirmedAtNs, healedAtNs, clearedAtNs, clearedBy, missing } = occurrence;
  return {
    occurrence: number,
    first_occurred: seconds(startedNs),
    ...endsOf({ confirmedAtNs, healedAtNs, clearedAtNs, clearedBy }),
    ...(missing !== '' && { missing_evidence: missing }),
  };
}
