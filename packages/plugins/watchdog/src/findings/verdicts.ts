import type { FaultSeverity } from '@medkit/core';
import { describeFindings } from './describe-findings.ts';
import type { Finding, WatchdogCode } from './finding.ts';
import type { PersistentFinding } from './grace-period.ts';

/** Report for one code at a tick. */
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
  /** All current findings. */
  readonly findings: readonly Finding[];
  /** Findings that exceeded the grace period, newest first. */
  readonly ripe: readonly PersistentFinding[];
  /** Whether the observation is complete. */
  readonly complete: boolean;
  /** Returns whether a finding may be raised yet. */
  readonly isOpen: (finding: Finding) => boolean;
}

/**
 * Returns one verdict per code, with all its findings. A fault is raised after the grace period if the gate allows it.
 * A code passes as soon as it has no findings. In between nothing is reported and the fault is unchanged.
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
