import type { FaultSeverity } from '@medkit/core';
import { describeFindings } from './describe-findings.ts';
import type { Finding, WatchdogCode } from './finding.ts';
import type { RipeFinding } from './ripening.ts';

/** What is reported of one code at a tick. */
export type Verdict =
  | {
      readonly code: WatchdogCode;
      readonly event: 'FAILED';
      readonly severity: FaultSeverity;
      readonly description: string;
    }
  | { readonly code: WatchdogCode; readonly event: 'PASSED' };

export interface Judged {
  readonly codes: readonly WatchdogCode[];
  /** All that is wrong now. */
  readonly findings: readonly Finding[];
  /** Of these, what has lasted for its grace, the newest first. */
  readonly ripe: readonly RipeFinding[];
  /** Everything has been looked at. */
  readonly complete: boolean;
  /** Whether a finding may be raised yet. */
  readonly isOpen: (finding: Finding) => boolean;
}

/**
 * One fault for each code, with all that is found of it. Raising waits for grace and gate; a code passes as soon as nothing
 * is found. In between nothing is said, and the fault stays what it is.
 */
export function verdicts({ codes, findings, ripe, complete, isOpen }: Judged): readonly Verdict[] {
  return codes.flatMap((code): readonly Verdict[] => {
    const raised = ripe.filter((finding) => finding.code === code && isOpen(finding));
    if (raised.length > 0) {
      const severity = raised.reduce<FaultSeverity>(
        (worst, each) => (each.severity > worst ? each.severity : worst),
        0,
      );
      return [{ code, event: 'FAILED', severity, description: describeFindings(raised) }];
    }
    const isClean = complete && !findings.some((finding) => finding.code === code);
    return isClean ? [{ code, event: 'PASSED' }] : [];
  });
}
