import { STOPPED, type Velocity } from '../robot/drive.ts';
import type { FrontRange } from './front-range.ts';
import type { GateSettings } from './gate-settings.ts';

/** Why the gate releases or holds the robot. Keeps the reason until the path is confirmed to be free. */
export type GateReason = 'clear' | 'obstacle' | 'scan-stale' | 'no-scan' | 'scan-unusable' | 'wanted-stale';

/** Result of a fault test. */
export type Verdict = 'untested' | 'passed' | 'failed';

/** Inputs of the gate at one moment. All times are monotonic milliseconds. */
export interface GateInputs {
  readonly nowMs: number;
  /** The last scan. */
  readonly scan: { readonly front: FrontRange; readonly arrivedMs: number } | undefined;
  /** Last velocity requested by navigation. */
  readonly wanted: { readonly velocity: Velocity; readonly arrivedMs: number } | undefined;
}

/** Decision of the gate, with the state for the next decision. */
export interface GateDecision {
  readonly commanded: Velocity;
  /** Nearest obstacle in front, metres, from the last scan; NaN if unknown. */
  readonly minRangeM: number;
  /** True unless the robot may drive as navigation requests. */
  readonly stopped: boolean;
  readonly reason: GateReason;
  /** Obstacle fault: failed while the robot is kept from driving forward, until the path is confirmed to be free. */
  readonly fault: Verdict;
  /** Scan fault: failed without usable scans. */
  readonly scanFault: Verdict;
  /** True while scans have shown a free path for long enough. */
  readonly open: boolean;
  readonly startedMs: number;
  readonly decidedMs: number;
  /** Arrival of the last evaluated scan, and of the first in the current sequence with a free path. */
  readonly scanMs: number;
  readonly clearSinceMs: number;
}

/** Initial decision: the robot is stopped. */
export function closedGate(startedMs: number): GateDecision {
  return {
    commanded: STOPPED,
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
 * Decides how the robot may move. An obstacle in front stops only forward motion, so that the robot can turn or back away.
 * Missing information stops all motion. The gate opens again only on evidence: scans with a free path whose arrival times span
 * at least `releaseMs`. Queued scans that arrive together count as one.
 */
export function decide(before: GateDecision, inputs: GateInputs, settings: GateSettings): GateDecision {
  const { nowMs, scan } = inputs;
  const { scanTimeoutMs, stopThresholdM } = settings;
  const problem = scanProblem(inputs, scanTimeoutMs);
  const nearestM = scan?.front.nearestM ?? Number.NaN;
  const scanMs = scan?.arrivedMs ?? Number.NaN;
  const wary = before.reason === 'obstacle' || before.fault === 'failed';
  const clear = problem === undefined && nearestM >= stopThresholdM + (wary ? settings.releaseM : 0);

  // A suspended gate, or one without scans for a while, has no information about that time.
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

/** Also false for NaN and for future times. */
const isWithin = (ageMs: number, timeoutMs: number): boolean => ageMs >= 0 && ageMs <= timeoutMs;

function scanProblem({ scan, nowMs }: GateInputs, timeoutMs: number): GateReason | undefined {
  if (scan === undefined) return 'no-scan';
  if (!isWithin(nowMs - scan.arrivedMs, timeoutMs)) return 'scan-stale';
  return scan.front.usable ? undefined : 'scan-unusable';
}

/** Returns `undefined` if the last request of navigation is too old. */
function wantedVelocity({ wanted, nowMs }: GateInputs, timeoutMs: number): Velocity | undefined {
  if (wanted === undefined || !isWithin(nowMs - wanted.arrivedMs, timeoutMs)) return undefined;
  const { linearMps, angularRps } = wanted.velocity;
  return Number.isFinite(linearMps) && Number.isFinite(angularRps) ? wanted.velocity : STOPPED;
}

function commandedBy(reason: GateReason, wanted: Velocity | undefined): Velocity {
  if (wanted === undefined || (reason !== 'clear' && reason !== 'obstacle')) return STOPPED;
  if (reason === 'clear' || wanted.linearMps <= 0) return wanted;
  return { linearMps: 0, angularRps: wanted.angularRps };
}

function scanVerdict(reason: GateReason, { scanFault }: GateDecision, isLate: boolean): Verdict {
  if (reason === 'no-scan') return isLate ? 'failed' : scanFault;
  return reason === 'scan-stale' || reason === 'scan-unusable' ? 'failed' : 'passed';
}
