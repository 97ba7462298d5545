import { type RobotReply, refusalText, verdictOf } from '../requests/robot-request.ts';
import { beginChange, hasConditions } from './condition-step.ts';
import {
  again,
  ask,
  type CampaignFacts,
  type CampaignRobot,
  type CampaignTurn,
  enter,
  fail,
  type KindTurns,
  retry,
  type StepPlan,
  stay,
  WAITS,
} from './robot-step.ts';
import { releaseIn, taskIn } from './update-calls.ts';
import { askFor, firstPoll, foundIn, POLL_MS, poll, TASK_MS, updateIn } from './update-parts.ts';
import { prepare, startUpdate, transfer } from './update-prepare.ts';
import { rollBackUpdate, undoUpdate } from './update-roll-back.ts';

/**
 * Installs an update. A robot is `done` only if it proves it: it has connected again after `execute`, the hub has read its
 * log, it has confirmed, and after the soak its `/health` names the release. A robot that has the update already proves
 * nothing about the change, and is skipped.
 */
export const UPDATE_TURNS: KindTurns = {
  start: startUpdate,
  turns: {
    transferring: transfer,
    preparing: prepare,
    executing: execute,
    confirming: confirm,
    soaking: soak,
    rolling_back: rollBackUpdate,
    done: ended,
    lost: ended,
  },
};

const [ROLLED_BACK, NOT_PREPARED] = ['x-medkit-update-rolled-back', 'x-medkit-update-not-prepared'];

/** Returns whether the update must have ended: its gate, the confirmation and an hour have passed since `execute`. */
function isOverdue(plan: StepPlan, row: CampaignRobot, nowMs: number): boolean {
  const { confirmWithinSec } = updateIn(plan);
  return nowMs - (row.changedMs ?? row.sinceMs) > confirmWithinSec * 1000 + (foundIn(row).gateMs ?? 0) + TASK_MS;
}

/** Returns the end of a robot that disconnected after `execute`; `undefined` while it may return. */
function lost(plan: StepPlan, row: CampaignRobot, { nowMs, isOnline, isCut }: CampaignFacts): CampaignTurn | undefined {
  if ((isOnline && !isCut) || !isOverdue(plan, row, nowMs)) return undefined;
  return stay(enter(row, nowMs, { state: 'lost', reason: 'the robot did not return after the update had begun' }));
}

/** Orders do not concern it: an update that has begun ends by itself. */
function execute(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { replies, isCut } = facts;
  const [reply] = replies ?? [];
  if (reply) return row.step === 'execute' ? executed(row, facts, reply) : followed(plan, row, facts, reply);
  const end = lost(plan, row, facts);
  if (end) return end;
  if (row.step !== 'execute') return retry(plan, row, facts);
  // The status shows whether the request arrived, perhaps in a newer session than the one before it.
  const found = { ...foundIn(row), ...(isCut && { epoch: facts.session.epoch }) };
  return retry(plan, { ...row, step: 'follow', found }, facts);
}

function executed(row: CampaignRobot, { nowMs, session }: CampaignFacts, reply: RobotReply): CampaignTurn {
  const verdict = verdictOf(reply);
  const known = { ...row, found: { ...foundIn(row), epoch: session.epoch } };
  if (verdict === 'ok') return firstPoll({ ...known, reason: undefined }, nowMs, 'follow');
  // An earlier request may have arrived: the status shows it.
  const isFinal = verdict === 'refused' && reply.code !== NOT_PREPARED;
  const next = isFinal ? undefined : again({ ...known, step: 'follow' }, nowMs, refusalText(reply));
  return next ?? stay({ ...fail(row, nowMs, refusalText(reply)).row, isTouched: verdict === 'unknown' });
}

/** Judges the status of the update, which waits for its confirmation in one of two states. */
function followed(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts, reply: RobotReply): CampaignTurn {
  const { nowMs } = facts;
  if (verdictOf(reply) === 'refused') return fail(row, nowMs, refusalText(reply));
  if (verdictOf(reply) !== 'ok')
    return isOverdue(plan, row, nowMs) ? fail(row, nowMs, refusalText(reply)) : poll(row, nowMs);
  const { phase, isPending, isWaiting, error } = taskIn(reply);
  if (phase === 'failed') {
    const isBack = error.code === ROLLED_BACK;
    return stay(
      enter(row, nowMs, { state: isBack ? 'rolled_back' : 'failed', reason: error.text, isTouched: !isBack }),
    );
  }
  if (phase === 'executed' && !isPending) return soaking(plan, row, nowMs);
  if (phase === 'prepared' && !isPending && row.state === 'executing') return notBegun(plan, row, facts);
  if (isOverdue(plan, row, nowMs)) return fail(row, nowMs, 'the update did not end in time on the robot');
  if (!isWaiting) return poll(row, nowMs);
  return stay(enter(row, nowMs, { state: 'confirming', step: 'renew', attempt: 1 }));
}

