import type { Fault, FaultReport } from '@medkit/core';
import { isSeverity } from '../fault/severity.ts';
import type { RecordedEvent } from './report-run.ts';

/** Returns the event of an admitted report that is stored under its code. */
export function recordedReport({ code, event, severity, source, runtime, condition }: FaultReport): RecordedEvent {
  const kind = event === 'FAILED' ? 'failed' : 'passed';
  return {
    kind,
    code,
    source,
    ...(runtime !== undefined && { runtime }),
    ...(condition !== undefined && { condition: condition.key }),
    ...(kind === 'failed' && isSeverity(severity) && { severity }),
  };
}

/** Returns the event of a clear. */
export function recordedClear(code: string, cascade: boolean, client = ''): RecordedEvent {
  return { kind: 'clear', code, source: client, cascade };
}

/** Returns the wall time at which an event changed a fault; `undefined` if the fault does not have it. */
export function processedNs(
  { kind }: Pick<RecordedEvent, 'kind'>,
  before: Fault | undefined,
  { lastOccurredNs, lastPassedNs, clearedAtNs }: Fault,
): bigint | undefined {
  if (kind === 'failed') return lastOccurredNs;
  if (kind === 'clear') return clearedAtNs;
  return lastPassedNs === before?.lastPassedNs ? undefined : lastPassedNs;
}

/** Returns the report of a recorded event, without its description, which no rule depends on. */
export function reportOfRecorded(event: Extract<RecordedEvent, { kind: 'failed' | 'passed' }>): FaultReport {
  const { kind, code, source, runtime, condition, severity = 0 } = event;
  return {
    code,
    event: kind === 'failed' ? 'FAILED' : 'PASSED',
    severity,
    description: '',
    source,
    ...(runtime !== undefined && { runtime }),
    ...(condition !== undefined && { condition: { key: condition } }),
  };
}
