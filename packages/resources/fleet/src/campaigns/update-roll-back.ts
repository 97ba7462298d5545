import { BACK_OFF_MS, type RobotReply, refusalText, verdictOf } from '../requests/robot-request.ts';
import {
  abandoned,
  again,
  ask,
  type CampaignFacts,
  type CampaignRobot,
  type CampaignTurn,
  enter,
  fail,
  failRollBack,
  retry,
  type StepPlan,
  stay,
} from './robot-step.ts';
import { releaseIn, taskIn } from './update-calls.ts';
import { firstPoll, foundIn, poll, updateIn } from './update-parts.ts';

/** Begins the roll-back to the release before. A robot without one fails. */
export function undoUpdate(plan: StepPlan, row: CampaignRobot, nowMs: number, reason: string): CampaignTurn {
  if (foundIn(row).previous === undefined) {
    return fail(
      row,
      nowMs,
      `roll-back: the robot had no release before ${updateIn(plan).artifact}. Before that: ${reason}`,
    );
  }
  return stay(enter(row, nowMs, { state: 'rolling_back', step: 'look', attempt: 1, reason }));
}

/** Returns to the release before, unless the robot has done so: the release in use shows it before and after. */
export function rollBackUpdate(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, replies } = facts;
  const [reply] = replies ?? [];
  if (!reply) return abandoned(row, facts) ?? retry(plan, row, facts);
  if (verdictOf(reply) !== 'ok') return refused(row, nowMs, reply);
  if (row.step === 'look') return looked(plan, row, nowMs, reply);
  if (row.step === 'revert') return firstPoll(row, nowMs, 'reverted');
  const { phase, isPending, error } = taskIn(reply);
  if (isPending) return poll(row, nowMs);
  if (phase === 'failed') return failRollBack(row, nowMs, error.text);
  // The next attempt has another key, if the robot still uses the update.
  return ask(plan, { ...row, step: 'look', attempt: row.attempt + 1, dueMs: nowMs });
}

function looked(plan: StepPlan, row: CampaignRobot, nowMs: number, reply: RobotReply): CampaignTurn {
  const { artifact } = updateIn(plan);
  const { previous } = foundIn(row);
  const release = releaseIn(reply);
  if (!release) return failRollBack(row, nowMs, 'the robot installs no updates any more');
  // It ends, or rolls back by itself.
  if (!release.isSettled) return poll(row, nowMs);
  const { inUse } = release;
  if (inUse === previous)
    return stay(enter(row, nowMs, { state: 'rolled_back', reason: row.reason, isTouched: false }));
  if (inUse !== artifact) return failRollBack(row, nowMs, `the robot uses ${inUse ?? 'no release'}`);
  if (row.attempt > BACK_OFF_MS.length + 1) return failRollBack(row, nowMs, `the robot still uses ${artifact}`);
  return ask(plan, { ...row, step: 'revert', dueMs: nowMs });
}

function refused(row: CampaignRobot, nowMs: number, reply: RobotReply): CampaignTurn {
  const next = verdictOf(reply) === 'refused' ? undefined : again({ ...row, step: 'look' }, nowMs, row.reason ?? '');
  return next ?? failRollBack(row, nowMs, refusalText(reply));
}
