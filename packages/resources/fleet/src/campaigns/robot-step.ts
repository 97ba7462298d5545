import type { FleetCampaignRobotState } from '@medkit/contract';
import {
  BACK_OFF_MS,
  CUT_RETRY_MS,
  MAX_REASON_CHARS,
  type RobotCall,
  type RobotReply,
} from '../requests/robot-request.ts';
import type { CampaignPlan } from './campaign-plan.ts';
import { type CampaignFound, type CampaignStep, callsOf } from './robot-calls.ts';

/** Why a robot of an open wave has not begun. */
export const WAITS = {
  offline: 'the robot is offline',
  busy: 'another campaign changes the robot',
  full: 'limits.in_progress is reached',
  site: 'limits.per_site_percent of its site is reached',
  stopped: 'the campaign is stopped',
} as const;

/** A robot in a campaign. */
export interface CampaignRobot {
  readonly state: FleetCampaignRobotState;
  readonly step: CampaignStep | undefined;
  /** Number of the attempt of the step, from 1. */
  readonly attempt: number;
  readonly reason: string | undefined;
  readonly found: CampaignFound | undefined;
  /** Whether the robot may have another value or release than before. */
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
  /** Whether the robot may begin: `busy` if another campaign changes it, `full` or `site` if enough others change. */
  readonly place: 'free' | 'busy' | 'full' | 'site';
  /** Why robots of its site do not begin now. */
  readonly closed?: string | undefined;
  /** The replies to the requests of its step, up to the first refused one. */
  readonly replies?: readonly RobotReply[];
  /** Whether the requests of its step were sent, and a reply did not arrive. */
  readonly isCut?: boolean;
  /** Why the hub could not send them. */
  readonly problem?: string;
  /** Why the account of the campaign may not send them now. */
  readonly refusal?: string;
  /** The newest session of the robot, and whether the hub has read the log that the robot had at its begin. */
  readonly session: { readonly epoch: number; readonly isRead: boolean };
}

export interface CampaignTurn {
  readonly row: CampaignRobot;
  /** Requests to send one after the other, until a reply is a refusal. */
  readonly calls: readonly RobotCall[];
  /** Whether the session of the robot ends: it must connect again. */
  readonly endsSession?: boolean;
}

export type StepPlan = Pick<CampaignPlan, 'gate' | 'work'> & Partial<Pick<CampaignPlan, 'conditions'>>;
export type Turn = (plan: StepPlan, row: CampaignRobot, facts: CampaignFacts) => CampaignTurn;

/** How robots of one kind of campaign go on. */
export interface KindTurns {
  /** Begins with a robot. */
  readonly start: Turn;
  /** Turns of the states in which a robot may go on. */
  readonly turns: { readonly [State in FleetCampaignRobotState]?: Turn };
}

export const stay = (row: CampaignRobot): CampaignTurn => ({ row, calls: [] });

/** Enters a state. */
export const enter = (
  row: CampaignRobot,
  nowMs: number,
  change: Partial<CampaignRobot> & Pick<CampaignRobot, 'state'>,
): CampaignRobot => ({
  ...row,
  ...{ step: undefined, attempt: 0, reason: undefined, sinceMs: nowMs, dueMs: nowMs },
  ...change,
  ...(change.reason !== undefined && { reason: change.reason.slice(0, MAX_REASON_CHARS) }),
});

/** Sends the requests of the step of a row. */
export const ask = ({ work, conditions }: StepPlan, row: CampaignRobot): CampaignTurn => ({
  row,
  calls: callsOf(work, row.step!, row.found, conditions),
});

/** Returns the turn of a robot that has not begun. */
export function begin(start: Turn, plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, order } = facts;
  const over = withdrawn(row, facts);
  if (over) return over;
  if (order !== 'go' || !facts.isWaveOpen) return stay(row);
  const placeReason = facts.place === 'free' ? undefined : WAITS[facts.place];
  const reason = facts.isOnline ? (facts.closed ?? placeReason) : WAITS.offline;
  return reason === undefined ? start(plan, row, facts) : wait(row, nowMs, reason);
}

/** Returns the end of a robot that is not changed yet, if the campaign has expired or was cancelled. */
function withdrawn(row: CampaignRobot, { nowMs, order }: CampaignFacts): CampaignTurn | undefined {
  if (order === 'expire') return stay(enter(row, nowMs, { state: 'expired', reason: row.reason }));
  return order === 'cancel' ? stay(enter(row, nowMs, { state: 'cancelled' })) : undefined;
}

const wait = (row: CampaignRobot, nowMs: number, reason: string): CampaignTurn =>
  stay(row.state === 'waiting' && row.reason === reason ? row : enter(row, nowMs, { state: 'waiting', reason }));

/**
 * Carries a robot on that is not changed yet: it ends or waits with the campaign, and waits again if it disconnects.
 * `replied` judges the replies, and `missing` is the row whose requests are sent again after a cut.
 */
export function prepareWith(
  plan: StepPlan,
  row: CampaignRobot,
  facts: CampaignFacts,
  replied: (replies: readonly RobotReply[]) => CampaignTurn,
  missing = row,
): CampaignTurn {
  const { nowMs, order, replies, problem } = facts;
  const over = withdrawn(row, facts);
  if (over) return over;
  if (order !== 'go') return wait(row, nowMs, WAITS.stopped);
  if (facts.closed !== undefined) return wait(row, nowMs, facts.closed);
  if (replies) return replied(replies);
  if (!facts.isOnline) return wait(row, nowMs, WAITS.offline);
  if (facts.isCut || problem !== undefined) {
    const reason = problem ?? 'the robot does not answer';
    return again(missing, nowMs, reason) ?? fail(row, nowMs, reason);
  }
  return nowMs < row.dueMs ? stay(row) : ask(plan, row);
}

export const fail = (row: CampaignRobot, nowMs: number, reason: string): CampaignTurn =>
  stay(enter(row, nowMs, { state: 'failed', reason }));

/** Sends the requests of a step again if they are due: with their keys, so that none is executed twice. */
export function retry(plan: StepPlan, row: CampaignRobot, { nowMs, isOnline, isCut }: CampaignFacts): CampaignTurn {
  if (isCut) return stay({ ...row, dueMs: nowMs + CUT_RETRY_MS });
  if (nowMs < row.dueMs) return stay(row);
  return isOnline ? ask(plan, row) : stay({ ...row, dueMs: nowMs + CUT_RETRY_MS });
}

/** Returns the next attempt of a step; `undefined` if there were enough. */
export function again(row: CampaignRobot, nowMs: number, reason: string): CampaignTurn | undefined {
  const delayMs = BACK_OFF_MS[row.attempt - 1];
  if (delayMs === undefined) return undefined;
  return stay({ ...row, attempt: row.attempt + 1, reason: reason.slice(0, MAX_REASON_CHARS), dueMs: nowMs + delayMs });
}

/** Returns the end of a roll-back that did not succeed. */
export const failRollBack = (row: CampaignRobot, nowMs: number, problem: string): CampaignTurn =>
  fail(row, nowMs, `roll-back: ${problem}. Before that: ${row.reason}`);

/** Returns the end of a roll-back on a robot that is away when the campaign expires; `undefined` before. */
export function abandoned(
  row: CampaignRobot,
  { nowMs, isOnline, isCut, order }: CampaignFacts,
): CampaignTurn | undefined {
  if (order !== 'expire' || (isOnline && !isCut)) return undefined;
  const reason = `the robot did not answer until the campaign expired, and is not rolled back: ${row.reason}`;
  return stay(enter(row, nowMs, { state: 'lost', reason }));
}
