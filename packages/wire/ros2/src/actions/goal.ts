import type { RosMessage } from '../types/message.ts';
import type { GoalStatus } from './goal-status.ts';

/** A goal in its server's status topic, whichever client sent it. */
export interface GoalState {
  /** UUID with dashes, lower case. */
  readonly goalId: string;
  readonly status: GoalStatus;
  /** When it was accepted, nanoseconds since the epoch. */
  readonly acceptedNs: bigint;
}

export interface GoalResult {
  /** `succeeded`, `canceled` or `aborted`; `unknown` if the server has no such goal, or no longer has its result. */
  readonly status: GoalStatus;
  /** The result part only. */
  readonly result: RosMessage;
}
