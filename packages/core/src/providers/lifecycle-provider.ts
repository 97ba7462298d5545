import type { LifecycleAction } from '@medkit/contract';
import type { CallContext } from './call-context.ts';
import type { NativeTerms } from './data-provider.ts';

/** The last transition that a client requested from the provider, and its result. */
export interface LastTransition {
  readonly action: LifecycleAction;
  /** `unknown` if a step was sent and neither a reply nor the state of the entity shows the result. */
  readonly outcome: 'running' | 'succeeded' | 'failed' | 'unknown';
  /** The last step taken, such as `configure`. */
  readonly step?: string;
  /** Why it failed, or what was left out. */
  readonly message?: string;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  /** Absent while the transition runs. */
  readonly endedMs?: number;
}

/** Lifecycle of an entity, as its provider sees it. */
export interface LifecycleStatus {
  readonly status: 'ready' | 'notReady';
  /** Actions that are possible now. */
  readonly actions: readonly LifecycleAction[];
  /** State in the provider's terms, such as `active`. */
  readonly state?: string;
  readonly lastTransition?: LastTransition;
  readonly terms?: NativeTerms;
  /** Warnings to read before acting. */
  readonly warnings?: readonly string[];
}

/**
 * Reads and controls the lifecycle of a runtime's entities, for example for a supervisor of processes, of managed nodes
 * or of machines. Failures are thrown as `LifecycleError`.
 */
export interface LifecycleProvider {
  /**
   * Returns `undefined` if the provider does not manage the entity. The default rules for apps and components then
   * apply.
   */
  status(nativeId: string, call: CallContext): Promise<LifecycleStatus | undefined>;
  /** Resolves when the transition has begun; `status` reports its progress. */
  change(nativeId: string, action: LifecycleAction, call: CallContext): Promise<void>;
}
