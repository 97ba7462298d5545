import type { RobotReply } from '../requests/robot-request.ts';
import { unfulfilledCondition } from './campaign-conditions.ts';
import type { CampaignFound, CampaignStep, ConditionStep } from './robot-calls.ts';
import {
  ask,
  type CampaignFacts,
  type CampaignRobot,
  type CampaignTurn,
  enter,
  prepareWith,
  type StepPlan,
  stay,
  type Turn,
} from './robot-step.ts';

/** Time after which a robot is asked again whose condition is not fulfilled. */
export const CONDITION_RETRY_MS = 60_000;

export const hasConditions = ({ conditions }: StepPlan): boolean => conditions !== undefined && conditions.length > 0;

export const isConditionStep = (step: CampaignStep | undefined): step is ConditionStep =>
  step === 'conditions' || step === 'recheck';

/** Reads the conditions before the hub begins with a robot. */
export const startWithConditions: Turn = (plan, row, { nowMs }) =>
  ask(plan, enter(row, nowMs, { state: 'preparing', step: 'conditions', attempt: 1, found: undefined }));

/** The first step of the change of each kind. */
const CHANGES = { configuration: 'write', request: 'run', script: 'run', update: 'execute' } as const;

/** Begins with the change itself. `found` is what the robot had before. */
export const makeChange = (
  plan: StepPlan,
  row: CampaignRobot,
  nowMs: number,
  found: CampaignFound | undefined = row.found,
  attempt = 1,
): CampaignTurn => {
  const begun = { state: 'executing', step: CHANGES[plan.work.kind], attempt, isTouched: true, found } as const;
  return ask(plan, enter(row, nowMs, { ...begun, changedMs: nowMs }));
};

/** Begins with the change, after the conditions are read again if there are any: the preparation may take hours. */
export const beginChange: typeof makeChange = (plan, row, nowMs, found = row.found, attempt = 1) =>
  hasConditions(plan)
    ? ask(plan, enter(row, nowMs, { state: 'preparing', step: 'recheck', attempt, found }))
    : makeChange(plan, row, nowMs, found, attempt);

/**
 * Judges the conditions: `conditions` leads to `start`, and `recheck` to the change. A robot waits if one of them is not
 * fulfilled or it does not answer, and is asked again each minute until the campaign expires.
 */
export function conditionTurn(start: Turn, plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, order, isOnline, closed, isCut, problem } = facts;
  if (order === 'go' && closed === undefined && isOnline && (isCut || problem !== undefined)) {
    return waitFor(row, nowMs, `its conditions cannot be read: ${problem ?? 'the robot does not answer'}`);
  }
  const judged = (replies: readonly RobotReply[]): CampaignTurn => {
    const reason = unfulfilledCondition(plan.conditions ?? [], replies);
    if (reason !== undefined) return waitFor(row, nowMs, reason);
    return row.step === 'recheck' ? makeChange(plan, row, nowMs, row.found, row.attempt) : start(plan, row, facts);
  };
  return prepareWith(plan, row, facts, judged);
}

const waitFor = (row: CampaignRobot, nowMs: number, reason: string): CampaignTurn =>
  stay(enter(row, nowMs, { state: 'waiting', reason, found: undefined, dueMs: nowMs + CONDITION_RETRY_MS }));
