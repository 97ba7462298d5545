import {
  FAULT_SEVERITIES,
  FLEET_CAMPAIGN_ENDS,
  type FleetCampaignCounts,
  type FleetCampaignGateState,
  type FleetCampaignRobotState,
} from '@medkit/contract';
import { rateTest } from '../issues/poisson-test.ts';
import type { GateLimits } from './campaign-plan.ts';
import { UNDER_WAY } from './campaign-states.ts';

/** Fewest errors on changed robots: with fewer, a rate is a coincidence. */
const FEWEST_ERRORS = 5;
/** Probability of a rate by chance, below which the campaign stops. */
const COINCIDENCE = 0.01;
const FAILED: readonly FleetCampaignRobotState[] = ['failed', 'rolled_back', 'lost'];
/** Robots that a wave does not need. */
const LEFT_OUT: readonly FleetCampaignRobotState[] = ['skipped', 'expired', 'cancelled'];

/** A wave as it is now. */
export interface WaveNow {
  readonly isOpen: boolean;
  readonly isApproved: boolean;
  readonly states: FleetCampaignCounts;
}

/** Errors within robot-hours. */
export interface ErrorRate {
  readonly count: number;
  readonly hours: number;
}

/** What the gate of a campaign reads. */
export interface GateFacts {
  readonly waves: readonly WaveNow[];
  /** Issues on changed robots that robots without the change did not have for 30 days. */
  readonly newIssues: readonly { readonly name: string; readonly robots: number }[];
  /** Of changed robots, of the same robots for as long before, and of the other robots of the fleet meanwhile. */
  readonly rates: { readonly changed: ErrorRate; readonly before: ErrorRate; readonly others: ErrorRate };
}

/** `open`: the next wave may begin. `wait`: it may not yet. `end`: all robots of all waves have ended. */
export type GateVerdict =
  | { readonly is: 'stop'; readonly reason: string }
  | { readonly is: 'open'; readonly wave: number }
  | { readonly is: 'wait'; readonly wave: number; readonly reason: string }
  | { readonly is: 'run' }
  | { readonly is: 'end' };

/** Decides how a running campaign continues. Depends on its arguments alone. */
export function judgeGate(limits: GateLimits, facts: GateFacts): GateVerdict {
  const reason = failures(limits, facts) ?? newIssue(limits, facts) ?? worseRate(limits, facts);
  if (reason !== undefined) return { is: 'stop', reason };
  const { waves } = facts;
  const next = waves.findIndex(({ isOpen }) => !isOpen);
  if (next < 0) return waves.every(({ states }) => sumOf(states, FLEET_CAMPAIGN_ENDS) === sizeOf(states)) ? END : RUN;
  const waitsFor = unfinished(limits, waves[next - 1], next) ?? missingApproval(limits, waves[next]!, next + 1);
  return waitsFor === undefined ? { is: 'open', wave: next + 1 } : { is: 'wait', wave: next + 1, reason: waitsFor };
}

/** Returns what the gate reads beside its limits, for people. */
export function gateState(limits: GateLimits, facts: GateFacts): FleetCampaignGateState {
  const { failed, lost, ended } = countFailures(facts);
  const issue = worstIssue(limits, facts)?.name;
  const { changed, before, others } = facts.rates;
  const { approval, newIssue: issueLimit } = limits;
  return {
    soak_sec: Math.round(limits.soakMs / 1000),
    least_done: limits.leastDone,
    ...(approval !== undefined && { approval }),
    failed: { robots: failed, ended, ...limits.maxFailed },
    lost: { robots: lost, limit: limits.lost },
    new_issue: {
      ...(issue !== undefined && { issue }),
      severity: FAULT_SEVERITIES.names[issueLimit.severity] ?? 'critical',
      robots: issueLimit.robots,
    },
    errors: {
      changed: rateItem(changed),
      before: rateItem(before),
      others: rateItem(others),
      rate_ratio: limits.rateRatio,
    },
  };
}

