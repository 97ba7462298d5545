import type { CallOptions } from '../adapter/service.ts';

/** Primary and transition states of a managed node, as `lifecycle_msgs/msg/State` labels them. */
export type LifecycleStateLabel =
  | 'unknown'
  | 'unconfigured'
  | 'inactive'
  | 'active'
  | 'finalized'
  | 'configuring'
  | 'cleaningup'
  | 'shuttingdown'
  | 'activating'
  | 'deactivating'
  | 'errorprocessing';

/** The transitions that a client may ask for. */
export type LifecycleTransition = 'configure' | 'cleanup' | 'activate' | 'deactivate' | 'shutdown';

/** A client of a managed node's lifecycle services. Errors are those of `ServiceClient.call`. */
export interface LifecycleClient {
  /** FQN of the managed node. */
  readonly node: string;
  state(options: CallOptions): Promise<LifecycleStateLabel>;
  /**
   * Asks for a transition from the state that the node is in, as the same transition has a number of its own in each, and
   * waits for its end. False where the node refused or failed it, or the state has no such transition.
   */
  change(transition: LifecycleTransition, from: LifecycleStateLabel, options: CallOptions): Promise<boolean>;
  /** Calls under way are rejected with `AlreadyClosed`. */
  close(): Promise<void>;
}

/** How a callback of a managed node ended: a failure leaves the node as it was, an error goes to its `error` callback. */
export type CallbackOutcome = 'success' | 'failure' | 'error';

/** What a managed node does on its way from one primary state to another. One that throws ends in `error`. */
export type LifecycleCallback = (previous: LifecycleStateLabel) => Promise<CallbackOutcome> | CallbackOutcome;

/** The callbacks of a managed node. One left out succeeds at once; `error` left out fails, which finalizes the node. */
export type LifecycleCallbacks = { readonly [Name in LifecycleTransition | 'error']?: LifecycleCallback };

/** The lifecycle of a node of ours. */
export interface LifecycleServer {
  readonly state: LifecycleStateLabel;
  /** As when a client asks for it. */
  change(transition: LifecycleTransition): Promise<boolean>;
  close(): Promise<void>;
}
