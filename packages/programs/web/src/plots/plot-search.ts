import type { TimeRange } from '../charts/cursor.ts';
import { formatSeriesKey, MAX_KEY_OCTETS, readSeriesKey } from './series-key.ts';

/** So many series can be told apart in one chart. */
export const MAX_SERIES = 12;
const MAX_THRESHOLDS = 6;
/** How far back the plot goes, seconds. */
export const SPANS = [10, 60, 300] as const;
export type Span = (typeof SPANS)[number];

/** What a plot shows, as its address has it: `?s=<key>&s=…&t=<threshold>&last=60`, or `&from=&to=` in the form of ISO 8601. */
export interface PlotSearch {
  /** Also those that are none, as they were written: whoever follows the link is told what is wrong with them. */
  readonly keys: readonly string[];
  readonly thresholds: readonly number[];
  readonly span: Span;
  /** A part of the past; `undefined` for a plot that goes on. */
  readonly range: TimeRange | undefined;
}

/** Reads the address of a plot; thresholds and times that make no sense in it are left out. */
export function readPlotSearch(search: URLSearchParams): PlotSearch {
  const keys = search.getAll('s').map((text) => {
    const key = readSeriesKey(text);
    // One that is too long stays so when it is cut.
    return typeof key === 'string' ? text.slice(0, MAX_KEY_OCTETS + 1) : formatSeriesKey(key);
  });
  const thresholds = search
    .getAll('t')
    .map((text) => (text.trim() === '' ? Number.NaN : Number(text)))
    .filter(Number.isFinite);
  const [fromMs, toMs] = [Date.parse(search.get('from') ?? ''), Date.parse(search.get('to') ?? '')];
  return {
    keys: [...new Set(keys)].slice(0, MAX_SERIES),
    thresholds: [...new Set(thresholds)].slice(0, MAX_THRESHOLDS),
    span: SPANS.find((span) => String(span) === search.get('last')) ?? 60,
    range: toMs > fromMs ? { fromMs, toMs } : undefined,
  };
}

/** The address of a plot. */
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
