import type { CallOptions } from '../adapter/service.ts';

/** Primary and transition states of a managed node, with the labels of `lifecycle_msgs/msg/State`. */
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

/** The transitions that a client may request. */
export type LifecycleTransition = 'configure' | 'cleanup' | 'activate' | 'deactivate' | 'shutdown';

/** A client of a managed node's lifecycle services. Errors are those of `ServiceClient.call`. */
export interface LifecycleClient {
  /** FQN of the managed node. */
  readonly node: string;
  state(options: CallOptions): Promise<LifecycleStateLabel>;
  /**
   * Requests a transition and waits for its end. `from` is the node's current state, because the number of a transition
   * depends on it. Resolves to false if the node rejected or failed it, or the state has no such transition.
   */
  change(transition: LifecycleTransition, from: LifecycleStateLabel, options: CallOptions): Promise<boolean>;
  /** Rejects open calls with `AlreadyClosed`. */
  close(): Promise<void>;
}

/** Result of a callback. A failure leaves the node in its previous state, an error calls its `error` callback. */
export type CallbackOutcome = 'success' | 'failure' | 'error';

/** Work of a managed node during a transition between primary states. An exception counts as `error`. */
export type LifecycleCallback = (previous: LifecycleStateLabel) => Promise<CallbackOutcome> | CallbackOutcome;

/**
 * The callbacks of a managed node. A missing one succeeds immediately. A missing `error` fails, which finalizes the
 * node.
 */
export type LifecycleCallbacks = { readonly [Name in LifecycleTransition | 'error']?: LifecycleCallback };

/** The lifecycle of a medkit node. */
export interface LifecycleServer {
  readonly state: LifecycleStateLabel;
  /** Changes the state as if a client had requested it. */
  change(transition: LifecycleTransition): Promise<boolean>;
  close(): Promise<void>;
}
