/** How far the clock of another gateway is ahead of the local one; negative if it is behind. */
export interface ClockOffset {
  readonly offsetMs: number;
  /** Maximum error of the offset: half of the round trip time. */
  readonly uncertaintyMs: number;
}

/** Returns the correction for a time of that clock; 0 if the two clocks may be equal within the uncertainty. */
export function correctionMs({ offsetMs, uncertaintyMs }: ClockOffset): number {
  return Math.abs(offsetMs) <= uncertaintyMs ? 0 : offsetMs;
}

/** One measurement of another gateway's clock. */
export interface ClockSample extends ClockOffset {
  /** The middle of the round trip, in milliseconds of the local wall clock. */
  readonly atMs: number;
}

/** A request and its answer. */
export interface RoundTrip {
  /** Time of the request, in milliseconds of the local wall clock. */
  readonly requestedMs: number;
  readonly tookMs: number;
  /** The other gateway's clock in its answer, in milliseconds since 1970. */
  readonly theirMs: number;
}

/** Number of samples from which the best one is used (RFC 5905, clause 10). */
const MAX_SAMPLES = 8;
/** Maximum drift of two clocks, as a share of the elapsed time (RFC 5905: 15 ppm for each). */
const DRIFT = 30e-6;

/** @returns the offset that the answer shows; it cannot be off by more than half the round trip, whenever the clock was read */
export function sampleOf({ requestedMs, tookMs, theirMs }: RoundTrip): ClockSample {
  const atMs = requestedMs + tookMs / 2;
  return { atMs, offsetMs: theirMs - atMs, uncertaintyMs: tookMs / 2 };
}

/** Returns the uncertainty of a sample at a later time. */
export function agedUncertaintyMs({ atMs, uncertaintyMs }: ClockSample, nowMs: number): number {
  return uncertaintyMs + DRIFT * Math.max(0, nowMs - atMs);
}

/** Returns whether two samples can come from clocks that were not set in between. */
function isConsistent(earlier: ClockSample, later: ClockSample): boolean {
  return Math.abs(later.offsetMs - earlier.offsetMs) <= later.uncertaintyMs + agedUncertaintyMs(earlier, later.atMs);
}

/** Adds a sample to the last ones, newest first; removes those that it contradicts. */
export function withSample(samples: readonly ClockSample[], sample: ClockSample): readonly ClockSample[] {
  return [sample, ...samples.filter((earlier) => isConsistent(earlier, sample))].slice(0, MAX_SAMPLES);
}

/** Returns the sample with the least uncertainty; `undefined` if there are none. */
export function bestSample(samples: readonly ClockSample[], nowMs: number): ClockSample | undefined {
  return samples.reduce<ClockSample | undefined>(
    (best, sample) => (best && agedUncertaintyMs(best, nowMs) <= agedUncertaintyMs(sample, nowMs) ? best : sample),
    undefined,
  );
}
