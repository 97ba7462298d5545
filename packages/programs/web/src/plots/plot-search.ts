import type { TimeRange } from '../charts/cursor.ts';
import { formatSeriesKey, MAX_KEY_OCTETS, readSeriesKey } from './series-key.ts';

/** Maximum series that can be distinguished in one chart. */
export const MAX_SERIES = 20;
const MAX_THRESHOLDS = 6;
/** Selectable lengths of a live plot, seconds. */
export const SPANS = [10, 60, 300] as const;
export type Span = (typeof SPANS)[number];

/** The parameters of a plot in its URL: `?s=<key>&s=…&t=<threshold>&last=60`, or `&from=&to=` in ISO 8601. */
export interface PlotSearch {
  /** Series keys, including invalid ones as written, so that the page can report the problem. */
  readonly keys: readonly string[];
  /** Series of the URL beyond the maximum, which are not plotted. */
  readonly omitted: number;
  readonly thresholds: readonly number[];
  readonly span: Span;
  /** A past range; `undefined` for a live plot. */
  readonly range: TimeRange | undefined;
}

/** Reads the URL of a plot. Invalid thresholds and times are left out. */
export function readPlotSearch(search: URLSearchParams): PlotSearch {
  const keys = search.getAll('s').map((text) => {
    const key = readSeriesKey(text);
    // Truncated to one byte above the limit, so that it is still reported as too long.
    return typeof key === 'string' ? text.slice(0, MAX_KEY_OCTETS + 1) : formatSeriesKey(key);
  });
  const thresholds = search
    .getAll('t')
    .map((text) => (text.trim() === '' ? Number.NaN : Number(text)))
    .filter(Number.isFinite);
  const [fromMs, toMs] = [Date.parse(search.get('from') ?? ''), Date.parse(search.get('to') ?? '')];
  const distinct = [...new Set(keys)];
  return {
    keys: distinct.slice(0, MAX_SERIES),
    omitted: Math.max(0, distinct.length - MAX_SERIES),
    thresholds: [...new Set(thresholds)].slice(0, MAX_THRESHOLDS),
    span: SPANS.find((span) => String(span) === search.get('last')) ?? 60,
    range: toMs > fromMs ? { fromMs, toMs } : undefined,
  };
}

/** Returns the URL of a plot. */
export function plotAddress({ keys, thresholds, span, range }: PlotSearch): string {
  const search = new URLSearchParams();
  for (const key of keys) search.append('s', key);
  for (const threshold of thresholds) search.append('t', String(threshold));
  if (span !== 60) search.set('last', String(span));
  if (range) {
    search.set('from', new Date(range.fromMs).toISOString());
    search.set('to', new Date(range.toMs).toISOString());
  }
  const query = search.toString();
  return query === '' ? '/plot' : `/plot?${query}`;
}
