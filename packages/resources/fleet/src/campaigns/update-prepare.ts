import { HOUR_MS } from '../fleet-context.ts';
import { type RobotReply, refusalText, verdictOf } from '../requests/robot-request.ts';
import { beginChange } from './condition-step.ts';
import {
  again,
  ask,
  type CampaignFacts,
  type CampaignRobot,
  type CampaignTurn,
  enter,
  fail,
  prepareWith,
  type StepPlan,
  stay,
} from './robot-step.ts';
import { type InstalledRelease, registeredDigest, releaseIn, taskIn, transferIn } from './update-calls.ts';
import { askFor, firstPoll, foundIn, poll, refusedBefore, TASK_MS, updateIn } from './update-parts.ts';

/** Time for a transfer without an interruption of the link. */
const TRANSFER_MS = 24 * HOUR_MS;

/** Reads the release in use first: a robot that has the update is left out. */
export const startUpdate = (plan: StepPlan, row: CampaignRobot, { nowMs }: CampaignFacts): CampaignTurn =>
  ask(plan, enter(row, nowMs, { state: 'transferring', step: 'look', attempt: 1, found: undefined }));

/** Sends the archive part by part from the byte after those that the robot has. A cut costs at most one part. */
export function transfer(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  const { nowMs } = facts;
  const late = nowMs - row.sinceMs > TRANSFER_MS;
  if (late && facts.isOnline && facts.order === 'go') return fail(row, nowMs, 'the transfer took longer than 24 h');
  const missing = row.step === 'part' ? ({ ...row, step: 'query' } as const) : row;
  return prepareWith(plan, row, facts, ([reply]) => transferred(plan, row, nowMs, reply!), missing);
}

function transferred(plan: StepPlan, row: CampaignRobot, nowMs: number, reply: RobotReply): CampaignTurn {
  if (row.step === 'look') {
    return withRelease(row, nowMs, reply, ({ inUse }) =>
      askFor(plan, row, nowMs, inUse === updateIn(plan).artifact ? 'compare' : 'query'),
    );
  }
  if (row.step === 'compare') {
    // Not registered any more, but in use: the digest of the release in use is not known.
    const isSame = verdictOf(reply) === 'ok' && registeredDigest(reply) === updateIn(plan).manifestSha256;
    if (isSame) return skip(row, nowMs);
    if (!['ok', 'refused'].includes(verdictOf(reply))) return refusedBefore(row, nowMs, reply);
    return fail(row, nowMs, `${updateIn(plan).artifact} is in use on the robot with another content: use another id`);
  }
  // Other bytes arrived meanwhile, or another client transfers: the next query has the offset.
  const isMoved = reply.status === 416;
  if (isMoved)
    return again({ ...row, step: 'query' }, nowMs, refusalText(reply)) ?? fail(row, nowMs, refusalText(reply));
  if (verdictOf(reply) !== 'ok') return refusedBefore(row, nowMs, reply, 'query');
  return continued(plan, row, nowMs, reply);
}

/** Sends the next part, or registers the update if the robot has all parts. */
function continued(plan: StepPlan, row: CampaignRobot, nowMs: number, reply: RobotReply): CampaignTurn {
  const work = updateIn(plan);
  const known = transferIn(reply, work);
  if (known?.isComplete) return ask(plan, enter(row, nowMs, { state: 'preparing', step: 'register', attempt: 1 }));
  const isStuck = !known || (row.step === 'part' && known.received <= (foundIn(row).received ?? 0));
  if (isStuck) {
    const reason = 'the robot answered that it has not stored the part that it received';
    return again({ ...row, step: 'query' }, nowMs, reason) ?? fail(row, nowMs, reason);
  }
  const { received } = known;
  // The robot checks the archive. Its next reply says that it is complete, or why it is refused.
  if (received === work.total) return firstPoll({ ...row, found: { received } }, nowMs, 'query');
  // A part for each turn: a long transfer does not delay the requests to other robots.
  const next = { step: 'part', attempt: 1, reason: undefined, found: { received }, dueMs: nowMs } as const;
  return stay({ ...row, ...next });
}

