import type { FaultSeverity } from '@medkit/core';
import type { DebounceBand } from './debounce-band.ts';

/** An event that may change the state of a fault. */
export type DebounceEvent =
  | {
      readonly kind: 'failed';
      readonly severity: FaultSeverity;
      /** Empty if the reporter says nothing new. */
      readonly description: string;
      readonly source: string;
      /** See `FaultReport`. */
      readonly runtime?: string;
      /** Key of the condition that the report concerns. */
      readonly condition?: string;
    }
  | { readonly kind: 'passed'; readonly source: string; readonly runtime?: string; readonly condition?: string }
  /** The fault is cleared; `by` is the source in the audit log. */
  | { readonly kind: 'clear'; readonly by: string }
  /** The last FAILED report has reached this age. A fault that stayed PREFAILED long enough is confirmed. */
  | { readonly kind: 'elapsed'; readonly ageNs: bigint }
  /** The manager was restarted: a healed fault whose rules no longer allow healing is cleared. */
  | { readonly kind: 'restart'; readonly by: string };

/** The rules for an event. The band depends on the source of the report; the others are global. */
export interface DebounceRules {
  readonly band: DebounceBand;
  /** Whether a CRITICAL report confirms regardless of the counter. */
  readonly criticalImmediateConfirm: boolean;
  /** A PREFAILED fault is confirmed when its last FAILED report has this age; zero disables this. */
  readonly autoConfirmAfterNs: bigint;
  /** Whether a PASSED report counts while other sources still report the fault as failed, as in ros2_medkit. */
  readonly sharedHealing: boolean;
}
