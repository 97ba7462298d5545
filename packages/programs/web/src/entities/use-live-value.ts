import { useEffect, useRef } from 'react';
import { useWatched, type WatchedValue } from '../live/live-stream.ts';
import { texts } from '../texts/texts.ts';
import { formatDuration } from '../time/times.ts';
import { type Arrivals, isStale, withArrival } from './freshness.ts';

/** The current state of a value: the value, its age, and whether it is stale. */
export interface LiveState {
  readonly value: unknown;
  readonly hasValue: boolean;
  readonly isStale: boolean;
  /** Age as text, or the reason why there is no value. */
  readonly age: string;
}

const TICK_MS = 500;

interface LiveOptions {
  /** True if the value is sent only when it changes, so that its age says nothing about its source. */
  readonly isLatched?: boolean;
}

/**
 * Follows a value and its age. Calls `paint` for every value, and twice a second to update the age. Follows nothing if
 * `key` is `undefined`.
 */
export function useLiveValue(
  key: string | undefined,
  paint: (standing: LiveState) => void,
  { isLatched = false }: LiveOptions = {},
): void {
  const watched = useRef<WatchedValue>(undefined);
  const arrivals = useRef<Arrivals>(undefined);
  const painter = useRef(paint);
  painter.current = paint;
  const show = () => watched.current && painter.current(standingOf(watched.current, arrivals.current, isLatched));
  useWatched(key, (update) => {
    watched.current = withLastValue(update, watched.current);
    if (update.at_ms !== undefined) arrivals.current = withArrival(arrivals.current, Number(update.at_ms));
    show();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: reads the current refs when it is called.
  useEffect(() => {
    const timer = setInterval(show, TICK_MS);
    return () => clearInterval(timer);
  }, []);
}

/**
 * Keeps the last value when the stream reports that there is none any more: the last value is more useful than an empty
 * cell.
 */
function withLastValue(update: WatchedValue, former: WatchedValue | undefined): WatchedValue {
  if (update.value !== undefined || former?.value === undefined) return update;
  const { publishers, error } = update;
  return { ...former, ...(publishers !== undefined && { publishers }), ...(error && { error }) };
}

function standingOf(
  { value, ageMs, lastReceivedMs, publishers, error }: WatchedValue,
  arrivals: Arrivals | undefined,
  isLatched: boolean,
): LiveState {
  const count = publishers === undefined ? undefined : Number(publishers);
  if (value === undefined || ageMs === undefined) {
    const reason = error?.message ?? (count === 0 ? texts.entities.noPublisher : texts.entities.noValueYet);
    return { value: undefined, hasValue: false, isStale: true, age: reason };
  }
  const nowMs = ageMs + performance.now() - lastReceivedMs;
  const span = formatDuration(nowMs);
  const stale = error !== undefined || (isLatched ? count === 0 : isStale(nowMs, count, arrivals));
  return {
    value,
    hasValue: true,
    isStale: stale,
    age: count === 0 ? texts.entities.noPublisherSince(span) : stale ? texts.entities.noNewsSince(span) : span,
  };
}
