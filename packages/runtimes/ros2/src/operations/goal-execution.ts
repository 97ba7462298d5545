import type { Execution } from '@medkit/core';
import type { RosAdapter } from '@medkit/ros2';
import { type Goal, isUnderWay, statusOf } from './goal-log.ts';
import type { RosOperation } from './ros-operation.ts';

/** Converts a goal to an execution; its messages are converted to JSON only here, when a client reads them. */
export async function goalExecution(
  adapter: Pick<RosAdapter, 'toJson'>,
  operation: RosOperation,
  goal: Goal,
): Promise<Execution> {
  const { type } = operation;
  const [feedback, result] = await Promise.all([
    goal.feedback && adapter.toJson(`${type}_Feedback`, goal.feedback),
    goal.result && adapter.toJson(`${type}_Result`, goal.result),
  ]);
  return { ...goalSummary(operation, goal), ...(feedback && { feedback }), ...(result && { result }) };
}

/** The same without feedback and result. */
export function goalSummary({ name, type }: RosOperation, goal: Goal): Omit<Execution, 'feedback' | 'result'> {
  const { id, capability, acceptedNs, startedMs, endedMs } = goal;
  const error = errorOf(goal);
  return {
    id,
    status: isUnderWay(goal) ? 'running' : error === undefined ? 'completed' : 'failed',
    capability,
    ...(error !== undefined && { error }),
    ...(acceptedNs > 0n && { createdMs: Number(acceptedNs / 1_000_000n) }),
    ...(startedMs !== undefined && { startedMs }),
    ...(endedMs !== undefined && { finishedMs: endedMs }),
    terms: { ros2_status: statusOf(goal), ros2: { action: name, type } },
  };
}

function errorOf({ status, lost }: Goal): string | undefined {
  if (lost) return 'The action server left the graph, or no longer knows the goal';
  if (status === 'canceled') return 'The goal was canceled';
  return status === 'aborted' ? 'The action server aborted the goal' : undefined;
}
