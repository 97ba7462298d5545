import { X } from 'lucide-react';
import { Swatch } from '../charts/chart-legend.tsx';
import { formatMeasurement } from '../charts/chart-series.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { formatDuration } from '../time/times.ts';
import type { PlotFeed } from './plot-feed.ts';
import { labelOfKey } from './series-key.ts';
import { plotTexts } from './texts.ts';

interface PlottedSeriesProps {
  readonly feeds: readonly PlotFeed[];
  readonly nowMs: number;
  readonly onRemove: (key: string) => void;
}

/** Window for the update rate of a value. */
const RATE_MS = 5000;
/** Age from which a value is marked as stale. */
const STALE_MS = 3000;

/** The plotted numbers: latest value, age, rate, and the reason if there is no value. */
export function PlottedSeries({ feeds, nowMs, onRemove }: PlottedSeriesProps) {
  return (
    <table className="plot-series" aria-label={plotTexts.series}>
      <thead>
        <tr>
          <th scope="col">{plotTexts.series}</th>
          <th scope="col" className="number">
            {plotTexts.newest}
          </th>
          <th scope="col" className="number">
            {plotTexts.age}
          </th>
          <th scope="col" className="number" title={plotTexts.rateHelp}>
            {plotTexts.rate}
          </th>
          <th scope="col" className="number">
            {plotTexts.samples}
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {feeds.map((feed, place) => (
          <Row key={feed.key} feed={feed} place={place} nowMs={nowMs} onRemove={onRemove} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps extends Omit<PlottedSeriesProps, 'feeds'> {
  readonly feed: PlotFeed;
  readonly place: number;
}

function Row({ feed: { key, of, ring, unit, problem, historyProblem }, place, nowMs, onRemove }: RowProps) {
  const { last } = ring;
  const ageMs = last && Math.max(0, nowMs - last[0]);
  const isStale = ageMs === undefined || ageMs > STALE_MS;
  const isKey = typeof of !== 'string';
  const label = labelOfKey(key, of);
  const reason = isKey ? (problem === 'not-a-number' ? plotTexts.notANumber : problem) : plotTexts.keyProblems[of];
  return (
    <tr>
      <th scope="row">
        <span className="row plot-name">
          <Swatch place={place} />
          {isKey ? (
            <Link to={addressOf('entity.item', { kind: of.kind, id: of.entity, item: of.item })}>{label}</Link>
          ) : (
            <span className="mono plot-wrong">{label}</span>
          )}
        </span>
        {reason !== undefined && <div className="soft plot-why">{reason}</div>}
        {historyProblem !== undefined && historyProblem !== reason && (
          <details className="soft plot-why">
            <summary>{plotTexts.noHistory}</summary>
            {historyProblem}
          </details>
        )}
      </th>
      <td className="number">{formatMeasurement(last?.[2] ?? last?.[1], unit)}</td>
      <td className={`number ${isStale ? 'stale' : ''}`}>{ageMs === undefined ? '–' : formatDuration(ageMs)}</td>
      <td className="number">{ring.rate(nowMs, RATE_MS).toFixed(1)} Hz</td>
      <td className="number">{ring.size}</td>
      <td>
        <button
          type="button"
          className="button plain plot-remove"
          aria-label={plotTexts.remove(label)}
          onClick={() => onRemove(key)}
        >
          <X size={16} aria-hidden="true" />
        </button>
      </td>
    </tr>
  );
}
