import type { FaultReport as ReportedFault } from '@medkit/core';
import type { DebounceEvent } from '../debounce/debounce-event.ts';
import { faultCodeProblem } from '../fault/fault-code.ts';
import { MAX_CONDITION_KEY_LENGTH } from '../fault/fault-conditions.ts';
import { isSeverity } from '../fault/severity.ts';
import type { HeldTopic } from '../snapshots/sampler/topic-sampler.ts';

/** What a reporter says of a fault, and shows of it. Its source is any text that tells reporters apart. */
export interface FaultReport extends ReportedFault {
  /** What the reporter itself knows of the moment, captured with what topics say where this report confirms the fault. */
  readonly evidence?: readonly HeldTopic[];
}

/** What a reporter learns of a fault after it was reported: why a goal was aborted, of a server that answered late. */
export interface FaultAmendment {
  readonly code: string;
  /** Takes the place of the one that it was reported with. */
  readonly description: string;
  readonly evidence?: readonly HeldTopic[];
}

/** A source is a name, and is compared and listed: a longer one is refused rather than cut, since it would be another. */
export const MAX_SOURCE_LENGTH = 512;
/** A longer description is cut, and ends with an ellipsis. */
export const MAX_DESCRIPTION_LENGTH = 4096;

export function shortened(description: string): string {
  if (description.length <= MAX_DESCRIPTION_LENGTH) return description.toWellFormed();
  return `${description.slice(0, MAX_DESCRIPTION_LENGTH - 1).toWellFormed()}…`;
}

/** The event that a report is, or why it is none. */
export function admitReport(report: FaultReport): { readonly event: DebounceEvent } | { readonly refused: string } {
  const { code, severity, description, source, runtime, condition } = report;
  const problem = faultCodeProblem(code);
  if (problem !== undefined) return { refused: problem };
  if (source === '') return { refused: 'source_id cannot be empty' };
  if (source.length > MAX_SOURCE_LENGTH) return { refused: `source_id exceeds maximum length of ${MAX_SOURCE_LENGTH}` };
  const key = condition?.key;
  if (key !== undefined && key.length > MAX_CONDITION_KEY_LENGTH) {
    return { refused: `condition key exceeds maximum length of ${MAX_CONDITION_KEY_LENGTH}` };
  }
  const about = key === undefined ? {} : { condition: key };
  const reporter = { source, ...(runtime !== undefined && { runtime }) };
  if (report.event === 'PASSED') return { event: { kind: 'passed', ...reporter, ...about } };
  if (!isSeverity(severity)) return { refused: `severity ${severity} is not one of 0, 1, 2, 3` };
  return {
    event: {
      kind: 'failed',
      severity,
      description: shortened(description),
      ...reporter,
      ...about,
    },
  };
}
