import { HOUR_MS } from '../fleet-context.ts';
import { CUT_RETRY_MS, KEY_MS, type RobotReply, refusalText, verdictOf } from '../requests/robot-request.ts';
import type { ScriptWork } from './campaign-plan.ts';
import { beginChange } from './condition-step.ts';
import {
  again,
  ask,
  type CampaignFacts,
  type CampaignRobot,
  type CampaignTurn,
  enter,
  fail,
  type KindTurns,
  prepareWith,
  retry,
  type StepPlan,
  stay,
} from './robot-step.ts';
import { executionIn, idIn, isScript, otherId, type ScriptFound, type ScriptStep, usualId } from './script-calls.ts';
import { firstPoll, POLL_MS, refusedBefore } from './update-parts.ts';

/** Time for which a robot may be away or silent after the time of its script. */
const AWAY_MS = HOUR_MS;

/**
 * Runs a script once: uploads it if the robot does not have its digest, starts it, and follows the execution to its end. It
 * has no roll-back.
 */
export const SCRIPT_TURNS: KindTurns = {
  start: (plan, row, { nowMs }) =>
    ask(
      plan,
      enter(row, nowMs, { state: 'preparing', step: 'find', attempt: 1, found: { script: usualId(scriptIn(plan)) } }),
    ),
  turns: { preparing: prepare, executing: execute, soaking: soak },
};

const scriptIn = ({ work }: StepPlan): ScriptWork => work as ScriptWork;
const foundIn = ({ found }: CampaignRobot): ScriptFound => (found ?? {}) as ScriptFound;

/** Begins the first attempt of a step. */
const askFor = (plan: StepPlan, row: CampaignRobot, nowMs: number, step: ScriptStep): CampaignTurn =>
  ask(plan, { ...row, step, attempt: 1, dueMs: nowMs });

/** Finds the script on the robot, or stores it there. */
function prepare(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, order, replies, refusal } = facts;
  if (refusal !== undefined && order === 'go') return fail(row, nowMs, refusal);
  // An upload has no key. Whether one without a reply has arrived, the next read shows, also if the hub was killed meanwhile.
  const known: CampaignRobot = row.step === 'upload' && !replies ? { ...row, step: 'find' } : row;
  return prepareWith(plan, known, facts, ([reply]) =>
    (row.step === 'upload' ? uploaded : looked)(plan, row, nowMs, reply!),
  );
}

function looked(plan: StepPlan, row: CampaignRobot, nowMs: number, reply: RobotReply): CampaignTurn {
  const work = scriptIn(plan);
  const { script } = foundIn(row);
  if (verdictOf(reply) === 'ok') {
    if (isScript(reply, work)) return beginChange(plan, row, nowMs);
    if (work.text !== undefined && script === usualId(work)) {
      return askFor(plan, { ...row, found: { script: otherId(work) } }, nowMs, 'find');
    }
    return fail(row, nowMs, `the robot has another script ${script} of ${work.entity}: delete it there first`);
  }
  if (reply.code !== 'resource-not-found') return refusedBefore(row, nowMs, reply);
  if (work.text !== undefined) return askFor(plan, row, nowMs, 'upload');
  const remedy = 'upload it there, or put its text into the plan';
  return fail(row, nowMs, `the robot has no script ${script} of ${work.entity}: ${remedy}`);
}

function uploaded(plan: StepPlan, row: CampaignRobot, nowMs: number, reply: RobotReply): CampaignTurn {
  if (verdictOf(reply) === 'refused') {
    return fail(row, nowMs, `the script cannot be stored on the robot: ${refusalText(reply)}`);
  }
  if (verdictOf(reply) !== 'ok') return refusedBefore(row, nowMs, reply, 'find');
  const script = idIn(reply);
  if (script === undefined || !isScript(reply, scriptIn(plan))) {
    return fail(row, nowMs, 'the robot stored another script than it received');
  }
  return beginChange(plan, row, nowMs, { script });
}

/** Orders do not concern it: an execution that has begun ends by itself, or at its time. */
function execute(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs, replies, problem, refusal } = facts;
  const [reply] = replies ?? [];
  if (reply) {
    if (row.step === 'run') return started(row, nowMs, reply);
    // The execution shows whether the request has ended it.
    return row.step === 'end' ? firstPoll(row, nowMs, 'follow') : followed(plan, row, nowMs, reply);
  }
  if (refusal !== undefined) return revoked(row, nowMs, refusal);
  const end = lost(plan, row, facts);
  if (end) return end;
  if (problem !== undefined) return stay({ ...row, dueMs: nowMs + CUT_RETRY_MS });
  const isRepeated = row.step === 'run';
  return retry(plan, isRepeated ? { ...row, found: { ...foundIn(row), isRepeated } } : row, facts);
}

