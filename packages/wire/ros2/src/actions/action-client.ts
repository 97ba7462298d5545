import type { CallOptions } from '../adapter/service.ts';
import type { JsonObject, RosMessage } from '../types/message.ts';
import type { CancelOutcome } from './cancel-request.ts';
import type { GoalResult, GoalState } from './goal.ts';

/** A server's answer to a goal. */
export interface GoalAnswer {
  readonly goalId: string;
  readonly accepted: boolean;
  /** Nanoseconds since the epoch, by the server's clock. */
  readonly acceptedNs: bigint;
}

/** A server's answer to a cancel request. */
export interface CancelAnswer {
  readonly outcome: CancelOutcome;
  /** Ids of the goals that are being cancelled. */
  readonly canceling: readonly string[];
}

/**
 * A client of an action. Any number of goals may be active concurrently. The calls reject as `ServiceClient.call` does,
 * and with `InvalidMessage` if a goal id is not a UUID. Feedback and status are subscribed to only while they have
 * listeners.
 */
export interface ActionClient {
  /** Full name: `/navigate_to_pose`. */
  readonly action: string;
  /** `nav2_msgs/action/NavigateToPose`. */
  readonly type: string;
  /** Creates a random id for `sendGoal`. It identifies the goal even if the reply is lost. */
  randomGoalId(): string;
  /**
   * Sends the goal part only: a decoded message, or plain JSON with numbers and arrays. Missing fields get their
   * defaults. A `goalId` is created if none is given. Topics with listeners are subscribed to before the goal is sent.
   */
  sendGoal(goal: RosMessage | JsonObject, options: CallOptions & { readonly goalId?: string }): Promise<GoalAnswer>;
  /** Cancels a goal, including goals of other clients. */
  cancelGoal(goalId: string, options: CallOptions): Promise<CancelAnswer>;
  /**
   * Waits for the end of a goal, including goals of other clients. May take as long as the goal. Servers store a result
   * only for a while, many for ten seconds. They also continue every abandoned wait until the goal ends. Wait once and
   * long, not repeatedly.
   */
  result(goalId: string, options: CallOptions): Promise<GoalResult>;
  /**
   * Listens to the feedback part of all goals of the server. Without a definition of the type there is none. Returns a
   * function that stops it. Throws `TooManyListeners`, `AlreadyClosed`.
   */
  onFeedback(listener: (goalId: string, feedback: RosMessage) => void): () => void;
  /**
   * Listens to the list of all goals of the server. The listener is called on every change, and soon with the latest
   * known list. Ended goals are included while the server stores their results. Returns a function that stops it.
   * Throws `TooManyListeners`, `AlreadyClosed`.
   */
  onStatus(listener: (goals: readonly GoalState[]) => void): () => void;
  /** Rejects open calls with `AlreadyClosed`. Their goals continue. */
  close(): Promise<void>;
}
