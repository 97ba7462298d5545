/** What the test behind a fault has found. */
export type FaultResult = 'untested' | 'passed' | 'failed';

/** By the octet that stands for each. */
export const FAULT_RESULTS: readonly FaultResult[] = ['untested', 'passed', 'failed'];

/** A fault as a state has it. */
export interface ReceivedFault {
  readonly result: FaultResult;
  /** How often the result became failed in this session. */
  readonly occurrences: number;
}
