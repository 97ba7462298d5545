/** How far the clock of another gateway is ahead of the one here; behind it where that is negative. */
export interface ClockOffset {
  readonly offsetMs: number;
  /** It is off by no more than this: half of what the round trip took. */
  readonly uncertaintyMs: number;
}

/** What a time of that clock is to be corrected by: nothing where the two may be alike, as far as anybody can see. */
export function correctionMs({ offsetMs, uncertaintyMs }: ClockOffset): number {
  return Math.abs(offsetMs) <= uncertaintyMs ? 0 : offsetMs;
}

/** One look at the clock of another gateway. */
export interface ClockSample extends ClockOffset {
  /** In the middle of the round trip, by the clock here, wall clock milliseconds. */
  readonly atMs: number;
}

/** A question and its answer. */
export interface RoundTrip {
  /** When it was asked, by the clock here, wall clock milliseconds. */
  readonly askedMs: number;
  readonly tookMs: number;
  /** What the other gateway's clock said meanwhile, milliseconds since 1970. */
  readonly theirMs: number;
}

/** Samples among which the best one counts (RFC 5905, clause 10). */
const MAX_SAMPLES = 8;
/** How much two clocks run apart at most, as share of the time that has gone by (RFC 5905: 15 ppm for each). */
const DRIFT = 30e-6;

/** @returns the offset that the answer shows; it cannot be off by more than half the round trip, whenever the clock was read */
export function sampleOf({ askedMs, tookMs, theirMs }: RoundTrip): ClockSample {
  const atMs = askedMs + tookMs / 2;
  return { atMs, offsetMs: theirMs - atMs, uncertaintyMs: tookMs / 2 };
}

/** What is left of the certainty of a sample at a later moment. */
export function agedUncertaintyMs({ atMs, uncertaintyMs }: ClockSample, nowMs: number): number {
  return uncertaintyMs + DRIFT * Math.max(0, nowMs - atMs);
}

/** Whether two samples can be of clocks that nobody set in between. */
export function isConsistent(earlier: ClockSample, later: ClockSample): boolean {
  return Math.abs(later.offsetMs - earlier.offsetMs) <= later.uncertaintyMs + agedUncertaintyMs(earlier, later.atMs);
}

/** The last samples with one more, the newest first; without those that it contradicts. */
export function withSample(samples: readonly ClockSample[], sample: ClockSample): readonly ClockSample[] {
  return [sample, ...samples.filter((earlier) => isConsistent(earlier, sample))].slice(0, MAX_SAMPLES);
}

/** The most certain of samples at a moment; `undefined` where there are none. */
export function bestSample(samples: readonly ClockSample[], nowMs: number): ClockSample | undefined {
  return samples.reduce<ClockSample | undefined>(
    (best, sample) => (best && agedUncertaintyMs(best, nowMs) <= agedUncertaintyMs(sample, nowMs) ? best : sample),
    undefined,
  );
}
