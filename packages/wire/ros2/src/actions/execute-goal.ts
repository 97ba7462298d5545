import { AlreadyClosed } from '../errors.ts';
import type { RosMessage } from '../types/message.ts';
import type { ActionServerOptions, ExecutingGoal, GoalEnd } from './action-server.ts';
import { isActive } from './goal-status.ts';
import type { GoalTable, ServerGoal } from './goal-table.ts';

const END_EVENTS = { succeeded: 'succeed', canceled: 'canceled', aborted: 'abort' } as const;

interface Work extends Pick<ActionServerOptions, 'execute' | 'onFailure'> {
  readonly goals: GoalTable;
  readonly goal: ServerGoal;
  /** The goal part only. */
  readonly message: RosMessage;
  readonly publishFeedback: (feedback: RosMessage) => Promise<void>;
}

/** Executes an accepted goal until it ends. Never rejects. */
export async function executeGoal({ goals, goal, message, publishFeedback, execute, onFailure }: Work): Promise<void> {
  const { goalId, signal } = goal;
  const executing: ExecutingGoal = {
    goalId,
    goal: message,
    signal,
    async publishFeedback(feedback) {
      if (!isActive(goal.status)) throw new AlreadyClosed(`the goal ${goalId} has ended`);
      await publishFeedback(feedback);
    },
  };
  goals.begin(goalId);
  const { status, result = {} } = await endOf(executing, execute, onFailure);
  if (goals.end(goalId, END_EVENTS[status], result)) return;
  // If the server is already closed, there is nothing to report.
  if (goals.end(goalId, 'abort', result))
    onFailure(new Error(`the goal ${goalId} ended as ${status} although no client canceled it`));
}

async function endOf(
  goal: ExecutingGoal,
  execute: ActionServerOptions['execute'],
  onFailure: ActionServerOptions['onFailure'],
): Promise<GoalEnd> {
  try {
    return await execute(goal);
  } catch (error) {
    onFailure(error);
    return { status: 'aborted' };
  }
}
