import { HOUR_MS } from '../fleet-context.ts';
import { type RobotReply, refusalText, verdictOf } from '../requests/robot-request.ts';
import type { UpdateWork } from './campaign-plan.ts';
import { again, ask, type CampaignRobot, type CampaignTurn, fail, type StepPlan, stay } from './robot-step.ts';
import type { UpdateFound, UpdateStep } from './update-calls.ts';

/** Interval in which the status of a task is read, and the time before the first read: many tasks are short. */
export const POLL_MS = 15_000;
const FIRST_POLL_MS = 3000;
/** Time for a task of the robot, beside its gate and the confirmation. */
export const TASK_MS = HOUR_MS;

/** Returns the work of a campaign of the kind `update`. */
export const updateIn = ({ work }: StepPlan): UpdateWork => work as UpdateWork;

/** Returns what the hub knows of a robot that it updates. */
export const foundIn = ({ found }: CampaignRobot): UpdateFound => (found ?? {}) as UpdateFound;

/** Begins the first attempt of a step. */
export const askFor = (plan: StepPlan, row: CampaignRobot, nowMs: number, step: UpdateStep): CampaignTurn =>
  ask(plan, { ...row, step, attempt: 1, dueMs: nowMs });

/** Takes a step, or the same one, after the interval of polls. */
export const poll = (row: CampaignRobot, nowMs: number, step = row.step): CampaignTurn =>
  stay({ ...row, step, dueMs: nowMs + POLL_MS });

/** Takes a step soon after a task has begun. */
export const firstPoll = (row: CampaignRobot, nowMs: number, step: UpdateStep): CampaignTurn =>
  stay({ ...row, step, dueMs: nowMs + FIRST_POLL_MS });

/** Tries a step again after a refusal that may end, else fails. Nothing is changed on the robot yet. */
export function refusedBefore(row: CampaignRobot, nowMs: number, reply: RobotReply, step = row.step): CampaignTurn {
  const reason = refusalText(reply);
  const next = verdictOf(reply) === 'refused' ? undefined : again({ ...row, step }, nowMs, reason);
  return next ?? fail(row, nowMs, reason);
}