const rateItem = ({ count, hours }: ErrorRate) => ({ errors: count, hours });

const [RUN, END]: readonly [GateVerdict, GateVerdict] = [{ is: 'run' }, { is: 'end' }];

/** Counts the robots that failed, were or are rolled back, or are lost, and those of them and of the others that ended. */
function countFailures({ waves }: Pick<GateFacts, 'waves'>) {
  const count = (states: readonly FleetCampaignRobotState[]): number =>
    waves.reduce((sum, each) => sum + sumOf(each.states, states), 0);
  const failed = count([...FAILED, 'rolling_back']);
  return { failed, lost: count(['lost']), ended: failed + count(['done']) };
}

function failures({ maxFailed, lost }: GateLimits, facts: GateFacts): string | undefined {
  const { failed, lost: lostNow, ended } = countFailures(facts);
  if (lostNow >= lost) return `gate.lost: ${robotsText(lostNow)} did not return after the change had begun`;
  if (failed < maxFailed.least || failed * 100 < maxFailed.percent * ended) return undefined;
  return `gate.max_failed: ${failed} of ${robotsText(ended)} that ended failed, were rolled back or are lost`;
}

/** Returns the new issue on the most robots; `undefined` below the limit. */
function worstIssue({ newIssue: limit }: GateLimits, { newIssues }: GateFacts): GateFacts['newIssues'][0] | undefined {
  return newIssues.filter(({ robots }) => robots >= limit.robots).toSorted((a, b) => b.robots - a.robots)[0];
}

function newIssue(limits: GateLimits, facts: GateFacts): string | undefined {
  const worst = worstIssue(limits, facts);
  return worst && `gate.new_issue: ${worst.name} occurs on ${robotsText(worst.robots)}, and did not without the change`;
}

/** Compares with the same robots before, and with the others at the same time: a busy hour is no effect of the change. */
function worseRate({ rateRatio }: GateLimits, { rates: { changed, before, others } }: GateFacts): string | undefined {
  if (changed.count < FEWEST_ERRORS || changed.hours <= 0) return undefined;
  const compared = [before, others].filter(({ hours }) => hours > 0);
  const isWorse = ({ count, hours }: ErrorRate): boolean => {
    const isHigher = changed.count / changed.hours >= (rateRatio * count) / hours;
    const exposed = { count, exposure: hours };
    return isHigher && rateTest({ count: changed.count, exposure: changed.hours }, exposed) < COINCIDENCE;
  };
  if (compared.length === 0 || !compared.every(isWorse)) return undefined;
  const rates = [changed, ...compared].map(({ count, hours }) => String(Number((count / hours).toPrecision(2))));
  return `gate.rate_ratio: ${rates[0]} errors per robot-hour with the change, ${rates.slice(1).join(' and ')} without it`;
}

/** Returns what the wave before must do first. */
function unfinished({ leastDone }: GateLimits, before: WaveNow | undefined, number: number): string | undefined {
  if (!before) return undefined;
  const { states } = before;
  const underWay = sumOf(states, UNDER_WAY);
  if (underWay > 0) return `${robotsText(underWay)} of wave ${number} must end first`;
  const done = states.done ?? 0;
  const needed = Math.min(leastDone, sizeOf(states) - sumOf(states, LEFT_OUT));
  return done < needed ? `${robotsText(needed)} of wave ${number} must be done, ${done} are` : undefined;
}

function missingApproval({ approval }: GateLimits, { isApproved }: WaveNow, number: number): string | undefined {
  return approval !== undefined && !isApproved ? `wave ${number} needs an approval` : undefined;
}

const sizeOf = (states: FleetCampaignCounts): number => Object.values(states).reduce((sum, count) => sum + count, 0);
const sumOf = (states: FleetCampaignCounts, wanted: readonly FleetCampaignRobotState[]): number =>
  wanted.reduce((sum, state) => sum + (states[state] ?? 0), 0);
const robotsText = (count: number): string => `${count} ${count === 1 ? 'robot' : 'robots'}`;
