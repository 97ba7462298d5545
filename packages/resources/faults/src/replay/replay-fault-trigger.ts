import { FAULT_SEVERITIES } from '@medkit/contract';
import type { DataReading } from '@medkit/core';
import { isCrossed } from '@medkit/core/faults';
import type { FaultTriggerRule } from '../fault-triggers/fault-trigger.ts';
import { type SelectedNumber, selectNumber } from '../fault-triggers/select-number.ts';
import { recordedClear, recordedReport } from '../report-log/recorded-event.ts';
import type { RecordedEvent } from '../report-log/report-run.ts';

/** A fault trigger that is replayed over recorded values. */
export interface FaultTriggerReplay {
  /** Takes the next value of its data item. */
  take(reading: Pick<DataReading, 'value' | 'type'>): void;
  /** Compares the last value, as the gateway does once per poll interval. Returns the report or the clear that follows. */
  poll(): RecordedEvent | undefined;
  /** Number of values with a number. */
  readonly judged: number;
  /** Why the last value has no number. */
  readonly problem: string | undefined;
  /** Number of polls with a value. */
  readonly polls: number;
  /** Whether the last poll found the value beyond the threshold. */
  readonly crossed: boolean;
  /** Whether the next poll would find a change. */
  readonly changes: boolean;
}

/**
 * Replays a fault trigger with the functions of the gateway. The app id is the source of the reports, because a
 * recording does not contain nodes.
 */
export function replayFaultTrigger(rule: FaultTriggerRule): FaultTriggerReplay {
  const { faultCode: code, severity: label, appId: source } = rule;
  const severity = FAULT_SEVERITIES.longLabels.indexOf(label);
  const failed = recordedReport({ code, event: 'FAILED', severity, description: '', source });
  let last: SelectedNumber | undefined;
  let crossed = false;
  let [judged, polls] = [0, 0];
  return {
    take: (reading) => {
      last = selectNumber(reading, rule.path);
      if ('value' in last) judged += 1;
    },
    poll: () => {
      if (last === undefined || 'problem' in last) return undefined;
      polls += 1;
      const wasCrossed = crossed;
      crossed = isCrossed(rule, last.value);
      if (crossed) return failed;
      // The fault code of a fault trigger is unique, so no other trigger reports this fault.
      return wasCrossed ? recordedClear(code, false) : undefined;
    },
    get judged() {
      return judged;
    },
    get problem() {
      return last && 'problem' in last ? last.problem : undefined;
    },
    get polls() {
      return polls;
    },
    get changes() {
      return last !== undefined && 'value' in last && isCrossed(rule, last.value) !== crossed;
    },
    get crossed() {
      return crossed;
    },
  };
}
