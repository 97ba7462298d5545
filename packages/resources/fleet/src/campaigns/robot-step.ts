import type { FleetCampaignChange, FleetCampaignRobotState } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import { HOUR_MS } from '../fleet-context.ts';
import {
  BACK_OFF_MS,
  CUT_RETRY_MS,
  KEY_MS,
  MAX_REASON_CHARS,
  type RobotCall,
  type RobotReply,
  refusalText,
  verdictOf,
} from '../requests/robot-request.ts';
import type { CampaignPlan } from './campaign-plan.ts';
import { type CampaignStep, callsOf, isSameValue, valueIn } from './robot-calls.ts';

/** Time for which a robot that changes may be away or silent. */
const AWAY_MS = HOUR_MS;
/** Length of the JSON text of the values before a change, which the hub stores for each robot. */
const MAX_FOUND_CHARS = 65_536;

/** Why a robot of an open wave has not begun. */
export const WAITS = {
  offline: 'the robot is offline',
  busy: 'another campaign changes the robot',
  full: 'limits.in_progress is reached',
  stopped: 'the campaign is stopped',
} as const;

/** A robot in a campaign. */
export interface CampaignRobot {
  readonly state: FleetCampaignRobotState;
  readonly step: CampaignStep | undefined;
  /** Number of the attempt of the step, from 1. */
  readonly attempt: number;
  readonly reason: string | undefined;
  /** The values before the change, in the order of the changes. */
  readonly found: readonly unknown[] | undefined;
  /** Whether the robot may have another value than before. */
  readonly isTouched: boolean;
  /** When it entered the state, began to change, and needs attention next. */
  readonly sinceMs: number;
  readonly changedMs: number | undefined;
  readonly dueMs: number;
}

/** What the campaign requires of a robot now. `hold`: it is stopped, and changes that have begun end. */
export type CampaignOrder = 'go' | 'hold' | 'roll_back' | 'expire' | 'cancel';

/** What is known about a robot. */
export interface CampaignFacts {
  readonly nowMs: number;
  readonly isOnline: boolean;
  readonly order: CampaignOrder;
  readonly isWaveOpen: boolean;
  /** Whether the robot may begin: `busy` if another campaign changes it, `full` if enough others change. */
  readonly place: 'free' | 'busy' | 'full';
  /** The replies to the requests of its step, up to the first refused one. */
  readonly replies?: readonly RobotReply[];
  /** Whether the requests of its step were sent, and a reply did not arrive. */
  readonly isCut?: boolean;
}

export interface CampaignTurn {
  readonly row: CampaignRobot;
  /** Requests to send one after the other, until a reply is a refusal. */
  readonly calls: readonly RobotCall[];
}

type Plan = Pick<CampaignPlan, 'gate' | 'work'>;
type Turn = (plan: Plan, row: CampaignRobot, facts: CampaignFacts) => CampaignTurn;

const TURNS: Readonly<Record<FleetCampaignRobotState, Turn>> = {
  selected: begin,
  waiting: begin,
  preparing: prepare,
  executing: execute,
  soaking: soak,
  rolling_back: rollBack,
  done: ended,
  lost: ended,
  failed: (_plan, row) => stay(row),
  rolled_back: (_plan, row) => stay(row),
  skipped: (_plan, row) => stay(row),
  expired: (_plan, row) => stay(row),
  cancelled: (_plan, row) => stay(row),
};

/**
 * Returns the next state of a robot, and what to ask it. Depends on its arguments alone: a hub that was killed before it
 * stored the result asks the same again, with the same keys.
 */
export function step(plan: Plan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  return TURNS[row.state](plan, row, facts);
}

const stay = (row: CampaignRobot): CampaignTurn => ({ row, calls: [] });

/** Enters a state. */
const enter = (
  row: CampaignRobot,
  nowMs: number,
  change: Partial<CampaignRobot> & Pick<CampaignRobot, 'state'>,
): CampaignRobot => ({
  ...row,
  ...{ step: undefined, attempt: 0, reason: undefined, sinceMs: nowMs, dueMs: nowMs },
  ...change,
  ...(change.reason !== undefined && { reason: change.reason.slice(0, MAX_REASON_CHARS) }),
});

const ask = ({ work }: Plan, row: CampaignRobot): CampaignTurn => ({
  row,
  calls: callsOf(work, row.step!, row.found ?? []),
});

function begin(plan: Plan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, order } = facts;
  if (order === 'expire') return stay(enter(row, nowMs, { state: 'expired', reason: row.reason }));
  if (order === 'cancel') return stay(enter(row, nowMs, { state: 'cancelled' }));
  if (order !== 'go' || !facts.isWaveOpen) return stay(row);
  const reason = !facts.isOnline ? WAITS.offline : facts.place === 'free' ? undefined : WAITS[facts.place];
  if (reason !== undefined) return wait(row, nowMs, reason);
  if (plan.work.kind === 'configuration') {
    return ask(plan, enter(row, nowMs, { state: 'preparing', step: 'read', attempt: 1 }));
  }
  const begun = { state: 'executing', step: 'run', attempt: 1, isTouched: true, changedMs: nowMs } as const;
  return ask(plan, enter(row, nowMs, begun));
}

