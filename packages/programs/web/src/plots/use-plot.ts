import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { ChartSeries } from '../charts/chart-series.ts';
import { setCursor, setVisibleRange, type TimeRange, useVisibleRange } from '../charts/cursor.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { openPlotFeed, type PlotFeed } from './plot-feed.ts';
import { MAX_SERIES, type PlotSearch } from './plot-search.ts';
import { labelOfKey } from './series-key.ts';

/** Redraw interval of a live plot. */
const DRAW_MS = 250;
/** History loaded for a new plot, seconds. */
const HISTORY_SECONDS = 300;

/** The feeds of the plotted numbers; existing feeds continue when others are added. */
function useFeeds(keys: readonly string[], range: TimeRange | undefined): readonly PlotFeed[] {
  const open = useRef(new Map<string, PlotFeed>());
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const wanted = JSON.stringify(keys);
  const fromMs = range?.fromMs;
  useEffect(() => {
    const feeds = open.current;
    const now = (JSON.parse(wanted) as readonly string[]).slice(0, MAX_SERIES);
    for (const [key, feed] of feeds) {
      if (now.includes(key)) continue;
      feed.close();
      feeds.delete(key);
    }
    for (const key of now) {
      if (feeds.has(key)) continue;
      const seconds = fromMs === undefined ? HISTORY_SECONDS : (gatewayNowMs() - fromMs) / 1000 + 1;
      feeds.set(key, openPlotFeed(key, seconds));
    }
    draw();
  }, [wanted, fromMs]);
  useEffect(
    () => () => {
      for (const feed of open.current.values()) feed.close();
      open.current.clear();
    },
    [],
  );
  return keys.flatMap((key) => open.current.get(key) ?? []);
}

/** The current content of a plot. */
export interface PlotState {
  readonly feeds: readonly PlotFeed[];
  readonly series: readonly ChartSeries[];
  readonly range: TimeRange;
  /** Gateway time, milliseconds since 1970. */
  readonly nowMs: number;
  readonly isPaused: boolean;
  pause(): void;
  goOn(): void;
}

/** Follows the series of the URL. Redraws four times a second unless it is paused or shows a past range. */
export function usePlot({ keys, span, range }: PlotSearch): PlotState {
  const feeds = useFeeds(keys, range);
  const [pausedMs, setPausedMs] = useState<number>();
  const [nowMs, setNowMs] = useState(gatewayNowMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(gatewayNowMs()), DRAW_MS);
    return () => {
      clearInterval(timer);
      setCursor(undefined, 'plot');
      setVisibleRange(undefined);
    };
  }, []);
  const closer = useVisibleRange();
  const endMs = pausedMs ?? nowMs;
  const visible = range ?? { fromMs: endMs - span * 1000, toMs: endMs };
  const { fromMs, toMs } = closer ?? visible;
  const known = feeds.map(({ key, ring, unit }) => `${key} ${unit} ${ring.last?.[0]} ${ring.size}`).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `known` changes with the content of the feeds.
  const series = useMemo(
    () =>
      feeds.map(({ key, of, ring, unit }) => ({
        id: key,
        label: labelOfKey(key, of),
        ...(unit !== undefined && { unit }),
        samples: ring.between(fromMs, toMs),
      })),
    [known, fromMs, toMs],
  );
  return {
    feeds,
    series,
    range: visible,
    nowMs,
    isPaused: pausedMs !== undefined,
    pause: () => setPausedMs(nowMs),
    goOn: () => {
      setPausedMs(undefined);
      setVisibleRange(undefined);
    },
  };
}
