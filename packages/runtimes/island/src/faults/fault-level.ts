import type { FaultResult, ReceivedFault } from '@medkit/ingest';

/** How a fault stands with the runtime, or with the gateway: its result, and how often it came in the session. */
export interface FaultLevel {
  /** `unknown`: of a gateway that has just started, which has to ask its fault manager. */
  readonly result: FaultResult | 'unknown';
  readonly occurrences: number;
}

/** What is to be reported next so that the gateway knows of a fault what the runtime does. */
export interface NextReport {
  readonly event: 'FAILED' | 'PASSED';
  /** What the gateway knows once it is on disk. */
  readonly known: FaultLevel;
}

/**
 * The next report that brings `known`, what the gateway has on disk, to `told`, what the runtime said last; nothing where they say
 * the same. A failure that came and went between two states is told by its count alone: it is reported all the same, and then
 * that it passed. What is untested says nothing: a fault heals only where its test passed.
 */
export function nextReport(known: FaultLevel, told: ReceivedFault): NextReport | undefined {
  const { result, occurrences } = told;
  if (occurrences > known.occurrences || (result === 'failed' && known.result !== 'failed')) {
    return { event: 'FAILED', known: { result: 'failed', occurrences: Math.max(occurrences, known.occurrences) } };
  }
  if (result === 'passed' && known.result !== 'passed') {
    return { event: 'PASSED', known: { result: 'passed', occurrences: known.occurrences } };
  }
  return undefined;
}
