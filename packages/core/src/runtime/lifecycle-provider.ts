import type { LifecycleAction } from '@medkit/contract';
import type { CallContext } from './call-context.ts';
import type { NativeTerms } from './data-provider.ts';

/** A transition that the provider was asked for, and what became of it. */
export interface LastTransition {
  readonly action: LifecycleAction;
  /** `unknown` if a step was sent and neither a reply nor the state of the entity says what became of it. */
  readonly outcome: 'running' | 'succeeded' | 'failed' | 'unknown';
  /** What was done last on the way, such as `configure`. */
  readonly step?: string;
  /** Why it failed, or what it had to leave out. */
  readonly message?: string;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  /** Absent while it runs. */
  readonly endedMs?: number;
}

/** How an entity is, in the words of whoever runs it. */
export interface LifecycleStatus {
  readonly status: 'ready' | 'notReady';
  /** What it can be asked for now. */
  readonly actions: readonly LifecycleAction[];
  /** In the provider's own terms, such as `active`. */
  readonly state?: string;
  readonly lastTransition?: LastTransition;
  readonly terms?: NativeTerms;
  /** What a person should know before acting. */
  readonly warnings?: readonly string[];
}

/**
 * Tells and controls whether a runtime's entities run: a supervisor of processes, of managed nodes, of machines. Failures
 * are thrown as `LifecycleError`.
 */
export interface LifecycleProvider {
  /** `undefined` for an entity whose lifecycle is not the provider's: the rules for plain apps and components hold then. */
  status(nativeId: string, call: CallContext): Promise<LifecycleStatus | undefined>;
  /** Resolves when the transition has begun; `status` tells how it goes on. */
  change(nativeId: string, action: LifecycleAction, call: CallContext): Promise<void>;
}
