import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useId, useMemo, useRef } from 'react';
import { texts } from '../texts/texts.ts';
import { ChartLegend } from './chart-legend.tsx';
import { type ChartModel, plotsOf, wholeRange, zoomed } from './chart-model.ts';
import { chartSentence } from './chart-sentence.ts';
import type { ChartCrossing, ChartMark, ChartSeries, ChartThreshold } from './chart-series.ts';
import { ChartTable } from './chart-table.tsx';
import { cursorOf, setCursor, setVisibleRange, type TimeRange, visibleRange } from './cursor.ts';
import { createAnnouncer, moveByKey } from './cursor-keys.ts';
import { Plot } from './plot.tsx';
import './time-chart.css';

interface TimeChartProps {
  readonly series: readonly ChartSeries[];
  readonly thresholds?: readonly ChartThreshold[] | undefined;
  readonly marks?: readonly ChartMark[] | undefined;
  readonly crossing?: ChartCrossing | undefined;
  /** The initial range. If left out, the chart shows all samples. */
  readonly range?: TimeRange | undefined;
  /** Height of the plot with its axes, CSS pixels. */
  readonly height?: number;
  readonly title: string;
}

const NONE: readonly never[] = [];
const ZOOM = 2;
/** Least height of a plot with its time axis, CSS pixels. */
const MIN_PLOT_HEIGHT = 140;

/**
 * Values over time with thresholds, numbered marks and the shared cursor, usable by mouse, keyboard and screen reader.
 * uPlot draws into a canvas; React renders the texts around it.
 */
export function TimeChart({
  series,
  thresholds = NONE,
  marks = NONE,
  crossing,
  range,
  height = 240,
  title,
}: TimeChartProps) {
  const [fromMs, toMs] = [range?.fromMs, range?.toMs];
  const model = useMemo<ChartModel>(
    () => ({
      series,
      thresholds,
      marks,
      crossing,
      range: fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs },
    }),
    [series, thresholds, marks, crossing, fromMs, toMs],
  );
  const spoken = useRef<HTMLDivElement>(null);
  const latest = useRef(model);
  latest.current = model;
  const id = useId();
  const plots = useMemo(() => plotsOf(model), [model]);

  const announcer = useMemo(() => createAnnouncer(() => spoken.current), []);
  const zoom = (factor: number): void => {
    const whole = wholeRange(latest.current);
    const now = visibleRange() ?? whole;
    setVisibleRange(zoomed(now, factor, cursorOf()?.ms ?? (now.fromMs + now.toMs) / 2, whole));
  };
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '0') setVisibleRange(undefined);
    else if (event.key === 'Escape' && cursorOf() !== undefined) setCursor(undefined, 'keys');
    else if (event.key === '+' || event.key === '=') zoom(1 / ZOOM);
    else if (event.key === '-') zoom(ZOOM);
    else if (!moveByKey(event.key, event.shiftKey, latest.current)) return;
    else announcer(latest.current);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <figure className="chart" aria-labelledby={id}>
      <div className="spread chart-head">
        <ChartLegend series={series} />
        <div className="row chart-tools">
          <button type="button" className="button" aria-label={texts.charts.closer} onClick={() => zoom(1 / ZOOM)}>
            <ZoomIn size={16} aria-hidden="true" />
          </button>
          <button type="button" className="button" aria-label={texts.charts.wider} onClick={() => zoom(ZOOM)}>
            <ZoomOut size={16} aria-hidden="true" />
          </button>
          <button
            type="button"
            className="button"
            aria-label={texts.charts.all}
            onClick={() => setVisibleRange(undefined)}
          >
            <Maximize2 size={16} aria-hidden="true" />
          </button>
        </div>
      </div>
      <div
        className="chart-plot"
        role="application"
        aria-label={`${title}. ${texts.charts.keys}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor over it, as its name says.
        tabIndex={0}
        onKeyDown={press}
      >
        {plots.map((plot) => (
          <Plot
            key={plot.series[0]?.unit ?? ''}
            plot={plot}
            height={Math.max(MIN_PLOT_HEIGHT, height / plots.length)}
          />
        ))}
      </div>
      <div ref={spoken} className="visually-hidden" aria-live="polite" />
      <figcaption id={id} className="soft">
        <span className="visually-hidden">{title}: </span>
        {chartSentence(model)}
      </figcaption>
      {marks.length > 0 && (
        <ol className="row chart-marks soft">
          {marks.map(({ number, label }) => (
            <li key={number}>
              <span className="chart-flag">{number}</span> {label}
            </li>
          ))}
        </ol>
      )}
      <ChartTable series={series} title={title} />
    </figure>
  );
}
