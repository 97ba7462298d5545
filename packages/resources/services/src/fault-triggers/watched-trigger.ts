import type { FaultTrigger } from './fault-trigger.ts';
import type { Measured } from './measured.ts';

/** A rule that is being watched. */
export interface WatchedTrigger {
  trigger: FaultTrigger;
  /** Whether its fault is being reported. */
  crossed: boolean;
  /** The sources that its fault was reported as: its app may get another id meanwhile. */
  readonly reportedAs: Set<string>;
  /** What the disk knows of that. */
  crossedOnDisk: boolean;
  /** What was measured last. */
  last: Measured | undefined;
  /** Why its fault could not be reported or cleared; told once. */
  failure: string | undefined;
  /** What is being done about its fault; never rejects. */
  acting: Promise<void>;
  /** Nothing more is done about its fault, since it is being deleted. */
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
