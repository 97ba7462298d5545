import type { JsonObject, RosMessage } from '../adapter/message.ts';
import type { CallOptions } from '../adapter/service.ts';
import type { CancelOutcome } from './cancel-request.ts';
import type { GoalResult, GoalState } from './goal.ts';

/** What a server says to a goal. */
export interface GoalAnswer {
  readonly goalId: string;
  readonly accepted: boolean;
  /** Nanoseconds since the epoch, as the server's clock has it. */
  readonly acceptedNs: bigint;
}

/** What a server says to the wish to cancel. */
export interface CancelAnswer {
  readonly outcome: CancelOutcome;
  /** Ids of the goals that are on their way to be cancelled. */
  readonly canceling: readonly string[];
}

/**
 * A client of an action. Any number of goals may be under way at once. The calls reject as `ServiceClient.call` does, and
 * with `InvalidMessage` where a goal's id is no UUID. What is listened to is subscribed to only meanwhile.
 */
export interface ActionClient {
  /** Full name: `/navigate_to_pose`. */
  readonly action: string;
  /** `nav2_msgs/action/NavigateToPose`. */
  readonly type: string;
  /** A new random id for `sendGoal`: by it a goal is known even if the reply to it is lost. */
  drawGoalId(): string;
  /**
   * Sends the goal part alone: a decoded message, or JSON as it comes, with plain numbers and arrays. Fields left out have
   * their defaults. `goalId` is drawn where none is given. What is listened to by then is subscribed to before.
   */
  sendGoal(goal: RosMessage | JsonObject, options: CallOptions & { readonly goalId?: string }): Promise<GoalAnswer>;
  /** Also of goals that others sent. */
  cancelGoal(goalId: string, options: CallOptions): Promise<CancelAnswer>;
  /**
   * Waits for the end of the goal, also of one that another client sent; may take as long as the goal takes. Servers keep
   * a result for a while only, many for ten seconds after the end, and go on with every wait that was given up until the
   * goal ends: wait once and long rather than often.
   */
  result(goalId: string, options: CallOptions): Promise<GoalResult>;
  /**
   * The feedback part alone, of all goals of the server; none where there is no definition of the type. Gives a way to
   * stop. Throws `TooManyListeners`, `AlreadyClosed`.
   */
  onFeedback(listener: (goalId: string, feedback: RosMessage) => void): () => void;
  /**
   * All goals of the server whenever one changes, and soon what it told last. Those that ended are among them for as long
   * as the server keeps their results. Gives a way to stop. Throws `TooManyListeners`, `AlreadyClosed`.
   */
  onStatus(listener: (goals: readonly GoalState[]) => void): () => void;
  /** Calls under way are rejected with `AlreadyClosed`; their goals go on. */
  close(): Promise<void>;
}