/** The request did not arrive, or was refused for now. After a stop of the campaign, it is not sent again. */
function notBegun(plan: StepPlan, row: CampaignRobot, { nowMs, order }: CampaignFacts): CampaignTurn {
  const untouched = { isTouched: false, changedMs: undefined };
  if (order === 'go') {
    return hasConditions(plan)
      ? beginChange(plan, { ...row, ...untouched }, nowMs, row.found, row.attempt)
      : ask(plan, { ...row, step: 'execute', dueMs: nowMs });
  }
  return stay(enter(row, nowMs, { state: 'waiting', reason: WAITS.stopped, found: undefined, ...untouched }));
}

/**
 * Confirms in a session that is younger than `execute`, when the log of the robot is read. An update that restarts
 * nothing keeps its session: the hub ends it once.
 */
function confirm(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, isOnline, replies, session } = facts;
  const [reply] = replies ?? [];
  if (reply) return row.step === 'confirm' ? confirmed(plan, row, nowMs, reply) : followed(plan, row, facts, reply);
  const end = lost(plan, row, facts);
  if (end) return end;
  if (row.step !== 'renew') return retry(plan, row, facts);
  if (!isOnline || nowMs < row.dueMs) return stay(row);
  const { epoch = 0, isRenewed } = foundIn(row);
  if (session.epoch > epoch && session.isRead) return askFor(plan, row, nowMs, 'confirm');
  // The robot has rolled back by now.
  if (isOverdue(plan, row, nowMs)) return askFor(plan, row, nowMs, 'follow');
  if (session.epoch > epoch || isRenewed) return stay(row);
  return { row: { ...row, found: { ...foundIn(row), isRenewed: true } }, calls: [], endsSession: true };
}

function confirmed(plan: StepPlan, row: CampaignRobot, nowMs: number, reply: RobotReply): CampaignTurn {
  const verdict = verdictOf(reply);
  const reason = refusalText(reply);
  if (verdict === 'ok') return soaking(plan, row, nowMs);
  if (reply.code === 'x-medkit-confirm-late') {
    return stay(enter(row, nowMs, { state: 'rolled_back', reason, isTouched: false }));
  }
  return verdict === 'refused' ? fail(row, nowMs, reason) : poll({ ...row, reason }, nowMs, 'follow');
}

const soaking = ({ gate }: StepPlan, row: CampaignRobot, nowMs: number): CampaignTurn =>
  stay(enter(row, nowMs, { state: 'soaking', step: 'prove', attempt: 1, dueMs: nowMs + gate.soakMs }));

/** After the soak, the robot names the release in use. */
function soak(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, order, replies } = facts;
  if (order === 'roll_back' && row.isTouched) return undoUpdate(plan, row, nowMs, 'the campaign was rolled back');
  const [reply] = replies ?? [];
  if (reply) return proved(plan, row, nowMs, reply);
  const soakedMs = row.sinceMs + plan.gate.soakMs;
  const isAway = !facts.isOnline || facts.isCut === true;
  const { confirmWithinSec } = updateIn(plan);
  if (isAway && nowMs - soakedMs > confirmWithinSec * 1000 + (foundIn(row).gateMs ?? 0) + TASK_MS) {
    return stay(enter(row, nowMs, { state: 'lost', reason: 'the robot did not return after its soak' }));
  }
  return retry(plan, row, facts);
}

function proved(plan: StepPlan, row: CampaignRobot, nowMs: number, reply: RobotReply): CampaignTurn {
  const { artifact } = updateIn(plan);
  const release = releaseIn(reply);
  if (verdictOf(reply) !== 'ok' || !release?.isSettled) return stay({ ...row, dueMs: nowMs + POLL_MS });
  const { inUse } = release;
  if (inUse === artifact) return stay(enter(row, nowMs, { state: 'done' }));
  const reason = `after the soak, the robot uses ${inUse ?? 'no release'} instead of ${artifact}`;
  const isBack = inUse !== undefined && inUse === foundIn(row).previous;
  return stay(enter(row, nowMs, { state: isBack ? 'rolled_back' : 'failed', reason, isTouched: false }));
}

function ended(plan: StepPlan, row: CampaignRobot, { nowMs, order }: CampaignFacts): CampaignTurn {
  const isUndone = order === 'roll_back' && row.isTouched;
  return isUndone ? undoUpdate(plan, row, nowMs, 'the campaign was rolled back') : stay(row);
}
