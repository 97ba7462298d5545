import type { Fault, FaultSeverity, FaultStatus } from '@medkit/core';
import type { DebounceBand } from '../debounce/debounce-band.ts';
import type { DebounceEvent } from '../debounce/debounce-event.ts';

/** A FAILED report that left its fault unconfirmed. Figures, severity and source are those of this one report. */
export interface NearMiss {
  readonly faultCode: string;
  readonly occurredAtNs: bigint;
  /** The counter after the report. */
  readonly counter: number;
  /** The threshold of the report's source; the counter was still above it. */
  readonly confirmationThreshold: number;
  readonly severity: FaultSeverity;
  readonly source: string;
  /** The runtime that knows `source` by this name; absent where that is not known. */
  readonly runtime?: string;
  /** PREFAILED or PREPASSED on an approach, HEALED on the way back into a fault that healed; '' in old databases. */
  readonly resultingStatus: FaultStatus | '';
}

/** The near miss that an event left behind, if it is one. */
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
