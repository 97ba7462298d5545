import type { PeerClock } from '@medkit/contract';
import { type JsonValue, LOCAL, type Origin } from '@medkit/core';
import { type ClockHistory, correctedInOrder, correctionMs } from '@medkit/peer';
import { timestampNs } from '@medkit/services';
import { nested } from '../audit/told-log.ts';
import { roundedClock } from '../shown-peer.ts';
import { fieldsOf } from './fields-of.ts';

/** The clock of a gateway that is asked directly, by the name of its runtime. Empty where nobody has looked at it. */
export type ClockOf = (runtime: string) => ClockHistory;

/** Clocks by the gateways that they are of. */
export type ShownClocks = Readonly<Record<Origin, PeerClock>>;

/** Gateways behind another one whose clocks count. */
const MAX_CLOCKS = 256;

/** Times of RFC 3339 that one gateway wrote down one after the other, the newest first, by the clock here, milliseconds since 1970. */
export function timesHere(timestamps: readonly string[], history: ClockHistory, behindMs = 0): readonly number[] {
  return correctedInOrder(
    history,
    timestamps.map((text) => Number(timestampNs(text) ?? 0n) / 1e6 - behindMs),
  );
}

/**
 * When entries of the log of a gateway were, the oldest first, by the clock here: by that of the gateway that has them, or of the
 * one behind that. `told` is what it tells of the clocks of those.
 */
export function entryTimes(
  origin: Origin,
  entries: readonly JsonValue[],
  history: ClockHistory,
  told: JsonValue | undefined,
): readonly number[] {
  const behind = clocksOf(origin, [], told);
  const newestFirst = entries.toReversed().map((entry) => {
    const { timestamp, received_at = timestamp, 'x-medkit': about } = fieldsOf(entry) ?? {};
    const name = fieldsOf(about)?.['origin'];
    const isBehind = typeof name === 'string' && name !== LOCAL;
    return { timestamp: String(received_at), origin: isBehind ? `${origin}/${name}` : origin };
  });
  const times = new Map(
    [...new Set(newestFirst.map((entry) => entry.origin))].map((name) => {
      const own = newestFirst.flatMap((entry) => (entry.origin === name ? [entry.timestamp] : []));
      return [name, timesHere(own, history, behind[name]?.offset_ms).values()];
    }),
  );
  return newestFirst.map((entry) => times.get(entry.origin)?.next().value ?? 0).toReversed();
}

/** The clock of a gateway where it is another one than here, and those of gateways behind it as it tells of them, which may be anything. */
export function clocksOf(origin: Origin, history: ClockHistory, told: JsonValue | undefined): ShownClocks {
  const [now] = history;
  const aheadMs = now ? correctionMs(now) : 0;
  const own = now && aheadMs !== 0 ? { [origin]: roundedClock(now.offsetMs, now.uncertaintyMs) } : {};
  const behind = Object.entries(fieldsOf(told) ?? {}).slice(0, MAX_CLOCKS);
  return {
    ...own,
    ...Object.fromEntries(
      behind.flatMap(([name, clock]) => {
        const { offset_ms, uncertainty_ms } = fieldsOf(clock) ?? {};
        const here = nested(name, origin);
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
