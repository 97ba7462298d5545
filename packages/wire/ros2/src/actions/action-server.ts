import type { Clock } from '@medkit/edges';
import type { RosMessage } from '../types/message.ts';

/** A goal being executed. */
export interface ExecutingGoal {
  /** UUID with dashes, lower case. */
  readonly goalId: string;
  /** The goal part only. */
  readonly goal: RosMessage;
  /** Aborted when a cancel request was accepted, and when the server is closed. */
  readonly signal: AbortSignal;
  /** Publishes the feedback part. Rejects with `AlreadyClosed` once the goal has ended. */
  publishFeedback(feedback: RosMessage): Promise<void>;
}

/** How a goal ended. A goal may also succeed or be aborted after a cancel request was accepted. */
export interface GoalEnd {
  /** `canceled` only after a cancel request was accepted. */
  readonly status: 'succeeded' | 'canceled' | 'aborted';
  /** The result part only. Missing fields get their defaults. */
  readonly result?: RosMessage;
}

export interface ActionServerOptions {
  /** Full name: `/navigate_to_pose`. */
  readonly action: string;
  /** `nav2_msgs/action/NavigateToPose`. */
  readonly type: string;
  readonly clock: Clock;
  /** Executes a goal until its end. If it throws, the goal is aborted. */
  readonly execute: (goal: ExecutingGoal) => Promise<GoalEnd>;
  /** Returns whether to accept a goal (default: all). If it throws, the goal is rejected. */
  readonly acceptGoal?: (goal: RosMessage, goalId: string) => boolean | Promise<boolean>;
  /** Returns whether a goal may be cancelled (default: all). If it throws, the request is rejected. */
  readonly acceptCancel?: (goalId: string) => boolean | Promise<boolean>;
  /**
   * How long a result is stored after the end of its goal, milliseconds. Default 10,000, as in rcl_action since Iron
   * (15 minutes earlier).
   */
  readonly resultTimeoutMs?: number;
  /** Maximum active goals (default 100); further goals are rejected. */
  readonly maxGoals?: number;
  /** A function above threw, or the goals' status could not be published. */
  readonly onFailure: (error: unknown) => void;
}

/** A server of an action. */
export interface ActionServer {
  readonly action: string;
  readonly type: string;
  /** Returns the number of active goals. */
  active(): number;
  /** Ends all active goals: their signals are aborted, and clients are not notified. */
  close(): Promise<void>;
}
