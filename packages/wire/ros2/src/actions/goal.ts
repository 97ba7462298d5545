import type { RosMessage } from '../adapter/message.ts';
import type { GoalStatus } from './goal-status.ts';

/** One goal as the status topic of its server tells it, whoever sent it. */
export interface GoalState {
  /** UUID with dashes, lower case. */
  readonly goalId: string;
  readonly status: GoalStatus;
  /** When it was accepted, nanoseconds since the epoch. */
  readonly acceptedNs: bigint;
}

export interface GoalResult {
  /** `succeeded`, `canceled` or `aborted`; `unknown` where the server has no such goal, or has forgotten its result. */
  readonly status: GoalStatus;
  /** The result part alone. */
  readonly result: RosMessage;
}
