import type { FaultResult, ReceivedFault } from '@medkit/ingest';

/** State of a fault in the runtime or in the gateway: its result, and its number of occurrences in the session. */
export interface FaultLevel {
  /** `unknown`: the gateway has just started and must ask its fault manager. */
  readonly result: FaultResult | 'unknown';
  readonly occurrences: number;
}

/** The next report that brings the gateway's state closer to the runtime's. */
export interface NextReport {
  readonly event: 'FAILED' | 'PASSED';
  /** State of the gateway after the report is on disk. */
  readonly known: FaultLevel;
}

/**
 * Returns the next report that leads from `known`, the state on disk, to `received`, the last state of the runtime;
 * `undefined` if they are equal. A failure that came and went between two states shows only in the count: it is
 * reported as failed and then as passed. `untested` changes nothing: a fault heals only when its test passed.
 */
export function nextReport(known: FaultLevel, received: ReceivedFault): NextReport | undefined {
  const { result, occurrences } = received;
  if (occurrences > known.occurrences || (result === 'failed' && known.result !== 'failed')) {
    return { event: 'FAILED', known: { result: 'failed', occurrences: Math.max(occurrences, known.occurrences) } };
  }
  if (result === 'passed' && known.result !== 'passed') {
    return { event: 'PASSED', known: { result: 'passed', occurrences: known.occurrences } };
  }
  return undefined;
}
