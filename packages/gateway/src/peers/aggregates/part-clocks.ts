import type { PeerClock } from '@medkit/contract';
import { fieldsOf, type JsonValue, LOCAL, type Origin } from '@medkit/core';
import { timestampNs } from '@medkit/entities';
import { type ClockHistory, correctedInOrder, correctionMs } from '@medkit/peer';
import { nestedOrigin } from '../../peer-names/nested-origin.ts';
import { roundedClock } from '../peer-view.ts';

/** Returns the clock history of a direct peer by its runtime; empty if unknown. */
export type ClockOf = (runtime: string) => ClockHistory;

/** Clocks by gateway. */
export type ReportedClocks = Readonly<Record<Origin, PeerClock>>;

/** Maximum clocks of gateways behind a peer. */
const MAX_CLOCKS = 256;

/**
 * Converts RFC 3339 times that one gateway recorded in sequence, newest first, to the local clock, milliseconds since
 * 1970.
 */
export function toLocalTimes(timestamps: readonly string[], history: ClockHistory, behindMs = 0): readonly number[] {
  return correctedInOrder(
    history,
    timestamps.map((text) => Number(timestampNs(text) ?? 0n) / 1e6 - behindMs),
  );
}

/**
 * Returns the times of a gateway's log entries, oldest first, by the local clock. Uses the clock of that gateway, or of
 * the gateway behind it if the peer has reported it.
 */
export function entryTimes(
  origin: Origin,
  entries: readonly JsonValue[],
  history: ClockHistory,
  reported: JsonValue | undefined,
): readonly number[] {
  const behind = reportedClocks(origin, [], reported);
  const newestFirst = entries.toReversed().map((entry) => {
    const { timestamp, received_at = timestamp, 'x-medkit': about } = fieldsOf(entry) ?? {};
    const name = fieldsOf(about)?.['origin'];
    const isBehind = typeof name === 'string' && name !== LOCAL;
    return { timestamp: String(received_at), origin: isBehind ? `${origin}/${name}` : origin };
  });
  const times = new Map(
    [...new Set(newestFirst.map((entry) => entry.origin))].map((name) => {
      const timestamps = newestFirst.flatMap((entry) => (entry.origin === name ? [entry.timestamp] : []));
      return [name, toLocalTimes(timestamps, history, behind[name]?.offset_ms).values()];
    }),
  );
  return newestFirst.map((entry) => times.get(entry.origin)?.next().value ?? 0).toReversed();
}

/**
 * Returns the clock of a gateway if it differs from the local one. Adds the clocks that it reports of gateways behind
 * it; its report is not trusted.
 */
export function reportedClocks(origin: Origin, history: ClockHistory, reported: JsonValue | undefined): ReportedClocks {
  const [now] = history;
  const aheadMs = now ? correctionMs(now) : 0;
  const direct = now && aheadMs !== 0 ? { [origin]: roundedClock(now.offsetMs, now.uncertaintyMs) } : {};
  const behind = Object.entries(fieldsOf(reported) ?? {}).slice(0, MAX_CLOCKS);
  return {
    ...direct,
    ...Object.fromEntries(
      behind.flatMap(([name, clock]) => {
        const { offset_ms, uncertainty_ms } = fieldsOf(clock) ?? {};
        const here = nestedOrigin(name, origin);
        if (here === undefined || !isNumber(offset_ms) || !isNumber(uncertainty_ms) || uncertainty_ms < 0) return [];
        const sum = roundedClock(offset_ms + aheadMs, uncertainty_ms + (now?.uncertaintyMs ?? 0));
        return [[here, sum]];
      }),
    ),
  };
}

function isNumber(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
