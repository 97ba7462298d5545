import { Download, Pause, Play } from 'lucide-react';
import { useMemo } from 'react';
import type { ChartSeries, ChartThreshold } from '../charts/chart-series.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import { saveAs } from '../controls/download-link.tsx';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Heading } from '../heading/heading.tsx';
import { Region } from '../regions/region.tsx';
import { gatewayAddress } from '../routes/base-path.ts';
import { goTo, useSearch } from '../routes/location.ts';
import type { ParametersOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { wholeTime } from '../time/times.ts';
import { AddSeries } from './add-series.tsx';
import { AddThreshold } from './add-threshold.tsx';
import { seriesAsCsv } from './csv.ts';
import { plotTexts } from './texts.ts';
import './plot.css';
import { MAX_SERIES, type PlotSearch, plotAddress, readPlotSearch, SPANS } from './plot-search.ts';
import { PlottedSeries } from './plotted-series.tsx';
import { usePlot } from './use-plot.ts';

/** Plots any numbers of any entities over time, live or for a past range. */
export function PlotPage(_: ParametersOf<'plot'>) {
  const search = readPlotSearch(useSearch());
  const change = (changes: Partial<PlotSearch>): void =>
    goTo(plotAddress({ ...search, ...changes }), { replace: true });
  const { feeds, series, range, nowMs, isPaused, pause, goOn } = usePlot(search);
  const limits = search.thresholds.join(' ');
  const thresholds = useMemo<readonly ChartThreshold[]>(
    () =>
      limits === '' ? [] : limits.split(' ').map((value) => ({ label: plotTexts.threshold, value: Number(value) })),
    [limits],
  );
  const isStill = isPaused || search.range !== undefined;
  const add = (key: string): void => change({ keys: [...search.keys.filter((other) => other !== key), key] });
  return (
    <div className="stack">
      <div className="spread">
        <Heading>{texts.shell.plot}</Heading>
        <div className="row">
          <button
            type="button"
            className="button"
            onClick={() => {
              if (search.range) change({ range: undefined });
              if (isStill) goOn();
              else pause();
            }}
          >
            {isStill ? <Play size={16} aria-hidden="true" /> : <Pause size={16} aria-hidden="true" />}
            {isStill ? plotTexts.goOn : plotTexts.pause}
          </button>
          <label className="row">
            <span className="soft">{plotTexts.last}</span>
            <select
              value={search.span}
              onChange={(event) =>
                change({ span: SPANS.find((span) => span === Number(event.target.value)) ?? 60, range: undefined })
              }
            >
              {SPANS.map((span) => (
                <option key={span} value={span}>
                  {span} s
                </option>
              ))}
            </select>
          </label>
          <button type="button" className="button" disabled={series.length === 0} onClick={() => saveCsv(series)}>
            <Download size={16} aria-hidden="true" />
            CSV
          </button>
          <CopyButton
            label={plotTexts.copyLink}
            text={() => `${gatewayAddress()}${plotAddress({ ...search, range: isStill ? range : undefined })}`}
          />
        </div>
      </div>
      <Region label={texts.shell.plot}>
        <div className="plot-forms">
          {search.keys.length < MAX_SERIES ? (
            <AddSeries onAdd={add} />
          ) : (
            <p className="soft">{plotTexts.full(MAX_SERIES)}</p>
          )}
          {search.omitted > 0 && <p role="status">{plotTexts.omitted(search.omitted)}</p>}
          <AddThreshold thresholds={search.thresholds} onChange={(next) => change({ thresholds: next })} />
        </div>
        {search.range && (
          <p className="soft">{plotTexts.past(wholeTime(search.range.fromMs), wholeTime(search.range.toMs))}</p>
        )}
        {feeds.length === 0 ? (
          <p className="soft plot-empty">{plotTexts.empty}</p>
        ) : (
          <>
            <TimeChart series={series} thresholds={thresholds} range={range} height={320} title={texts.shell.plot} />
            <PlottedSeries
              feeds={feeds}
              nowMs={nowMs}
              onRemove={(key) => change({ keys: search.keys.filter((other) => other !== key) })}
            />
          </>
        )}
      </Region>
    </div>
  );
}

/** Saves the shown series as a CSV file. */
function saveCsv(series: readonly ChartSeries[]): void {
  const at = new Date(gatewayNowMs()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  saveAs(new Blob([seriesAsCsv(series)], { type: 'text/csv' }), `medkit-plot-${at}.csv`);
}
