import type { FaultReport } from '@medkit/faults';
import {
  type GoalState,
  type GoalStatus,
  goalStates,
  type JsonObject,
  type RosMessage,
  type StatusArrayMessage,
} from '@medkit/ros2';
import { codeText, conditionKey, cutCodeText, hashedCode } from './code-text.ts';
import { errorCode, resultText } from './result-text.ts';

/** Settings for the faults of actions. The names are those of ros2_medkit. */
export interface ActionRules {
  readonly abortedSeverity: FaultReport['severity'];
  readonly canceledIsFault: boolean;
  readonly healOnSucceeded: boolean;
  readonly codePrefix: string;
  /** Source of the reports; empty: the node that offers the action. */
  readonly sourceId: string;
  /** Actions whose name contains one of these parts are ignored. */
  readonly excludeActions: readonly string[];
  /** Only actions whose name contains one of these parts are followed; empty: all. */
  readonly includeOnlyActions: readonly string[];
}

/** A goal that ended. */
export interface EndedGoal extends GoalState {
  /** GID of the publisher that reports the status. */
  readonly server: string;
  /** The server had already accepted a newer goal when this goal ended: the newer goal may have replaced it. */
  readonly hasNewer: boolean;
}

/** Maximum goals of a status message, and ended goals of an action, that are considered; the latest are kept. */
const MAX_GOALS = 1000;

const ENDED: readonly GoalStatus[] = ['succeeded', 'canceled', 'aborted'];

/**
 * Returns the ended goals in the order in which they ended. A status message has no end times: goals that ended since the
 * previous message come after the goals that had ended before; goals that end in one message are ordered by acceptance.
 * A goal of `previous` that is still listed stays the same object.
 */
export function endedGoals(previous: readonly EndedGoal[], message: RosMessage, server: string): readonly EndedGoal[] {
  const goals = goalStates(message as StatusArrayMessage, MAX_GOALS);
  const listed = new Map(goals.map(({ goalId, status }) => [goalId, status]));
  const before = previous.filter((goal) => goal.server !== server || listed.get(goal.goalId) === goal.status);
  const known = new Set(before.map(({ goalId }) => goalId));
  const lastNs = goals.reduce((lastNs, { acceptedNs }) => (acceptedNs > lastNs ? acceptedNs : lastNs), 0n);
  const added = goals
    .filter(({ goalId, status }) => ENDED.includes(status) && !known.has(goalId))
    .toSorted((a, b) => Number(a.acceptedNs - b.acceptedNs))
    .map((goal) => ({ ...goal, server, hasNewer: goal.acceptedNs < lastNs }));
  return [...before, ...added].slice(-MAX_GOALS);
}

/**
 * Returns the goal that decides whether the action works: the goal that ended last. Ignores goals in `replaced`, and
 * canceled goals unless a cancellation is a fault: the client gave these up, so they say nothing about the action.
 */
export function decisiveGoal(
  ended: readonly EndedGoal[],
  replaced: ReadonlySet<string>,
  canceledIsFault: boolean,
): EndedGoal | undefined {
  return ended.findLast(({ goalId, status, hasNewer }) =>
    status === 'canceled' ? canceledIsFault && !hasNewer : !replaced.has(goalId),
  );
}

/** `moveit_msgs/msg/MoveItErrorCodes.PREEMPTED`. */
const MOVEIT_PREEMPTED = -7;

/**
 * Returns whether the result of an aborted goal names a failure. If a server aborts a goal for a newer one, the error
 * code is 0 or the whole result is empty (Nav2), or the code is MoveIt's for preemption.
 */
export function namesFailure(result: JsonObject): boolean {
  const code = errorCode(result);
  return code === undefined ? resultText(result) !== '' : code !== 0 && code !== MOVEIT_PREEMPTED;
}

const STATUS_TOPIC = /^(.+)\/_action\/status$/;

/** Returns the action of a goal status topic; `undefined` for any other topic. */
export function actionOfTopic(topic: string): string | undefined {
  return STATUS_TOPIC.exec(topic)?.[1];
}

/** Returns whether the bridge reports faults of an action. */
export function isWatched(action: string, { excludeActions, includeOnlyActions }: ActionRules): boolean {
  const named = (part: string): boolean => action.includes(part);
  return !excludeActions.some(named) && (includeOnlyActions.length === 0 || includeOnlyActions.some(named));
}

const MAX_CODE_LENGTH = 64;
const MAX_NAME_LENGTH = 48;
const DEFAULT_PREFIX = 'ACTION';

/** Returns the fault code of an action, such as `ACTION_NAVIGATE_TO_POSE_ABORTED`, and its condition. */
export function actionFault(
  action: string,
  end: 'ABORTED' | 'CANCELED',
  prefix: string,
): Pick<FaultReport, 'code'> & Required<Pick<FaultReport, 'condition'>> {
  const begin = (codeText(prefix) || DEFAULT_PREFIX).slice(0, MAX_CODE_LENGTH / 2);
  // The end of the code is never truncated.
  const room = Math.min(MAX_NAME_LENGTH, MAX_CODE_LENGTH - begin.length - end.length - 2);
  const name = codeText(action);
  return {
    code: `${begin}_${cutCodeText(name, room)}_${end}`,
    condition: {
      key: conditionKey('action', action, end),
      otherCode: `${begin}_${hashedCode(name, action, room)}_${end}`,
    },
  };
}
