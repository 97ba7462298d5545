import type { Statement } from '@medkit/store';

/** A fault was confirmed, and what was going on at that moment is to be captured. */
export interface CaptureIntent {
  readonly faultCode: string;
  /** When the fault was confirmed, wall clock. */
  readonly requestedAtNs: bigint;
  /** Who reported the fault: their topics are of interest. */
  readonly sources: readonly string[];
}

export function putCaptureIntent({ faultCode, requestedAtNs, sources }: CaptureIntent): Statement {
  return {
    sql: 'INSERT OR REPLACE INTO capture_intents (fault_code, requested_at_ns, sources) VALUES (?, ?, ?)',
    parameters: [faultCode, requestedAtNs, JSON.stringify(sources)],
  };
}
