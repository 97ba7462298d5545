import type { LocalNode } from '../adapter/adapter.ts';
import type { ServiceHandler } from '../adapter/service.ts';
import { timeNs } from '../codec/time-message.ts';
import type { RosMessage } from '../types/message.ts';
import { type ActionService, type ActionTopic, actionEndpoints } from './action-endpoints.ts';
import type { ActionServer, ActionServerOptions } from './action-server.ts';
import { cancelCode, goalsToCancel } from './cancel-request.ts';
import { executeGoal } from './execute-goal.ts';
import { formatGoalId } from './goal-id.ts';
import { decodedAs, type GoalInfoMessage, goalStatusMessage, type UuidMessage } from './goal-messages.ts';
import { statusCode } from './goal-status.ts';
import { GoalTable } from './goal-table.ts';
import { rateLimitedTask } from './rate-limited-task.ts';

const DEFAULT_RESULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_GOALS = 100;

/**
 * Minimum interval between status messages. Each contains all goals, including recently ended ones; publishing every
 * change in busy seconds would be too expensive.
 */
const STATUS_PAUSE_MS = 10;

/** Opens an action server as part of `node`. Throws `InvalidName`, and the errors of the node. */
export async function openActionServer(node: LocalNode, options: ActionServerOptions): Promise<ActionServer> {
  const { action, type, clock, execute, onFailure } = options;
  const { resultTimeoutMs = DEFAULT_RESULT_TIMEOUT_MS, maxGoals = DEFAULT_MAX_GOALS } = options;
  const endpoints = actionEndpoints(action, type);
  await using opening = new AsyncDisposableStack();
  const publisher = async ({ name, type, qos }: ActionTopic) =>
    opening.adopt(await node.publisher(name, type, qos), (opened) => opened.close());
  const serve = async ({ name, type }: ActionService, handler: ServiceHandler) =>
    opening.adopt(await node.service(name, type, handler), (opened) => opened.close());

  const feedback = await publisher(endpoints.feedback);
  const status = await publisher(endpoints.status);
  const statusUpdate = rateLimitedTask({
    clock,
    pauseMs: STATUS_PAUSE_MS,
    onFailure,
    async work() {
      const status_list = [...goals.all.values()].map(({ info, status }) => goalStatusMessage(info, status));
      await status.publish({ status_list });
    },
  });
  opening.defer(() => statusUpdate.stop());
  const goals = new GoalTable({ clock, resultTimeoutMs, maxGoals, onChange: () => statusUpdate.ask() });
  opening.defer(() => goals.close());
  const mayStart = permission(options.acceptGoal, onFailure);
  const mayCancel = permission(options.acceptCancel, onFailure);

  await serve(endpoints.sendGoal, async (request): Promise<RosMessage> => {
    const { goal_id, goal: message } = decodedAs<{ readonly goal_id: UuidMessage; readonly goal: RosMessage }>(request);
    const goalId = formatGoalId(goal_id.uuid);
    const goal = (await mayStart(message, goalId)) ? goals.accept(goalId) : undefined;
    if (!goal) return { accepted: false };
    const publishFeedback = (part: RosMessage) => feedback.publish({ goal_id, feedback: part });
    void executeGoal({ goals, goal, message, publishFeedback, execute, onFailure });
    return { accepted: true, stamp: goal.info.stamp };
  });
  await serve(endpoints.cancelGoal, async (request) => {
    const { goal_id, stamp } = decodedAs<{ readonly goal_info: GoalInfoMessage }>(request).goal_info;
    const chosen = goalsToCancel({ goalId: formatGoalId(goal_id.uuid), untilNs: timeNs(stamp) }, goals.all);
    const canceling: GoalInfoMessage[] = [];
    for (const { goalId, info } of chosen.goals) {
      if ((await mayCancel(goalId)) && goals.cancel(goalId)) canceling.push(info);
    }
    const refused = chosen.goals.length > 0 && canceling.length === 0;
    return { return_code: cancelCode(refused ? 'rejected' : chosen.outcome), goals_canceling: canceling };
  });
  await serve(endpoints.getResult, async (request) => {
    const { goal_id } = decodedAs<{ readonly goal_id: UuidMessage }>(request);
    const { status, result } = await goals.result(formatGoalId(goal_id.uuid));
    return { status: statusCode(status), result };
  });
  const opened = opening.move();
  return { action, type, active: () => goals.active, close: () => opened.disposeAsync() };
}

/** Wraps an optional callback: true without a callback, false if it throws. */
function permission<Args extends readonly unknown[]>(
  answer: ((...args: Args) => boolean | Promise<boolean>) | undefined,
  onFailure: (error: unknown) => void,
): (...args: Args) => Promise<boolean> {
  return async (...args) => {
    try {
      return answer ? await answer(...args) : true;
    } catch (error) {
      onFailure(error);
      return false;
    }
  };
}