function revoked(row: CampaignRobot, nowMs: number, refusal: string): CampaignTurn {
  const { isRepeated } = foundIn(row);
  const reason = isRepeated ? `${refusal}, and it is unknown whether the script has run` : refusal;
  return stay(enter(row, nowMs, { state: 'failed', reason, isTouched: isRepeated === true }));
}

/** Returns the end of a robot that did not answer in the time of the script; `undefined` while it may return. */
function lost(plan: StepPlan, row: CampaignRobot, { nowMs, isOnline, isCut }: CampaignFacts): CampaignTurn | undefined {
  const elapsedMs = nowMs - (foundIn(row).startedMs ?? row.sinceMs);
  const isSilent = !isOnline || isCut === true;
  if (elapsedMs <= KEY_MS && !(isSilent && elapsedMs > scriptIn(plan).timeoutMs + AWAY_MS)) return undefined;
  return stay(enter(row, nowMs, { state: 'lost', reason: 'the robot did not answer after the script had begun' }));
}

function started(row: CampaignRobot, nowMs: number, reply: RobotReply): CampaignTurn {
  const [verdict, reason] = [verdictOf(reply), refusalText(reply)];
  if (verdict === 'ok') {
    const execution = idIn(reply);
    if (execution === undefined) return fail(row, nowMs, 'the robot answered without the id of the execution');
    const found = { ...foundIn(row), execution, startedMs: nowMs };
    return firstPoll({ ...row, reason: undefined, found }, nowMs, 'follow');
  }
  const next = verdict === 'busy' ? again(row, nowMs, reason) : undefined;
  const isUnknown = verdict === 'unknown';
  const text = isUnknown ? `it is unknown whether the script has run: ${reason}` : reason;
  return next ?? stay(enter(row, nowMs, { state: 'failed', reason: text, isTouched: isUnknown }));
}

function followed(plan: StepPlan, row: CampaignRobot, nowMs: number, reply: RobotReply): CampaignTurn {
  const { script, execution, startedMs = row.sinceMs, problem } = foundIn(row);
  const { timeoutMs, sha256 } = scriptIn(plan);
  const leftMs = startedMs + timeoutMs - nowMs;
  if (verdictOf(reply) === 'refused') {
    const isGone = reply.code === 'resource-not-found';
    const reason = isGone ? `the robot no longer has ${execution} of ${script}` : refusalText(reply);
    return fail(row, nowMs, `the result of the script is unknown: ${reason}`);
  }
  const isLate = leftMs < -AWAY_MS;
  if (verdictOf(reply) !== 'ok') {
    return isLate ? fail(row, nowMs, refusalText(reply)) : stay({ ...row, dueMs: nowMs + POLL_MS });
  }
  const { isRunning, isCompleted, isOther, error, result } = executionIn(reply, scriptIn(plan));
  const other = `the robot ran another script than that with the digest ${sha256}`;
  if (isRunning) {
    if (isLate) return fail(row, nowMs, 'the script could not be ended on the robot');
    if (leftMs > 0 && !isOther) return stay({ ...row, dueMs: nowMs + Math.min(POLL_MS, leftMs) });
    const cause = isOther ? other : `it did not end within ${timeoutMs / 1000} s, and was ended`;
    // Each attempt has a new key: the robot answers a repeated one without ending anything.
    const ending = { ...row, step: 'end', attempt: row.attempt + 1, dueMs: nowMs } as const;
    return ask(plan, { ...ending, found: { ...foundIn(row), problem: problem ?? cause } });
  }
  const known = { ...row, found: { ...foundIn(row), result } };
  if (isCompleted && !isOther) return stay(enter(known, nowMs, { state: 'soaking', dueMs: nowMs + plan.gate.soakMs }));
  return fail(known, nowMs, isOther ? other : (problem ?? `the script failed: ${error}`));
}

function soak(_plan: StepPlan, row: CampaignRobot, { nowMs }: CampaignFacts): CampaignTurn {
  return nowMs < row.dueMs ? stay(row) : stay(enter(row, nowMs, { state: 'done' }));
}
