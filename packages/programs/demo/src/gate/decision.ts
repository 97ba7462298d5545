import { STANDSTILL, type Velocity } from '../robot/drive.ts';
import type { FrontRange } from './front-range.ts';
import type { GateSettings } from './gate-settings.ts';

/** Why the gate lets the robot drive, or holds it. While it waits to be sure that the way is free, the reason stays. */
export type GateReason = 'clear' | 'obstacle' | 'scan-stale' | 'no-scan' | 'scan-unusable' | 'wanted-stale';

/** What a test of a fault says. */
export type Verdict = 'untested' | 'passed' | 'failed';

/** What the gate knows at one moment. All times are monotonic milliseconds. */
export interface GateInputs {
  readonly nowMs: number;
  /** The last scan. */
  readonly scan: { readonly front: FrontRange; readonly arrivedMs: number } | undefined;
  /** The velocity that navigation wanted last. */
  readonly wanted: { readonly velocity: Velocity; readonly arrivedMs: number } | undefined;
}

/** What the gate decided, and what the next decision goes on from. */
export interface GateDecision {
  readonly commanded: Velocity;
  /** What is nearest in front, metres, by the last scan; NaN while that is not known. */
  readonly minRangeM: number;
  /** True unless the robot may drive as navigation wants. */
  readonly stopped: boolean;
  readonly reason: GateReason;
  /** Whether somebody holds the robot up: failed once it is kept from driving forward, until the way is free for sure. */
  readonly fault: Verdict;
  /** Whether there are no scans to go by. */
  readonly scanFault: Verdict;
  /** True while scans say that the way is free, for long enough. */
  readonly open: boolean;
  readonly startedMs: number;
  readonly decidedMs: number;
  /** When the last scan came that was decided by, and the first of those in a row that say that the way is free. */
  readonly scanMs: number;
  readonly clearSinceMs: number;
}

/** A gate that has decided nothing yet: the robot stands. */
export function closedGate(startedMs: number): GateDecision {
  return {
    commanded: STANDSTILL,
    minRangeM: Number.NaN,
    stopped: true,
    reason: 'no-scan',
    fault: 'untested',
    scanFault: 'untested',
    open: false,
    startedMs,
    decidedMs: startedMs,
    scanMs: Number.NaN,
    clearSinceMs: Number.NaN,
  };
}

/**
 * Decides how the robot may move. An obstacle in front stops forward motion alone, so that the robot can turn or back away
 * from it; whatever is not known for sure stops all motion. It opens again by evidence only: scans that say so for
 * `releaseMs`, the last of which came that much later than the first. Scans that lay in a queue come all at once, and do not
 * count for more than one.
 */
export function decide(before: GateDecision, inputs: GateInputs, settings: GateSettings): GateDecision {
  const { nowMs, scan } = inputs;
  const { scanTimeoutMs, stopThresholdM } = settings;
  const problem = scanProblem(inputs, scanTimeoutMs);
  const nearestM = scan?.front.nearestM ?? Number.NaN;
  const scanMs = scan?.arrivedMs ?? Number.NaN;
  const wary = before.reason === 'obstacle' || before.fault === 'failed';
  const clear = problem === undefined && nearestM >= stopThresholdM + (wary ? settings.releaseM : 0);

  // A gate that was stopped itself, or was without scans for a while, does not know what happened meanwhile.
  const wasAway = !isWithin(nowMs - before.decidedMs, scanTimeoutMs) || scanMs - before.scanMs > scanTimeoutMs;
  const goesOn = clear && !wasAway;
  const clearSinceMs = !clear ? Number.NaN : goesOn && before.clearSinceMs <= scanMs ? before.clearSinceMs : scanMs;
  const open = goesOn && (before.open || scanMs - clearSinceMs >= settings.releaseMs);

  const velocity = wantedVelocity(inputs, settings.wantedTimeoutMs);
  const reason =
    problem ??
    (open ? (velocity ? 'clear' : 'wanted-stale') : !clear ? 'obstacle' : wasAway ? 'scan-stale' : before.reason);
  const near = problem === undefined && nearestM < stopThresholdM;
  const holds = near && velocity !== undefined && velocity.linearMps > 0;
  return {
    commanded: commandedBy(reason, velocity),
    minRangeM: nearestM,
    stopped: reason !== 'clear',
    reason,
    fault: holds ? 'failed' : open ? 'passed' : before.fault,
    scanFault: scanVerdict(reason, before, nowMs - before.startedMs > settings.firstScanMs),
    open,
    startedMs: before.startedMs,
    decidedMs: nowMs,
    scanMs,
    clearSinceMs,
  };
}

/** Also false for NaN, and for what lies in the future. */
const isWithin = (ageMs: number, timeoutMs: number): boolean => ageMs >= 0 && ageMs <= timeoutMs;

function scanProblem({ scan, nowMs }: GateInputs, timeoutMs: number): GateReason | undefined {
  if (scan === undefined) return 'no-scan';
  if (!isWithin(nowMs - scan.arrivedMs, timeoutMs)) return 'scan-stale';
  return scan.front.usable ? undefined : 'scan-unusable';
}

/** `undefined` where navigation has not said for a while what it wants. */
function wantedVelocity({ wanted, nowMs }: GateInputs, timeoutMs: number): Velocity | undefined {
  if (wanted === undefined || !isWithin(nowMs - wanted.arrivedMs, timeoutMs)) return undefined;
  const { linearMps, angularRps } = wanted.velocity;
  return Number.isFinite(linearMps) && Number.isFinite(angularRps) ? wanted.velocity : STANDSTILL;
}

function commandedBy(reason: GateReason, wanted: Velocity | undefined): Velocity {
  if (wanted === undefined || (reason !== 'clear' && reason !== 'obstacle')) return STANDSTILL;
  if (reason === 'clear' || wanted.linearMps <= 0) return wanted;
  return { linearMps: 0, angularRps: wanted.angularRps };
}

function scanVerdict(reason: GateReason, { scanFault }: GateDecision, isLate: boolean): Verdict {
  if (reason === 'no-scan') return isLate ? 'failed' : scanFault;
  return reason === 'scan-stale' || reason === 'scan-unusable' ? 'failed' : 'passed';
}
