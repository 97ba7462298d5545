import { type FleetQueueState, MAX_QUEUED_REPLY } from '@medkit/contract';
import { stringifyJson } from '@medkit/core/json';
import {
  BACK_OFF_MS,
  CUT_RETRY_MS,
  KEY_MS,
  MAX_REASON_CHARS,
  type RobotReply,
  refusalText,
  verdictOf,
} from '../requests/robot-request.ts';

/** Time by which the clock of the hub may go back while a request has no reply: a correction, and no other date. */
const CLOCK_STEP_MS = 60_000;

/** A queued request, as far as it changes. */
export interface QueuedState {
  readonly state: FleetQueueState;
  readonly expiresMs: number;
  readonly notBeforeMs: number;
  /** When the present attempt was sent first. */
  readonly sentMs: number | undefined;
  /** When it may be sent next. */
  readonly dueMs: number;
  /** Number of refusals after which it is tried again. */
  readonly attempt: number;
  readonly reason: string | undefined;
  /** Body as JSON text. */
  readonly reply: { readonly status: number; readonly body: string | undefined } | undefined;
  readonly endedMs: number | undefined;
}

/** What is known when a request is looked at. */
export interface QueueFacts {
  readonly nowMs: number;
  /** Whether the robot is connected, and its state was read. */
  readonly isConnected: boolean;
  /** Why the account that queued the request may not send it now. */
  readonly refusal?: string | undefined;
  readonly reply?: RobotReply | undefined;
  /** Whether it was sent, and no reply arrived. */
  readonly isCut?: boolean;
}

export interface QueueTurn {
  readonly row: QueuedState;
  /** Whether to send it, with its key. */
  readonly isSent: boolean;
}

/**
 * Returns the next state of a queued request, and whether to send it. Depends on its arguments alone: a hub that was
 * killed before it stored the result sends the request again, with the same key.
 */
export function queueStep(row: QueuedState, facts: QueueFacts): QueueTurn {
  if (row.endedMs !== undefined) return stay(row);
  return row.state === 'waiting' ? wait(row, facts) : ask(row, facts);
}

const stay = (row: QueuedState): QueueTurn => ({ row, isSent: false });

const end = (row: QueuedState, nowMs: number, change: Partial<QueuedState> & Pick<QueuedState, 'state'>): QueueTurn =>
  stay({ ...row, endedMs: nowMs, ...change, ...(change.reason !== undefined && { reason: short(change.reason) }) });

const short = (reason: string): string => reason.slice(0, MAX_REASON_CHARS);

function wait(row: QueuedState, { nowMs, isConnected, refusal }: QueueFacts): QueueTurn {
  if (nowMs >= row.expiresMs) return end(row, nowMs, { state: 'expired' });
  if (!isConnected || nowMs < Math.max(row.dueMs, row.notBeforeMs)) return stay(row);
  if (refusal !== undefined) return end(row, nowMs, { state: 'refused', reason: refusal });
  return { row: { ...row, state: 'sent', sentMs: nowMs, reason: undefined }, isSent: true };
}

/** The request was sent: another request with its key is not executed twice. */
function ask(row: QueuedState, facts: QueueFacts): QueueTurn {
  const { nowMs, isConnected, refusal, reply, isCut } = facts;
  if (reply) return replied(row, nowMs, reply);
  const problem = outcomeProblem(row, nowMs, refusal);
  if (problem !== undefined) {
    return end(row, nowMs, { state: 'unknown', reason: `it was sent, and no reply arrived; ${problem}` });
  }
  const silent: QueuedState = { ...row, state: 'unknown', reason: 'it was sent, and no reply arrived' };
  if (isCut) return stay({ ...silent, dueMs: nowMs + CUT_RETRY_MS });
  // Without an outcome, the hub was stopped while the request was under way.
  if (!isConnected || nowMs < row.dueMs) return stay(row.state === 'unknown' ? row : silent);
  return { row: { ...row, state: 'sent', reason: undefined }, isSent: true };
}

/** Returns why a request without a reply is not sent again. */
function outcomeProblem({ expiresMs, sentMs }: QueuedState, nowMs: number, refusal?: string): string | undefined {
  if (nowMs >= expiresMs) return 'it has expired';
  const elapsedMs = nowMs - (sentMs ?? nowMs);
  if (elapsedMs > KEY_MS) return 'the robot may have forgotten its key';
  if (elapsedMs < -CLOCK_STEP_MS) return 'the clock of the hub went back';
  return refusal;
}

function replied(row: QueuedState, nowMs: number, reply: RobotReply): QueueTurn {
  const result = { reply: storedReply(reply) };
  const verdict = verdictOf(reply);
  if (verdict === 'ok') return end(row, nowMs, { state: 'done', reason: undefined, ...result });
  const reason = refusalText(reply);
  // The robot has executed a request with this key, and cannot repeat the reply.
  if (verdict === 'unknown' || reply.code === 'x-medkit-key-reused') {
    return end(row, nowMs, { state: 'unknown', reason, ...result });
  }
  const delayMs = verdict === 'busy' ? BACK_OFF_MS[row.attempt] : undefined;
  if (delayMs === undefined) return end(row, nowMs, { state: 'refused', reason, ...result });
  return stay({
    ...row,
    ...{ state: 'waiting', sentMs: undefined, attempt: row.attempt + 1, dueMs: nowMs + delayMs, reason: short(reason) },
  });
}

function storedReply({ status, body }: RobotReply): NonNullable<QueuedState['reply']> {
  const text = body === undefined ? undefined : stringifyJson(body);
  return { status, body: text !== undefined && text.length <= MAX_QUEUED_REPLY ? text : undefined };
}
