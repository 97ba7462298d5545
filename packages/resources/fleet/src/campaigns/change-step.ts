import type { FleetCampaignChange } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { HOUR_MS } from '../fleet-context.ts';
import { KEY_MS, type RobotReply, refusalText, verdictOf } from '../requests/robot-request.ts';
import { beginChange, makeChange } from './condition-step.ts';
import { isSameValue, valueIn } from './robot-calls.ts';
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
  type KindTurns,
  prepareWith,
  retry,
  type StepPlan,
  stay,
} from './robot-step.ts';

/** Time for which a robot that changes may be away or silent. */
const AWAY_MS = HOUR_MS;
/** Length of the JSON text of the values before a change, which the hub stores for each robot. */
const MAX_FOUND_CHARS = 65_536;

/** Sets configurations: compares and stores the values before, sets the new ones, and reads them again. */
export const CONFIGURATION_TURNS: KindTurns = {
  start: (plan, row, { nowMs }) => ask(plan, enter(row, nowMs, { state: 'preparing', step: 'read', attempt: 1 })),
  turns: {
    preparing: (plan, row, facts) => prepareWith(plan, row, facts, (replies) => found(plan, row, facts, replies)),
    ...{ executing: execute, soaking: soak, rolling_back: rollBack, done: ended, lost: ended },
  },
};

/** Sends one request, and has no roll-back. */
export const REQUEST_TURNS: KindTurns = {
  // The conditions were read just before.
  start: (plan, row, { nowMs }) => makeChange(plan, row, nowMs),
  turns: { executing: execute, soaking: soak },
};

/** Compares the values before the change. */
function found(
  plan: StepPlan,
  row: CampaignRobot,
  { nowMs }: CampaignFacts,
  replies: readonly RobotReply[],
): CampaignTurn {
  const refused = replies.find((reply) => verdictOf(reply) !== 'ok');
  if (refused) {
    const reason = refusalText(refused);
    const next = verdictOf(refused) === 'refused' ? undefined : again(row, nowMs, reason);
    return next ?? fail(row, nowMs, reason);
  }
  const changes = changesOf(plan);
  const values = replies.map(valueIn);
  const skip = (reason: string) => stay(enter(row, nowMs, { state: 'skipped', reason }));
  const missing = changes.findIndex((_, index) => values[index] === undefined || values[index] === null);
  if (missing >= 0) return skip(`${placeOf(changes[missing]!)} has no value that a roll-back could restore`);
  if (stringifyJson(values).length > MAX_FOUND_CHARS) {
    return skip(`its values before the change have more than ${MAX_FOUND_CHARS} characters, too many for a roll-back`);
  }
  const other = changes.findIndex(
    (change, index) => Object.hasOwn(change, 'from') && !isSameValue(values[index], change.from),
  );
  if (other >= 0) {
    const { from } = changes[other]!;
    return skip(`${placeOf(changes[other]!)} is ${textOf(values[other])} instead of ${textOf(from)}`);
  }
  if (changes.every(({ to }, index) => isSameValue(values[index], to))) return skip('it has these values already');
  return beginChange(plan, row, nowMs, values);
}

/** Orders do not concern it: a change that has begun ends by itself. */
function execute(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, isOnline, replies } = facts;
  if (replies) return replied(plan, row, facts, replies);
  const elapsedMs = nowMs - row.sinceMs;
  const isSilent = !isOnline || facts.isCut === true;
  if (elapsedMs > KEY_MS || (isSilent && elapsedMs > AWAY_MS)) {
    return stay(enter(row, nowMs, { state: 'lost', reason: 'the robot did not answer after the change had begun' }));
  }
  return retry(plan, row, facts);
}

function replied(
  plan: StepPlan,
  row: CampaignRobot,
  { nowMs }: CampaignFacts,
  replies: readonly RobotReply[],
): CampaignTurn {
  const refused = replies.find((reply) => verdictOf(reply) !== 'ok');
  if (refused) return refusedChange(row, nowMs, replies, refused);
  if (row.step === 'write') return ask(plan, { ...row, step: 'check', attempt: 1, dueMs: nowMs });
  if (row.step === 'check') {
    const changes = changesOf(plan);
    const other = changes.findIndex(({ to }, index) => !isSameValue(valueIn(replies[index]!), to));
    if (other >= 0) {
      const value = textOf(valueIn(replies[other]!));
      return undo(row, nowMs, `${placeOf(changes[other]!)} is ${value} after ${textOf(changes[other]!.to)} was set`);
    }
  }
  return stay(enter(row, nowMs, { state: 'soaking', dueMs: nowMs + plan.gate.soakMs }));
}

function refusedChange(
  row: CampaignRobot,
  nowMs: number,
  replies: readonly RobotReply[],
  refused: RobotReply,
): CampaignTurn {
  const [verdict, reason] = [verdictOf(refused), refusalText(refused)];
  const isRequest = row.step === 'run';
  // Setting a value twice has the effect of once; a request has not.
  const isFinal = verdict === 'refused' || (isRequest && verdict === 'unknown');
  const next = isFinal ? undefined : again(row, nowMs, reason);
  if (next) return next;
  const isUntouched = row.step === 'write' && row.attempt === 1 && replies.length === 1 && verdict === 'refused';
  if (isRequest || isUntouched) {
    const text = verdict === 'unknown' ? `its outcome is unknown: ${reason}` : reason;
    return stay(enter(row, nowMs, { state: 'failed', reason: text, isTouched: isRequest && verdict === 'unknown' }));
  }
  return undo(row, nowMs, reason);
}

const undo = (row: CampaignRobot, nowMs: number, reason: string): CampaignTurn =>
  stay(enter(row, nowMs, { state: 'rolling_back', step: 'restore', attempt: 1, reason }));

const canUndo = ({ work }: StepPlan, { isTouched, found: values }: CampaignRobot): boolean =>
  work.kind === 'configuration' && isTouched && values !== undefined;

function soak(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, order } = facts;
  if (order === 'roll_back' && canUndo(plan, row)) return undo(row, nowMs, 'the campaign was rolled back');
  return nowMs < row.dueMs ? stay(row) : stay(enter(row, nowMs, { state: 'done' }));
}

function rollBack(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, replies } = facts;
  if (!replies) return abandoned(row, facts) ?? retry(plan, row, facts);
  const refused = replies.find((reply) => verdictOf(reply) !== 'ok');
  if (!refused) return stay(enter(row, nowMs, { state: 'rolled_back', reason: row.reason, isTouched: false }));
  const next = verdictOf(refused) === 'refused' ? undefined : again(row, nowMs, row.reason ?? '');
  return next ?? failRollBack(row, nowMs, refusalText(refused));
}

function ended(plan: StepPlan, row: CampaignRobot, { nowMs, order }: CampaignFacts): CampaignTurn {
  const isUndone = order === 'roll_back' && canUndo(plan, row);
  return isUndone ? undo(row, nowMs, 'the campaign was rolled back') : stay(row);
}

const changesOf = ({ work }: StepPlan): readonly FleetCampaignChange[] =>
  work.kind === 'configuration' ? work.changes : [];
const placeOf = ({ entity, parameter }: FleetCampaignChange): string => `${parameter} of ${entity}`;
const textOf = (value: unknown): string => (value === undefined ? 'absent' : stringifyJson(value).slice(0, 80));
