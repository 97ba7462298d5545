import {
  agedUncertaintyMs,
  bestSample,
  type ClockOffset,
  type ClockSample,
  correctionMs,
  withSample,
} from './clock-offset.ts';

/** A period in which the clock of another gateway was not set. */
export interface ClockEpoch extends ClockOffset {
  /** The first and last measurement in that period, in milliseconds of the local wall clock. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The offsets of a clock over time, newest first. Empty if it was never measured. */
export type ClockHistory = readonly ClockEpoch[];

/** What is known about the clock of another gateway. */
export interface KnownClock {
  readonly history: ClockHistory;
  /** The last measurements, newest first. */
  readonly samples: readonly ClockSample[];
}

export const UNKNOWN_CLOCK: KnownClock = { history: [], samples: [] };

/** A larger change of the offset means that the clock was set; a smaller one that it is being slewed. */
const JUMP_MS = 100;
const MAX_EPOCHS = 16;

/** Adds a measurement to what is known about a clock. */
export function withMeasurement({ history, samples }: KnownClock, sample: ClockSample): KnownClock {
  const recent = withSample(samples, sample);
  const best = bestSample(recent, sample.atMs) ?? sample;
  const now = { offsetMs: best.offsetMs, uncertaintyMs: agedUncertaintyMs(best, sample.atMs) };
  const [epoch, ...earlier] = history;
  const room = JUMP_MS + (epoch?.uncertaintyMs ?? 0) + now.uncertaintyMs;
  const wasSet = epoch !== undefined && Math.abs(now.offsetMs - epoch.offsetMs) > room;
  if (epoch && !wasSet) return { samples: recent, history: [{ ...epoch, ...now, untilMs: sample.atMs }, ...earlier] };
  const begun: ClockEpoch = { ...now, fromMs: sample.atMs, untilMs: sample.atMs };
  return { samples: recent, history: [begun, ...history].slice(0, MAX_EPOCHS) };
}

/**
 * Converts a time written by another gateway to the local clock, in milliseconds since 1970. If its clock was set
 * meanwhile, uses the offset of that time. If it was set back and had a time twice, the earlier one is used, so that
 * past times do not change.
 */
export function correctedMs(history: ClockHistory, theirMs: number): number {
  const matching = history.findLast((epoch, index) => isWithin(history, index, epoch, theirMs));
  const epoch = matching ?? nearest(history, theirMs);
  return epoch ? theirMs - correctionMs(epoch) : theirMs;
}

/**
 * Converts times that another gateway wrote one after another, newest first, to the local clock. Their order decides
 * which of two equal times is meant, and is preserved.
 */
export function correctedInOrder(history: ClockHistory, theirMs: readonly number[]): readonly number[] {
  let index = 0;
  let laterMs = Number.POSITIVE_INFINITY;
  return theirMs.map((timeMs) => {
    const at = (candidate: number): number => {
      const epoch = history[candidate];
      return epoch ? timeMs - correctionMs(epoch) : timeMs;
    };
    // Earliest time at which the clock may have had an offset: the measurement before the first that showed it.
    const beginMs = (): number => history[index + 1]?.untilMs ?? Number.NEGATIVE_INFINITY;
    while (index < history.length - 1 && (at(index) < beginMs() || at(index) > laterMs + JUMP_MS)) index += 1;
    laterMs = Math.min(at(index), laterMs);
    return laterMs;
  });
}

/** Returns whether a clock is known to have had such a time; before the first measurement nothing is known. */
function isWithin(history: ClockHistory, index: number, { offsetMs, fromMs }: ClockEpoch, theirMs: number): boolean {
  const timeMs = theirMs - offsetMs;
  const endMs = history[index - 1]?.fromMs ?? Number.POSITIVE_INFINITY;
  return timeMs >= (history[index + 1]?.untilMs ?? fromMs) && timeMs <= endMs;
}

/** Returns the nearest epoch for a time that the clock never had as far as known. */
function nearest(history: ClockHistory, theirMs: number): ClockEpoch | undefined {
  const distance = ({ offsetMs, fromMs, untilMs }: ClockEpoch): number => {
    const timeMs = theirMs - offsetMs;
    return Math.max(fromMs - timeMs, timeMs - untilMs, 0);
  };
  return history.reduce<ClockEpoch | undefined>(
    (best, epoch) => (best && distance(best) <= distance(epoch) ? best : epoch),
    undefined,
  );
}
