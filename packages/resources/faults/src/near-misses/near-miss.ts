import type { Fault, FaultSeverity, FaultStatus } from '@medkit/core';
import type { DebounceBand } from '../debounce/debounce-band.ts';
import type { DebounceEvent } from '../debounce/debounce-event.ts';

/** A FAILED report that left its fault unconfirmed. Counter, severity and source belong to this report. */
export interface NearMiss {
  readonly faultCode: string;
  readonly occurredAtNs: bigint;
  /** The counter after the report. */
  readonly counter: number;
  /** The threshold of the report's source; the counter was still above it. */
  readonly confirmationThreshold: number;
  readonly severity: FaultSeverity;
  readonly source: string;
  /** The runtime that knows `source` by this name; absent if unknown. */
  readonly runtime?: string;
  /** PREFAILED or PREPASSED before a confirmation, HEALED if a healed fault fails again; '' in old databases. */
  readonly resultingStatus: FaultStatus | '';
}

/** Returns the near miss of an event, if it is one. */
export function nearMissOf(
  fault: Fault | undefined,
  event: DebounceEvent,
  { confirmationThreshold }: DebounceBand,
): NearMiss | undefined {
  if (event.kind !== 'failed' || fault === undefined || fault.status === 'CONFIRMED') return undefined;
  return {
    faultCode: fault.code,
    occurredAtNs: fault.lastOccurredNs,
    counter: fault.counter,
    confirmationThreshold,
    severity: event.severity,
    source: event.source,
    ...(event.runtime !== undefined && { runtime: event.runtime }),
    resultingStatus: fault.status,
  };
}
