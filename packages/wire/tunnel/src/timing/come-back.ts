import { type Random, retryDelayMs } from '@medkit/edges';
import type { RefusalCode, UplinkEnd } from '../handshake/uplink-end.ts';

const DAY_MS = 86_400_000;
/** Delays after repeated losses: full jitter up to 2, 4, 8 … 300 s, so that a restarted hub is not flooded. */
const RETRY = { firstMs: 2000, maxMs: 300_000, jitter: 1 };
/** The first attempt after a loss is spread too, because all robots of a hub lose it together. */
const FIRST_SPREAD_MS = 5000;
/** Bound of the spread that a hub requests for the first attempt. */
const MAX_SPREAD_MS = 300_000;
/** A session of this length ends a series of failures. A shorter one does not: the hub may end each session soon. */
const WELL_MS = 60_000;
/** Longest delay that a hub which stops requests. */
const MAX_STOP_MS = 120_000;
/** Robots that may connect to a hub per second. */
const CONNECTS_PER_SEC = 100;
/** Longest delay before the first attempt with a new key. */
const ROTATED_MS = 1000;
/** A `Retry-After` is changed by up to half in both directions. */
const BUSY_JITTER = 0.5;

/** Delay after a refusal if the hub states none. A person must act on the others: the robot looks once a day. */
const REFUSED_MS: Partial<Record<RefusalCode, number>> = { pending: 30_000, 'too-many': 60_000 };
/** Refusals for which the hub's `retry_ms` counts. */
const TIMED_BY_HUB: readonly RefusalCode[] = ['too-many', 'too-old', 'too-new'];

/** What a robot remembers between attempts. */
export interface Attempts {
  /** Consecutive attempts or short sessions that were lost. */
  readonly failures: number;
  /** Duration of the session that ended, milliseconds; 0 if none opened. */
  readonly connectedMs: number;
  /** `policy.reconnect_spread_ms` of the last handshake; 0 if unknown. */
  readonly spreadMs: number;
}

/**
 * Returns the delay before the next attempt in milliseconds, and the new number of failures. `undefined` if this end
 * closed the uplink.
 */
export function comeBack(
  end: UplinkEnd,
  { failures: before, connectedMs, spreadMs }: Attempts,
  random: Pick<Random, 'float'>,
): { readonly delayMs: number; readonly failures: number } | undefined {
  const failures = connectedMs >= WELL_MS ? 1 : before + 1;
  const lostMs = (): number =>
    failures === 1
      ? random.float() * (FIRST_SPREAD_MS + Math.min(spreadMs, MAX_SPREAD_MS))
      : retryDelayMs(RETRY, failures - 1, random);
  switch (end.kind) {
    case 'closed':
      return undefined;
    case 'stopped':
      return { delayMs: Math.min(end.retryMs, MAX_STOP_MS), failures: 0 };
    case 'rotated':
      // If the new key does not connect, the series of failures delays the next attempts.
      return { delayMs: failures === 1 ? random.float() * ROTATED_MS : lostMs(), failures };
    case 'lost':
      return { delayMs: lostMs(), failures };
    case 'busy': {
      const jitter = 1 + BUSY_JITTER * (2 * random.float() - 1);
      return { delayMs: end.retryMs > 0 ? end.retryMs * jitter : lostMs(), failures };
    }
    case 'refused': {
      const stated = TIMED_BY_HUB.includes(end.code) ? end.retryMs : undefined;
      return { delayMs: Math.min(stated ?? REFUSED_MS[end.code] ?? DAY_MS, DAY_MS), failures: 0 };
    }
    case 'protocol':
      return end.code === 'other-hub' ? { delayMs: DAY_MS, failures: 0 } : { delayMs: lostMs(), failures };
  }
}

/** Returns when a robot is to return to a hub that stops with `robots` connected, milliseconds. */
export const stopRetryMs = (robots: number, random: Pick<Random, 'float'>): number =>
  Math.round(random.float() * Math.min((robots / CONNECTS_PER_SEC) * 1000, MAX_STOP_MS));
