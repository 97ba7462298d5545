import type { Execution } from '@medkit/core';
import type { RosAdapter } from '@medkit/ros2';
import { type Goal, isUnderWay, statusOf } from './goal-log.ts';
import type { RosOperation } from './ros-operation.ts';

/** A goal as an execution; its messages become JSON only here, where somebody wants to see them. */
export async function goalExecution(
  adapter: Pick<RosAdapter, 'toJson'>,
  { name, type }: RosOperation,
  goal: Goal,
): Promise<Execution> {
  const { id, capability, acceptedNs, startedMs, endedMs } = goal;
  const [feedback, result] = await Promise.all([
    goal.feedback && adapter.toJson(`${type}_Feedback`, goal.feedback),
    goal.result && adapter.toJson(`${type}_Result`, goal.result),
  ]);
  const error = errorOf(goal);
  return {
    id,
    status: isUnderWay(goal) ? 'running' : error === undefined ? 'completed' : 'failed',
    capability,
    ...(feedback && { feedback }),
    ...(result && { result }),
    ...(error !== undefined && { error }),
    ...(acceptedNs > 0n && { createdMs: Number(acceptedNs / 1_000_000n) }),
    ...(startedMs !== undefined && { startedMs }),
    ...(endedMs !== undefined && { finishedMs: endedMs }),
    terms: { ros2_status: statusOf(goal), ros2: { action: name, type } },
  };
}

function errorOf({ status, lost }: Goal): string | undefined {
  if (lost) return 'The server of the action has gone, or knows nothing of the goal any more';
  if (status === 'canceled') return 'The goal was canceled';
  return status === 'aborted' ? 'The server of the action aborted the goal' : undefined;
}
