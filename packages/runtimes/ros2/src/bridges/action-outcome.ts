import type { FaultReport } from '@medkit/faults';
import { type GoalState, type GoalStatus, goalStates, type RosMessage, type StatusArrayMessage } from '@medkit/ros2';
import { codeText, cutCodeText } from './code-text.ts';

/** What is made a fault of the goals of actions. The names are those of ros2_medkit. */
export interface ActionRules {
  readonly abortedSeverity: FaultReport['severity'];
  readonly canceledIsFault: boolean;
  readonly healOnSucceeded: boolean;
  readonly codePrefix: string;
  /** Who reports; empty is the node that offers the action. */
  readonly sourceId: string;
  /** Parts of action names that are left out. */
  readonly excludeActions: readonly string[];
  /** Parts of action names of which one has to be there; empty takes all. */
  readonly includeOnlyActions: readonly string[];
}

/** How the goals of an action ended, taken together; `unknown` where none did. */
export type ActionOutcome = 'aborted' | 'canceled' | 'healthy' | 'unknown';

/** `action_msgs/msg/GoalStatus.status` of goals that have ended. */
const SUCCEEDED = 4;
const CANCELED = 5;
const ABORTED = 6;

/** The outcome of an `action_msgs/msg/GoalStatusArray`, whatever the order of the goals in it. */
export function actionOutcome(message: RosMessage, canceledIsFault: boolean): ActionOutcome {
  const statuses = new Set((message.status_list as readonly RosMessage[]).map(({ status }) => status));
  if (statuses.has(ABORTED)) return 'aborted';
  if (statuses.has(CANCELED) && canceledIsFault) return 'canceled';
  return statuses.has(SUCCEEDED) || statuses.has(CANCELED) ? 'healthy' : 'unknown';
}

/** Goals of a message that are looked at; of more, the latest. */
const MAX_GOALS = 1000;

/** What goals of each outcome are called. */
const ENDS: Readonly<Record<ActionOutcome, readonly GoalStatus[]>> = {
  aborted: ['aborted'],
  canceled: ['canceled'],
  healthy: ['succeeded', 'canceled'],
  unknown: [],
};

/** The goals that gave an action its outcome, in the order in which they were accepted. */
export function goalsBehind(message: RosMessage, outcome: ActionOutcome): readonly GoalState[] {
  const goals = goalStates(message as StatusArrayMessage, MAX_GOALS);
  const ended = goals.filter(({ status }) => ENDS[outcome].includes(status));
  return ended.toSorted((a, b) => Number(a.acceptedNs - b.acceptedNs));
}

/** What of an action is known, and what of it was told. */
export interface ActionStanding {
  readonly outcome: ActionOutcome;
  /** The goals of the last message that have this outcome. */
  readonly goals: readonly GoalState[];
  /** `undefined` where that is not known: the bridge has come anew, and what stands was told by the one before. */
  readonly told: 'failed' | 'well' | undefined;
  /** The ids of those of the last telling. */
  readonly toldGoals: ReadonlySet<string>;
  /** Nobody offers it any more. */
  readonly gone: boolean;
}

/**
 * Whether there is something to tell: a goal that has ended since, as counters and healing go by reports, or another
 * standing than was told. What vanished has nothing to tell but that it fails no more.
 */
export function isNews({ outcome, goals, told, toldGoals, gone }: ActionStanding): boolean {
  if (gone) return told === 'failed';
  if (outcome === 'unknown') return false;
  return told !== (outcome === 'healthy' ? 'well' : 'failed') || goals.some(({ goalId }) => !toldGoals.has(goalId));
}

const STATUS_TOPIC = /^(.+)\/_action\/status$/;

/** The action of a topic of goal statuses; `undefined` for any other topic. */
export function actionOfTopic(topic: string): string | undefined {
  return STATUS_TOPIC.exec(topic)?.[1];
}

/** Whether faults are made of the goals of an action. */
export function isWatched(action: string, { excludeActions, includeOnlyActions }: ActionRules): boolean {
  const named = (part: string): boolean => action.includes(part);
  return !excludeActions.some(named) && (includeOnlyActions.length === 0 || includeOnlyActions.some(named));
}

const MAX_CODE_LENGTH = 64;
const MAX_NAME_LENGTH = 48;
const DEFAULT_PREFIX = 'ACTION';

/** The fault code of an action: `ACTION_NAVIGATE_TO_POSE_ABORTED`. The word at its end is always whole. */
export function actionCode(action: string, end: 'ABORTED' | 'CANCELED', prefix: string): string {
  const begin = (codeText(prefix) || DEFAULT_PREFIX).slice(0, MAX_CODE_LENGTH / 2);
  const room = Math.min(MAX_NAME_LENGTH, MAX_CODE_LENGTH - begin.length - end.length - 2);
  return `${begin}_${cutCodeText(codeText(action), room)}_${end}`;
}
