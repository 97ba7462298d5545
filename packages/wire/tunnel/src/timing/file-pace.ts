import type { Clock } from '@medkit/edges';

/** A round trip of this many times the least one shows that files fill the queue of the link. */
const CONGESTED = 4;
/** Below this many times the least round trip, the queue of the link is short. */
const UNCONGESTED = 2;
/** Round trips below this show nothing: the process was busy. */
const LEAST_CONGESTED_MS = 50;
/** Minutes over which the least round trip is remembered. */
const MAX_MINUTES = 10;
const MINUTE_MS = 60_000;
/** Time after congestion in which the window grows slowly. */
const CALM_MS = 15_000;
/** Bytes of files that may be under way at first: 0.25 s of a link with 1 Mbit/s. */
const FIRST_WINDOW_BYTES = 32_768;
/** One piece is always under way: files still arrive over a very slow link. */
const LEAST_WINDOW_BYTES = 16_384;
/** A window of this size is no limit any more: 80 Mbit/s with a round trip of 0.8 s. */
const MAX_WINDOW_BYTES = 8_388_608;

/** Pace of bulk data on a connection. */
export interface FilePace {
  /** Calls `send` when `bytes` may be sent, in the order of the calls. */
  take(bytes: number, send: () => void): void;
  /** Whether a ping is needed, to learn what has arrived. */
  readonly needsPing: boolean;
  /** Call it when a ping is sent. */
  pinged(): void;
  /** Call it for each measured round trip, milliseconds. */
  roundTrip(ms: number): void;
  /** Bytes that may be under way. */
  readonly windowBytes: number;
}

interface Waiting {
  readonly bytes: number;
  readonly send: () => void;
}

/**
 * Opens the pace of a connection. One TCP connection carries everything, so that files must not delay faults: only a
 * window of bytes is under way, and the answer to a ping confirms the bytes before it. The window grows while round trips
 * are short, and halves if one shows congestion.
 * @param maxKbitPerSec additional limit of the rate; 0 for none
 */
export function filePace(clock: Clock, maxKbitPerSec: number): FilePace {
  const waiting: Waiting[] = [];
  let windowBytes = FIRST_WINDOW_BYTES;
  let [sent, confirmed, marked] = [0, 0, 0];
  /** Bytes that were sent before the ping whose answer is awaited. */
  let mark: number | undefined;
  let congestedMs = Number.NEGATIVE_INFINITY;
  let freeMs = clock.monotonicMs();
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
  const release = ({ bytes, send }: Waiting): void => {
    sent += bytes;
    if (maxKbitPerSec === 0) {
      send();
      return;
    }
    const nowMs = clock.monotonicMs();
    const waitMs = Math.max(0, freeMs - nowMs);
    freeMs = nowMs + waitMs + (bytes * 8) / maxKbitPerSec;
    if (waitMs < 1) send();
    else clock.after(waitMs, send);
  };
  const releaseFitting = (): void => {
    while (waiting[0] && (sent === confirmed || sent + waiting[0].bytes - confirmed <= windowBytes)) {
      release(waiting.shift()!);
    }
  };
  const resize = (ms: number, isUsed: boolean): void => {
    const leastMs = least(ms);
    if (!isUsed) return;
    const nowMs = clock.monotonicMs();
    if (ms > Math.max(CONGESTED * leastMs, LEAST_CONGESTED_MS)) {
      windowBytes = Math.max(LEAST_WINDOW_BYTES, windowBytes / 2);
      congestedMs = nowMs;
    } else if (ms <= Math.max(UNCONGESTED * leastMs, LEAST_CONGESTED_MS)) {
      const isCalm = nowMs - congestedMs >= CALM_MS;
      windowBytes = Math.min(MAX_WINDOW_BYTES, isCalm ? windowBytes * 2 : windowBytes + LEAST_WINDOW_BYTES);
    }
  };
  return {
    take: (bytes, send) => {
      waiting.push({ bytes, send });
      releaseFitting();
    },
    get needsPing() {
      return mark === undefined && (waiting.length > 0 || sent - marked >= windowBytes / 2);
    },
    pinged: () => {
      mark ??= sent;
      marked = mark;
    },
    roundTrip: (ms) => {
      resize(ms, waiting.length > 0 || (mark ?? 0) - confirmed >= windowBytes / 2);
      confirmed = Math.max(confirmed, mark ?? confirmed);
      mark = undefined;
      releaseFitting();
    },
    get windowBytes() {
      return windowBytes;
    },
  };
}