const wait = (row: CampaignRobot, nowMs: number, reason: string): CampaignTurn =>
  stay(row.state === 'waiting' && row.reason === reason ? row : enter(row, nowMs, { state: 'waiting', reason }));

/** Nothing was changed yet: a robot that disconnects waits again. */
function prepare(plan: Plan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, order, replies } = facts;
  if (order === 'expire' || order === 'cancel') return begin(plan, row, facts);
  if (order !== 'go') return wait(row, nowMs, WAITS.stopped);
  if (replies) return found(plan, row, facts, replies);
  if (!facts.isOnline) return wait(row, nowMs, WAITS.offline);
  if (facts.isCut) {
    const reason = 'the robot does not answer';
    return again(row, nowMs, reason) ?? stay(enter(row, nowMs, { state: 'failed', reason }));
  }
  return nowMs < row.dueMs ? stay(row) : ask(plan, row);
}

/** Compares the values before the change. */
function found(plan: Plan, row: CampaignRobot, { nowMs }: CampaignFacts, replies: readonly RobotReply[]): CampaignTurn {
  const refused = replies.find((reply) => verdictOf(reply) !== 'ok');
  if (refused) {
    const reason = refusalText(refused);
    const next = verdictOf(refused) === 'refused' ? undefined : again(row, nowMs, reason);
    return next ?? stay(enter(row, nowMs, { state: 'failed', reason }));
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
  const begun = { state: 'executing', step: 'write', attempt: 1, changedMs: nowMs, isTouched: true } as const;
  return ask(plan, enter(row, nowMs, { ...begun, found: values }));
}

/** Orders do not concern it: a change that has begun ends by itself. */
function execute(plan: Plan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, isOnline, replies } = facts;
  if (replies) return replied(plan, row, facts, replies);
  const elapsedMs = nowMs - row.sinceMs;
  const isSilent = !isOnline || facts.isCut === true;
  if (elapsedMs > KEY_MS || (isSilent && elapsedMs > AWAY_MS)) {
    return stay(enter(row, nowMs, { state: 'lost', reason: 'the robot did not answer after the change had begun' }));
  }
  return retry(plan, row, facts);
}

/** Sends the requests of a step again if they are due: with their keys, so that none is executed twice. */
function retry(plan: Plan, row: CampaignRobot, { nowMs, isOnline, isCut }: CampaignFacts): CampaignTurn {
  if (isCut) return stay({ ...row, dueMs: nowMs + CUT_RETRY_MS });
  if (nowMs < row.dueMs) return stay(row);
  return isOnline ? ask(plan, row) : stay({ ...row, dueMs: nowMs + CUT_RETRY_MS });
}

function replied(
  plan: Plan,
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

/** Returns the next attempt of a step; `undefined` if there were enough. */
function again(row: CampaignRobot, nowMs: number, reason: string): CampaignTurn | undefined {
  const delayMs = BACK_OFF_MS[row.attempt - 1];
  if (delayMs === undefined) return undefined;
  return stay({ ...row, attempt: row.attempt + 1, reason: reason.slice(0, MAX_REASON_CHARS), dueMs: nowMs + delayMs });
}

const undo = (row: CampaignRobot, nowMs: number, reason: string): CampaignTurn =>
  stay(enter(row, nowMs, { state: 'rolling_back', step: 'restore', attempt: 1, reason }));

const canUndo = ({ work }: Plan, { isTouched, found: values }: CampaignRobot): boolean =>
  work.kind === 'configuration' && isTouched && values !== undefined;

function soak(plan: Plan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, order } = facts;
  if (order === 'roll_back' && canUndo(plan, row)) return undo(row, nowMs, 'the campaign was rolled back');
  return nowMs < row.dueMs ? stay(row) : stay(enter(row, nowMs, { state: 'done' }));
}

function rollBack(plan: Plan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, isOnline, order, replies } = facts;
  const fail = (problem: string) =>
    stay(enter(row, nowMs, { state: 'failed', reason: `roll-back: ${problem}. Before that: ${row.reason}` }));
  if (replies) {
    const refused = replies.find((reply) => verdictOf(reply) !== 'ok');
    if (!refused) return stay(enter(row, nowMs, { state: 'rolled_back', reason: row.reason, isTouched: false }));
    const next = verdictOf(refused) === 'refused' ? undefined : again(row, nowMs, row.reason ?? '');
    return next ?? fail(refusalText(refused));
  }
  if (order === 'expire' && (!isOnline || facts.isCut)) {
    const reason = `the robot did not answer until the campaign expired, and is not rolled back: ${row.reason}`;
    return stay(enter(row, nowMs, { state: 'lost', reason }));
  }
  return retry(plan, row, facts);
}

function ended(plan: Plan, row: CampaignRobot, { nowMs, order }: CampaignFacts): CampaignTurn {
  const isUndone = order === 'roll_back' && canUndo(plan, row);
  return isUndone ? undo(row, nowMs, 'the campaign was rolled back') : stay(row);
}

const changesOf = ({ work }: Plan): readonly FleetCampaignChange[] =>
  work.kind === 'configuration' ? work.changes : [];
const placeOf = ({ entity, parameter }: FleetCampaignChange): string => `${parameter} of ${entity}`;
const textOf = (value: unknown): string => (value === undefined ? 'absent' : stringifyJson(value).slice(0, 80));
