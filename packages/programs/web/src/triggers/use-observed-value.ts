import type { FaultListItem } from '@medkit/contract';
import { useEffect, useReducer, useRef } from 'react';
import type { ChartSeries } from '../charts/chart-series.ts';
import { useRoute } from '../gateway/gateway.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { type WatchedValue, watchValue } from '../live/live-stream.ts';
import { openPlotFeed, type PlotFeed } from '../plots/plot-feed.ts';
import { formatSeriesKey, readSeriesKey } from '../plots/series-key.ts';
import { plotTexts } from '../plots/texts.ts';
import { texts } from '../texts/texts.ts';
import { timeMs } from '../time/times.ts';
import { valueAt } from '../values/format-value.ts';
import type { Target } from './draft.ts';
import { t } from './texts.ts';

/** The current value of what a trigger observes. */
export interface ObservedValue {
  /** The compared part; `undefined` if there is none yet. */
  readonly value: unknown;
  readonly atMs: number | undefined;
  readonly unit: string | undefined;
  /** The numbers of the last minute, oldest first. */
  readonly samples: ChartSeries['samples'];
  /** Why there is no value. */
  readonly problem: string | undefined;
}

/** Length of the shown history in milliseconds. */
export const HISTORY_MS = 60_000;
/** Refresh interval of the shown age. */
const TICK_MS = 1000;
const LOGS_EVERY_MS = 3000;
const NOTHING: ObservedValue = { value: undefined, atMs: undefined, unit: undefined, samples: [], problem: undefined };

/** Follows the current value of a target. Stores nothing on the gateway. */
export function useObservedValue(target: Target | undefined): ObservedValue {
  const data = useDataValue(target?.collection === 'data' && target.item !== '' ? target : undefined);
  const other = useListedValue(target);
  return target?.collection === 'data' ? data : other;
}

/** Follows a data item over the live stream. */
function useDataValue(target: Target | undefined): ObservedValue {
  const key =
    target &&
    formatSeriesKey({
      kind: target.entity.kind,
      entity: target.entity.id,
      item: target.item,
      pointer: target.path === '' ? undefined : target.path,
    });
  const of = key === undefined ? undefined : readSeriesKey(key);
  const valid = typeof of === 'object' ? key : undefined;
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const feed = useRef<PlotFeed>(undefined);
  const watched = useRef<WatchedValue>(undefined);
  useEffect(() => {
    if (valid === undefined) return undefined;
    const opened = openPlotFeed(valid, HISTORY_MS / 1000);
    feed.current = opened;
    const stop = watchValue(valid, (update) => {
      watched.current = update;
      draw();
    });
    const timer = setInterval(draw, TICK_MS);
    return () => {
      clearInterval(timer);
      stop();
      opened.close();
      feed.current = undefined;
      watched.current = undefined;
    };
  }, [valid]);
  if (typeof of === 'string') return { ...NOTHING, problem: plotTexts.keyProblems[of] };
  if (valid === undefined) return NOTHING;
  const { value, at_ms, error, publishers } = watched.current ?? {};
  const nowMs = gatewayNowMs();
  const silent = Number(publishers ?? 1) === 0 ? texts.entities.noPublisher : texts.entities.noValueYet;
  return {
    value,
    atMs: at_ms === undefined ? undefined : Number(at_ms),
    unit: feed.current?.unit,
    samples: feed.current?.ring.between(nowMs - HISTORY_MS, nowMs) ?? [],
    problem: error?.message ?? (value === undefined ? silent : undefined),
  };
}

/** The newest fault or log entry of the entity. */
function useListedValue(target: Target | undefined): ObservedValue {
  const entity = target?.entity ?? { kind: 'app' as const, id: '-' };
  const faults = useRoute('listFaults', { entity }, { enabled: target?.collection === 'faults' });
  const logs = useRoute(
    'listLogs',
    { entity, query: { limit: 1 } },
    { enabled: target?.collection === 'logs', everyMs: LOGS_EVERY_MS },
  );
  if (target?.collection === 'faults') {
    const fault = newestFault(faults.data?.items ?? [], target.item);
    if (!fault) return { ...NOTHING, problem: faults.data && t.noFault };
    const status = fault['x-medkit']?.status_raw ?? fault.status;
    const value = valueAt({ ...fault, status }, target.path);
    return { ...NOTHING, value, atMs: timeMs(fault.last_occurred) };
  }
  if (target?.collection === 'logs') {
    const entry = logs.data?.items.at(-1);
    if (!entry) return { ...NOTHING, problem: logs.data && t.noLog };
    return { ...NOTHING, value: valueAt(entry, target.path), atMs: timeMs(entry.timestamp) };
  }
  return { ...NOTHING, problem: t.noPreview };
}

function newestFault(faults: readonly FaultListItem[], code: string): FaultListItem | undefined {
  const matching = faults.filter(({ fault_code }) => code === '' || fault_code === code);
  return matching.toSorted((one, other) => Number(other.last_occurred ?? 0) - Number(one.last_occurred ?? 0))[0];
}
