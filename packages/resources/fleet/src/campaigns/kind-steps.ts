import { CONFIGURATION_TURNS, REQUEST_TURNS } from './change-step.ts';
import { conditionTurn, hasConditions, isConditionStep, startWithConditions } from './condition-step.ts';
import { begin, type CampaignFacts, type CampaignRobot, type CampaignTurn, type StepPlan, stay } from './robot-step.ts';
import { SCRIPT_TURNS } from './script-step.ts';
import { UPDATE_TURNS } from './update-step.ts';

const KINDS = {
  configuration: CONFIGURATION_TURNS,
  request: REQUEST_TURNS,
  script: SCRIPT_TURNS,
  update: UPDATE_TURNS,
} as const;

/**
 * Returns the next state of a robot, and what to ask it. Depends on its arguments alone: a hub that was killed before it
 * stored the result asks the same again, with the same keys.
 */
export function step(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { start, turns } = KINDS[plan.work.kind];
  if (row.state === 'selected' || row.state === 'waiting') {
    return begin(hasConditions(plan) ? startWithConditions : start, plan, row, facts);
  }
  if (isConditionStep(row.step)) return conditionTurn(start, plan, row, facts);
  return turns[row.state]?.(plan, row, facts) ?? stay(row);
}
