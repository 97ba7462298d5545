/** Result of the test that detects a fault. */
export type FaultResult = 'untested' | 'passed' | 'failed';

/** Indexed by the octet that encodes the result. */
export const FAULT_RESULTS: readonly FaultResult[] = ['untested', 'passed', 'failed'];

/** A fault in a received state. */
export interface ReceivedFault {
  readonly result: FaultResult;
  /** Number of times the result changed to failed in this session. */
  readonly occurrences: number;
}
