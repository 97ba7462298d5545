import type { Clock } from '@medkit/edges';

/** A round trip of this many times the least one shows that files fill the queue of the link. */
const CONGESTED = 4;
/** Round trips below this show nothing: the process was busy. */
const LEAST_CONGESTED_MS = 50;
/** Minutes over which the least round trip is remembered. */
const MAX_MINUTES = 10;
const MINUTE_MS = 60_000;
/** Time without congestion after which the rate doubles. */
const DOUBLE_MS = 15_000;
/** Lowest rate: files still arrive over a very slow link. */
const LEAST_BYTES_PER_SEC = 2000;
/** A rate that has doubled to this much without congestion is no limit any more. */
const UNLIMITED_BYTES_PER_SEC = 125_000_000;

/** Rate of bulk data on a connection. */
export interface FileRate {
  /** Call it for each measured round trip, milliseconds. */
  roundTrip(ms: number): void;
  /** Reserves `bytes` and returns after how many milliseconds they may be sent. */
  reserve(bytes: number): number;
  /** Bytes per second; infinity if unlimited. */
  readonly bytesPerSec: number;
}

/**
 * Opens the rate of a connection: at most `maxKbitPerSec` (0 for unlimited), half of it each time a round trip shows
 * congestion, and slowly doubled otherwise. One TCP connection carries everything, so that files must not delay faults.
 */
export function fileRate(clock: Clock, maxKbitPerSec: number): FileRate {
  const most = maxKbitPerSec > 0 ? maxKbitPerSec * 125 : Number.POSITIVE_INFINITY;
  let rate = most;
  let freeMs = clock.monotonicMs();
  let changedMs = freeMs;
  let sent = 0;
  let sentSinceMs = freeMs;
  let minutes: readonly { readonly minute: number; readonly leastMs: number }[] = [];

  const least = (ms: number): number => {
    const minute = Math.floor(clock.monotonicMs() / MINUTE_MS);
    const past = minutes.filter((entry) => entry.minute > minute - MAX_MINUTES);
    const now = past.at(-1);
    minutes =
      now?.minute === minute
        ? [...past.slice(0, -1), { minute, leastMs: Math.min(now.leastMs, ms) }]
        : [...past, { minute, leastMs: ms }];
    return Math.min(...minutes.map(({ leastMs }) => leastMs));
  };
  return {
    roundTrip: (ms) => {
      const nowMs = clock.monotonicMs();
      const isCongested = ms > Math.max(CONGESTED * least(ms), LEAST_CONGESTED_MS);
      if (isCongested && sent > 0) {
        const measured = (sent * 1000) / Math.max(1, nowMs - sentSinceMs);
        rate = Math.max(LEAST_BYTES_PER_SEC, Math.min(rate, measured) / 2);
        changedMs = nowMs;
      } else if (!isCongested && rate < most && nowMs - changedMs >= DOUBLE_MS) {
        rate = rate * 2 >= Math.min(most, UNLIMITED_BYTES_PER_SEC) ? most : rate * 2;
        changedMs = nowMs;
      }
      sent = 0;
      sentSinceMs = nowMs;
    },
    reserve: (bytes) => {
      const nowMs = clock.monotonicMs();
      sent += bytes;
      if (rate === Number.POSITIVE_INFINITY) return 0;
      const waitMs = Math.max(0, freeMs - nowMs);
      freeMs = nowMs + waitMs + (bytes * 1000) / rate;
      return waitMs;
    },
    get bytesPerSec() {
      return rate;
    },
  };
}
