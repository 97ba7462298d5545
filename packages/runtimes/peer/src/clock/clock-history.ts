import {
  agedUncertaintyMs,
  bestSample,
  type ClockOffset,
  type ClockSample,
  correctionMs,
  withSample,
} from './clock-offset.ts';

/** A time in which nobody set the clock of another gateway. */
export interface ClockEpoch extends ClockOffset {
  /** The first and the last look at it in that time, by the clock here, wall clock milliseconds. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The offsets of a clock over time, the newest first. Empty where it was never looked at. */
export type ClockHistory = readonly ClockEpoch[];

/** What is known of the clock of another gateway. */
export interface KnownClock {
  readonly history: ClockHistory;
  /** The last looks at it, the newest first. */
  readonly samples: readonly ClockSample[];
}

export const UNKNOWN_CLOCK: KnownClock = { history: [], samples: [] };

/** A clock that is off by more than before, and by more than this, was set; less is a clock that is being slewed. */
const JUMP_MS = 100;
const MAX_EPOCHS = 16;

/** What is known of a clock after one more look at it. */
export function withLook({ history, samples }: KnownClock, sample: ClockSample): KnownClock {
  const kept = withSample(samples, sample);
  const best = bestSample(kept, sample.atMs) ?? sample;
  const now = { offsetMs: best.offsetMs, uncertaintyMs: agedUncertaintyMs(best, sample.atMs) };
  const [epoch, ...earlier] = history;
  const room = JUMP_MS + (epoch?.uncertaintyMs ?? 0) + now.uncertaintyMs;
  const wasSet = epoch !== undefined && Math.abs(now.offsetMs - epoch.offsetMs) > room;
  if (epoch && !wasSet) return { samples: kept, history: [{ ...epoch, ...now, untilMs: sample.atMs }, ...earlier] };
  const begun: ClockEpoch = { ...now, fromMs: sample.atMs, untilMs: sample.atMs };
  return { samples: kept, history: [begun, ...history].slice(0, MAX_EPOCHS) };
}

/**
 * A time that another gateway wrote down, by the clock here, milliseconds since 1970. Where its clock was set meanwhile, by the
 * offset that it had then; where it was set back and had that time twice, the earlier one counts: the past stays where it was.
 */
export function correctedMs(history: ClockHistory, theirMs: number): number {
  const own = history.findLast((epoch, index) => isWithin(history, index, epoch, theirMs));
  const epoch = own ?? nearest(history, theirMs);
  return epoch ? theirMs - correctionMs(epoch) : theirMs;
}

/**
 * Times that another gateway wrote down one after the other, the newest first, by the clock here. Their order tells which of two
 * times it was that a clock had twice; it stays as it is.
 */
export function correctedInOrder(history: ClockHistory, theirMs: readonly number[]): readonly number[] {
  let index = 0;
  let laterMs = Number.POSITIVE_INFINITY;
  return theirMs.map((timeMs) => {
    const at = (candidate: number): number => {
      const epoch = history[candidate];
      return epoch ? timeMs - correctionMs(epoch) : timeMs;
    };
    // Since when the clock may have had an offset: the last look before the one that showed it.
    const beginMs = (): number => history[index + 1]?.untilMs ?? Number.NEGATIVE_INFINITY;
    while (index < history.length - 1 && (at(index) < beginMs() || at(index) > laterMs + JUMP_MS)) index += 1;
    laterMs = Math.min(at(index), laterMs);
    return laterMs;
  });
}

/** Whether a clock was seen to have such a time: what was before the first look is anybody's guess. */
function isWithin(history: ClockHistory, index: number, { offsetMs, fromMs }: ClockEpoch, theirMs: number): boolean {
  const timeMs = theirMs - offsetMs;
  const endMs = history[index - 1]?.fromMs ?? Number.POSITIVE_INFINITY;
  return timeMs >= (history[index + 1]?.untilMs ?? fromMs) && timeMs <= endMs;
}

/** A time that the clock never had, as far as anybody saw. */
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
