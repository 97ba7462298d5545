import type { FaultTrigger } from './fault-trigger.ts';
import type { SelectedNumber } from './select-number.ts';

/** A rule that is being watched. */
export interface WatchedTrigger {
  trigger: FaultTrigger;
  /** Whether the rule's fault is being reported. */
  crossed: boolean;
  /** The source names under which the fault was reported; a renamed app has several. */
  readonly reportedAs: Set<string>;
  /** The stored value of `crossed`. */
  crossedOnDisk: boolean;
  /** Result of the last measurement. */
  last: SelectedNumber | undefined;
  /** Why the fault could not be reported or cleared; logged once. */
  failure: string | undefined;
  /** Pending action on the fault; never rejects. */
  acting: Promise<void>;
  /** True while the rule is being deleted: no action on its fault begins any more. */
  removed: boolean;
}

export function watchedTrigger(trigger: FaultTrigger): WatchedTrigger {
  return {
    trigger,
    crossed: trigger.crossed,
    reportedAs: new Set(),
    crossedOnDisk: trigger.crossed,
    last: undefined,
    failure: undefined,
    acting: Promise.resolve(),
    removed: false,
  };
}
