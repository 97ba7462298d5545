import type { Clock } from '@medkit/edges';
import type { RosMessage } from '../adapter/message.ts';

/** A goal that is being worked on. */
export interface ExecutingGoal {
  /** UUID with dashes, lower case. */
  readonly goalId: string;
  /** The goal part alone. */
  readonly goal: RosMessage;
  /** Aborted when the wish to cancel the goal was granted, and when the server is closed. */
  readonly signal: AbortSignal;
  /** Publishes the feedback part. Rejects with `AlreadyClosed` once the goal has ended. */
  publishFeedback(feedback: RosMessage): Promise<void>;
}

/** How a goal ended. A goal may succeed or be aborted also after a wish to cancel it was granted. */
export interface GoalEnd {
  /** `canceled` only where that was granted. */
  readonly status: 'succeeded' | 'canceled' | 'aborted';
  /** The result part alone; fields left out have their defaults. */
  readonly result?: RosMessage;
}

export interface ActionServerOptions {
  /** Full name: `/navigate_to_pose`. */
  readonly action: string;
  /** `nav2_msgs/action/NavigateToPose`. */
  readonly type: string;
  readonly clock: Clock;
  /** Works on a goal until its end. One for which it throws is aborted. */
  readonly execute: (goal: ExecutingGoal) => Promise<GoalEnd>;
  /** Whether to take a goal (default: all). One for which it throws is rejected. */
  readonly acceptGoal?: (goal: RosMessage, goalId: string) => boolean | Promise<boolean>;
  /** Whether a goal may be cancelled (default: all). One for which it throws may not. */
  readonly acceptCancel?: (goalId: string) => boolean | Promise<boolean>;
  /**
   * How long a result is kept after the end of its goal, milliseconds: 10,000 by default, as rcl_action has it since Iron
   * (before, it was a quarter of an hour).
   */
  readonly resultTimeoutMs?: number;
  /** Goals under way at once (default 100); more are rejected. */
  readonly maxGoals?: number;
  /** One of the functions above threw, or the goals' status could not be published. */
  readonly onFailure: (error: unknown) => void;
}

/** Offers an action. */
export interface ActionServer {
  readonly action: string;
  readonly type: string;
  /** Goals under way. */
  active(): number;
  /** Ends all goals under way: their signals are aborted, and nobody hears of their ends. */
  close(): Promise<void>;
}
