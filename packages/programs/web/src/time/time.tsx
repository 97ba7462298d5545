import { useEffect, useReducer } from 'react';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { texts } from '../texts/texts.ts';
import { clockTime, formatDuration, REAL_MS, wholeTime } from './times.ts';

/** A time in short form, with the full time as tooltip. `digits` are decimals of the second (default none). */
export function Time({ ms, digits = 0 }: { readonly ms: number | undefined; readonly digits?: 0 | 1 | 2 | 3 }) {
  if (ms === undefined) return <span className="soft">–</span>;
  return (
    <time className="number" dateTime={dateTime(ms)} title={wholeTime(ms)} data-utc={wholeTime(ms, true)}>
      {clockTime(ms, { digits })}
    </time>
  );
}

function dateTime(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : '';
}

/** Time elapsed since a moment, updated every second. */
export function Ago({ ms }: { readonly ms: number | undefined }) {
  useTick(1000);
  // Simulated time has no relation to the current time.
  if (ms === undefined || ms < REAL_MS) return null;
  return (
    <time className="number soft" dateTime={dateTime(ms)} title={wholeTime(ms)}>
      {texts.time.ago(formatDuration(Math.max(0, gatewayNowMs() - ms)))}
    </time>
  );
}

/** Renders the calling component every `everyMs` milliseconds. */
export function useTick(everyMs: number): void {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
