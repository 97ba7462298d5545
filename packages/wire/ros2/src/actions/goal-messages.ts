import { type TimeMessage, timeMessage, timeNs } from '../codec/time-message.ts';
import type { RosMessage } from '../types/message.ts';
import type { GoalState } from './goal.ts';
import { formatGoalId, parseGoalId } from './goal-id.ts';
import { type GoalStatus, statusCode, statusOfCode } from './goal-status.ts';

/** `unique_identifier_msgs/msg/UUID`, decoded. */
export type UuidMessage = { readonly uuid: Uint8Array };

/** `action_msgs/msg/GoalInfo`, decoded. */
export type GoalInfoMessage = { readonly goal_id: UuidMessage; readonly stamp: TimeMessage };

/** `action_msgs/msg/GoalStatus`, decoded. */
type GoalStatusMessage = { readonly goal_info: GoalInfoMessage; readonly status: number };

/** `action_msgs/msg/GoalStatusArray`, decoded. */
export type StatusArrayMessage = { readonly status_list: readonly GoalStatusMessage[] };

/**
 * Casts a message that was decoded with a bundled definition, or the fixed part of a derived one, so its fields are
 * known.
 */
export function decodedAs<Message extends RosMessage>(message: RosMessage): Message {
  return message as Message;
}

export function uuidMessage(goalId: string): UuidMessage {
  return { uuid: parseGoalId(goalId) };
}

export function goalInfoMessage(goalId: string, stampNs: bigint): GoalInfoMessage {
  return { goal_id: uuidMessage(goalId), stamp: timeMessage(stampNs) };
}

export function goalStatusMessage(info: GoalInfoMessage, status: GoalStatus): GoalStatusMessage {
  return { goal_info: info, status: statusCode(status) };
}

/** Returns at most the last `limit` goals of an array. Servers list goals in the order of acceptance. */
export function goalStates({ status_list }: StatusArrayMessage, limit: number): readonly GoalState[] {
  return status_list.slice(-limit).map(({ goal_info: { goal_id, stamp }, status }) => ({
    goalId: formatGoalId(goal_id.uuid),
    status: statusOfCode(status),
    acceptedNs: timeNs(stamp),
  }));
}
