import type { FaultSeverity } from '@medkit/core';
import type { DebounceBand } from './debounce-band.ts';

/** Something that a fault's state may depend on. */
export type DebounceEvent =
  | {
      readonly kind: 'failed';
      readonly severity: FaultSeverity;
      /** Empty where the reporter says nothing new. */
      readonly description: string;
      readonly source: string;
      /** As `FaultReport` has it. */
      readonly runtime?: string;
      /** Key of the condition that the report is about. */
      readonly condition?: string;
    }
  | { readonly kind: 'passed'; readonly source: string; readonly runtime?: string; readonly condition?: string }
  /** Somebody puts it away: `by`, as the audit log names them. */
  | { readonly kind: 'clear'; readonly by: string }
  /** Time went by: the last FAILED report is so old. What stayed PREFAILED long enough is confirmed. */
  | { readonly kind: 'elapsed'; readonly ageNs: bigint }
  /** The manager started again: what healed by rules that no longer allow healing is put away. */
  | { readonly kind: 'restart'; readonly by: string };

/** What an event is judged by. Each report brings the band of its own source; the rest is the same for all. */
export interface DebounceRules {
  readonly band: DebounceBand;
  /** Whether a CRITICAL report confirms whatever the counter says. */
  readonly criticalImmediateConfirm: boolean;
  /** A PREFAILED fault is confirmed when its last FAILED report is as old as this; zero is never. */
  readonly autoConfirmAfterNs: bigint;
  /** Whether a PASSED report counts although other sources still report the fault as failed, as in ros2_medkit. */
  readonly sharedHealing: boolean;
}
