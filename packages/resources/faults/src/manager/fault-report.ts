import { shortened } from '@medkit/contract';
import type { FaultReport as ReportedFault } from '@medkit/core';
import type { DebounceEvent } from '../debounce/debounce-event.ts';
import { faultCodeProblem } from '../fault/fault-code.ts';
import { MAX_CONDITION_KEY_LENGTH } from '../fault/fault-conditions.ts';
import { isSeverity } from '../fault/severity.ts';
import type { BufferedTopic } from '../topic-sampler.ts';

/** A report of a fault with its evidence. The source is any text that identifies the reporter. */
export interface FaultReport extends ReportedFault {
  /** The reporter's evidence, captured together with the topics if this report confirms the fault. */
  readonly evidence?: readonly BufferedTopic[];
}

/** Later knowledge of a reporter, such as why a goal was aborted, from a server that answered late. */
export interface FaultAmendment {
  readonly code: string;
  /** Replaces the description of the report. */
  readonly description: string;
  readonly evidence?: readonly BufferedTopic[];
}

/** Maximum length of a source. A longer one is refused and not cut, because a cut name would be a different source. */
export const MAX_SOURCE_LENGTH = 512;
/** Maximum length of a description. A longer one is cut and ends with an ellipsis. */
export const MAX_DESCRIPTION_LENGTH = 4096;

/** Returns the debounce event of a report, or why it is refused. */
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
      description: shortened(description, MAX_DESCRIPTION_LENGTH).toWellFormed(),
      ...reporter,
      ...about,
    },
  };
}
