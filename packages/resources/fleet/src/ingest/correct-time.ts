/** What the hub knows of the clocks of a robot. */
export interface RobotClocks {
  /**
   * Start of each boot in which the hub read a state: hub's wall clock minus the monotonic milliseconds of the robot. And
   * the hub's wall clock minus that of the robot.
   */
  readonly boots: ReadonlyMap<number, { readonly baseMs: number; readonly offsetMs: number }>;
}

/** Time of a record as the robot states it. */
export interface RobotTime {
  /** Wall clock, milliseconds since 1970. May be wrong by years. */
  readonly atMs: number;
  readonly boot: number;
  /** Milliseconds since this boot. */
  readonly monoMs: number;
}

export interface CorrectedTime {
  /** Milliseconds since 1970 by the clock of the hub. */
  readonly atMs: number;
  /** Width of the interval in which it happened; `undefined` if only an upper bound is known. */
  readonly uncertainMs: number | undefined;
}

/** Uncertainty of a boot in which the hub read a state: the duration of that request, and the drift of the clock. */
const MEASURED_MS = 1000;
/** A clock before this time was never set (2020). */
const CLOCK_IS_SET_MS = Date.UTC(2020, 0, 1);

/**
 * Corrects the time of a record. In a boot in which the hub read a state, the monotonic clock is exact. In another boot
 * the wall clock of the robot is corrected by the offset of the nearest boot. The result is not before the previous
 * record, not after the start of a later boot, and not after the record was received.
 * @param previousMs corrected time of the previous record of the robot
 */
export function correctTime(
  { atMs, boot, monoMs }: RobotTime,
  { boots }: RobotClocks,
  previousMs: number | undefined,
  gotMs: number,
): CorrectedTime {
  const measured = boots.get(boot);
  const latestMs = Math.min(gotMs, nextStartMs(boots, boot));
  const earliestMs = Math.min(previousMs ?? 0, latestMs);
  const within = (ms: number): number => Math.floor(Math.min(Math.max(ms, earliestMs), latestMs));
  if (measured) return { atMs: within(measured.baseMs + monoMs), uncertainMs: MEASURED_MS };
  const offsetMs = nearest(boots, boot)?.offsetMs;
  const statedMs = atMs + (offsetMs ?? 0);
  if (atMs < CLOCK_IS_SET_MS || statedMs < earliestMs || statedMs > latestMs) {
    const width = previousMs === undefined ? undefined : latestMs - earliestMs;
    return { atMs: previousMs === undefined ? Math.floor(latestMs) : within(statedMs), uncertainMs: width };
  }
  return { atMs: Math.floor(statedMs), uncertainMs: Math.ceil(Math.abs(offsetMs ?? 0)) + MEASURED_MS };
}

/** Returns the earliest start of a later boot, which ended this boot at the latest. */
function nextStartMs(boots: RobotClocks['boots'], boot: number): number {
  let startMs = Number.POSITIVE_INFINITY;
  for (const [number, { baseMs }] of boots) if (number > boot) startMs = Math.min(startMs, baseMs);
  return startMs;
}

function nearest(boots: RobotClocks['boots'], boot: number) {
  let found: { readonly offsetMs: number } | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const [number, clock] of boots) {
    if (Math.abs(number - boot) >= distance) continue;
    distance = Math.abs(number - boot);
    found = clock;
  }
  return found;
}