/** Registers and prepares the update. Then reads the release in use again, just before the change. */
export function prepare(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts): CampaignTurn {
  return prepareWith(plan, row, facts, ([reply]) => prepared(plan, row, facts, reply!));
}

function prepared(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts, reply: RobotReply): CampaignTurn {
  const { nowMs } = facts;
  const { artifact, manifestSha256 } = updateIn(plan);
  const isOk = verdictOf(reply) === 'ok';
  switch (row.step) {
    case 'register':
      if (isOk) return askFor(plan, row, nowMs, 'prepare');
      if (reply.code === 'x-medkit-update-already-exists') return askFor(plan, row, nowMs, 'compare');
      return refusedBefore(row, nowMs, reply);
    case 'compare':
      if (!isOk) return refusedBefore(row, nowMs, reply);
      if (registeredDigest(reply) === manifestSha256) return askFor(plan, row, nowMs, 'prepare');
      return fail(row, nowMs, `${artifact} is registered on the robot with another content: delete it there first`);
    case 'prepare':
      // The reply to an earlier request may be lost.
      if (isOk || reply.code === 'x-medkit-update-in-progress') return firstPoll(row, nowMs, 'follow');
      return refusedBefore(row, nowMs, reply);
    case 'follow':
      return isOk ? followed(plan, row, facts, reply) : refusedBefore(row, nowMs, reply);
    default:
      return withRelease(row, nowMs, reply, (release) => execute(plan, row, facts, release));
  }
}

function followed(plan: StepPlan, row: CampaignRobot, { nowMs }: CampaignFacts, reply: RobotReply): CampaignTurn {
  const { phase, isPending, error } = taskIn(reply);
  if ((phase === 'prepared' || phase === 'executed') && !isPending) return askFor(plan, row, nowMs, 'ready');
  if (phase === 'failed' || phase === 'none') {
    const reason = phase === 'none' ? 'the robot was restarted while it prepared the update' : error.text;
    const isFinal = error.code === 'x-medkit-update-refused';
    const next = isFinal ? undefined : again({ ...row, step: 'prepare' }, nowMs, reason);
    return next ?? fail(row, nowMs, reason);
  }
  if (nowMs - row.sinceMs > TASK_MS) return fail(row, nowMs, 'the robot did not prepare the update within an hour');
  return poll(row, nowMs);
}

/** Begins with the change, unless the robot has the update or installs another one. */
function execute(plan: StepPlan, row: CampaignRobot, facts: CampaignFacts, release: InstalledRelease): CampaignTurn {
  const { nowMs, session } = facts;
  if (release.inUse === updateIn(plan).artifact) return skip(row, nowMs);
  if (!release.isSettled) {
    if (nowMs - row.sinceMs > TASK_MS) return fail(row, nowMs, 'the robot installs another update for over an hour');
    return poll(row, nowMs);
  }
  const found = { previous: release.inUse, gateMs: release.gateMs, epoch: session.epoch };
  return beginChange(plan, row, nowMs, found);
}

/** Both digests are the same: `register` or `compare` has shown it. */
const skip = (row: CampaignRobot, nowMs: number): CampaignTurn =>
  stay(enter(row, nowMs, { state: 'skipped', reason: 'it has this release in use already' }));

function withRelease(
  row: CampaignRobot,
  nowMs: number,
  reply: RobotReply,
  next: (release: InstalledRelease) => CampaignTurn,
): CampaignTurn {
  if (verdictOf(reply) !== 'ok') return refusedBefore(row, nowMs, reply);
  const release = releaseIn(reply);
  return release ? next(release) : fail(row, nowMs, 'the robot installs no updates: set updates.dir on it');
}
