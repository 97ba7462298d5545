import { type Clock, pause } from '@medkit/edges';
import type { RecordLine } from '@medkit/fleet';

/**
 * Records that the hub reads from one robot: a fifth of what one core stores, so that other robots do not notice it. The
 * backlog of a month, 50,000 records, takes 25 s.
 */
const MAX_RECORDS_PER_SECOND = 2000;
/** Time over which the rate is averaged, which is two pages of a log: a robot may send as much in one burst. */
const SPAN_MS = 1000;
/** Text that counts as one record: long records cost as much as several. */
const RECORD_CHARS = 8192;
/** A robot that waits for longer has no backlog: a whole log of 64 MB, 65,000 records, is read in 33 s. */
const BACKLOG_MS = 60_000;
/** A robot that did not wait for this time sends less again. Also the least time between two reports. */
const CALM_MS = 60_000;

/** What the hub reports of a robot whose problem `uplink_throttled` is noted. */
export const THROTTLED_TEXT = `sends more than ${MAX_RECORDS_PER_SECOND.toLocaleString('en')} records a second, and the rest waits on the robot: find what repeats in its log`;

interface Rate {
  /** When the whole burst is available again. */
  freeMs: number;
  /** Set while the robot has to wait: since when, until when, and when it was reported. */
  waiting?: { readonly sinceMs: number; untilMs: number; reportedMs?: number };
}

/** The rate at which the hub reads one robot. */
export interface ReadRate {
  /** Counts records that were stored. */
  count(records: readonly RecordLine[]): void;
  /** Resolves when the next records may be requested, or when the signal is aborted. Until then, they stay on the robot. */
  ready(signal: AbortSignal): Promise<void>;
}

/** Rates of all robots. They outlast the sessions: a robot that connects again does not begin a new burst. */
export interface ReadRates {
  of(robot: string): ReadRate;
  /** Robots that send too much for longer than a backlog lasts. */
  reported(): readonly string[];
  /** Number of robots that had to wait in the last minute. */
  readonly throttled: number;
}

/**
 * Opens the rates.
 * @param report called with `true` each minute while a robot sends too much for longer than a backlog lasts, and with
 *   `false` when it sends less again
 */
export function readRates(clock: Clock, report: (robot: string, isThrottled: boolean) => void): ReadRates {
  /** At most one for each connected robot, and for each that has ended its session in the last minute. */
  const rates = new Map<string, Rate>();

  /** Removes the robots that send less again. */
  const settle = (): void => {
    const nowMs = clock.monotonicMs();
    for (const [robot, rate] of rates) {
      const { freeMs, waiting } = rate;
      if (waiting && waiting.untilMs + CALM_MS > nowMs) continue;
      delete rate.waiting;
      if (freeMs <= nowMs) rates.delete(robot);
      if (waiting?.reportedMs !== undefined) report(robot, false);
    }
  };
  return {
    of: (robot) => ({
      count: (records) => {
        const chars = records.reduce((sum, { text }) => sum + text.length, 0);
        const costMs = (Math.max(records.length, chars / RECORD_CHARS) * 1000) / MAX_RECORDS_PER_SECOND;
        const rate = rates.get(robot) ?? { freeMs: 0 };
        rate.freeMs = Math.max(rate.freeMs, clock.monotonicMs()) + costMs;
        rates.set(robot, rate);
      },
      ready: async (signal) => {
        const nowMs = clock.monotonicMs();
        settle();
        const rate = rates.get(robot);
        const waitMs = (rate?.freeMs ?? 0) - SPAN_MS - nowMs;
        if (!rate || waitMs <= 0) return;
        rate.waiting ??= { sinceMs: nowMs, untilMs: nowMs };
        const { waiting } = rate;
        waiting.untilMs = nowMs + waitMs;
        const dueMs = waiting.reportedMs === undefined ? waiting.sinceMs + BACKLOG_MS : waiting.reportedMs + CALM_MS;
        if (nowMs >= dueMs) {
          waiting.reportedMs = nowMs;
          report(robot, true);
        }
        await pause(clock, waitMs, signal);
      },
    }),
    reported: () => {
      settle();
      return [...rates].flatMap(([robot, { waiting }]) => (waiting?.reportedMs === undefined ? [] : [robot]));
    },
    get throttled() {
      settle();
      return [...rates.values()].filter(({ waiting }) => waiting).length;
    },
  };
}
