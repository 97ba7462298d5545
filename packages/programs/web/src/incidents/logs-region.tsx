import type { TimelineRow } from '@medkit/contract';
import { useEffect, useRef, useState } from 'react';
import { setCursor, setVisibleRange, type TimeRange, useCursorMs, useVisibleRange } from '../charts/cursor.ts';
import { Severity } from '../controls/severity.tsx';
import { Skeleton } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { severityOf } from './timeline-lanes.ts';

/** Maximum rows rendered; an incident that lasts for hours has thousands. */
const MAX_LINES = 300;

interface LogsRegionProps {
  readonly rows: readonly TimelineRow[];
  readonly isLoading: boolean;
}

/** Log lines around the incident. Highlights the last line at or before the cursor. */
export function LogsRegion({ rows, isLoading }: LogsRegionProps) {
  const [least, setLeast] = useState(0);
  const [source, setSource] = useState('');
  const range = useVisibleRange();
  const all = rows.filter(({ kind }) => kind === 'log');
  const sources = [...new Set(all.map(sourceOf))].sort();
  const matching = all.filter((row) => severityOf(row) >= least && (source === '' || sourceOf(row) === source));
  const found = matching.filter(({ at }) => isWithin(range, timeMs(at)));
  const outside = matching.length - found.length;
  const filters = (
    <span className="row screen-only">
      <select
        aria-label={texts.incidents.leastSeverity}
        value={least}
        onChange={(event) => setLeast(Number(event.target.value))}
      >
        {[0, 1, 2].map((severity) => (
          <option key={severity} value={severity}>
            ≥ {texts.severity[severity]}
          </option>
        ))}
      </select>
      <select aria-label={texts.incidents.logSource} value={source} onChange={(event) => setSource(event.target.value)}>
        <option value="">{texts.incidents.allNodes}</option>
        {sources.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </span>
  );
  return (
    <Region title={texts.incidents.logs} aside={filters} className="incident-logs">
      {isLoading ? <Skeleton height={160} /> : <LogRows rows={found} />}
      {outside > 0 && (
        <p className="row soft">
          {texts.incidents.outsideRange(outside)}
          <button type="button" className="button screen-only" onClick={() => setVisibleRange(undefined)}>
            {texts.charts.all}
          </button>
        </p>
      )}
    </Region>
  );
}

const isWithin = (range: TimeRange | undefined, ms: number | undefined): boolean =>
  range === undefined || ms === undefined || (ms >= range.fromMs && ms <= range.toMs);

const sourceOf = ({ item, entity_id }: TimelineRow): string => entity_id ?? item ?? '';

function LogRows({ rows }: { readonly rows: readonly TimelineRow[] }) {
  const cursorMs = useCursorMs();
  const list = useRef<HTMLDivElement>(null);
  const visible = rows.slice(-MAX_LINES);
  const current = cursorMs === undefined ? -1 : visible.findLastIndex(({ at }) => (timeMs(at) ?? 0) <= cursorMs);
  useEffect(() => {
    const row = list.current?.querySelector<HTMLElement>('[aria-current]');
    // Scrolls only the list, not the page.
    if (row && list.current) list.current.scrollTop = row.offsetTop - list.current.clientHeight / 2;
  });
  if (rows.length === 0) return <p className="soft">{texts.incidents.noLogs}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling element must be reachable by keyboard.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a group of form fields.
    <div className="incident-scroll" ref={list} tabIndex={0} role="group" aria-label={texts.incidents.logs}>
      {rows.length > visible.length && <p className="soft">{texts.incidents.lastOf(visible.length, rows.length)}</p>}
      <table>
        <thead className="visually-hidden">
          <tr>
            <th>{texts.incidents.time}</th>
            <th>{texts.incidents.severity}</th>
            <th>{texts.incidents.logSource}</th>
            <th>{texts.incidents.text}</th>
          </tr>
        </thead>
        <tbody>
          {visible.map((row, at) => (
            <tr
              // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be identical.
              key={`${row.at} ${at}`}
              {...(at === current && { 'aria-current': 'true' as const })}
            >
              <td>
                <button type="button" className="incident-moment" onClick={() => setCursor(timeMs(row.at), 'list')}>
                  <Time ms={timeMs(row.at)} digits={3} />
                </button>
              </td>
              <td>
                <Severity severity={severityOf(row)} short />
              </td>
              <td className="soft incident-source" title={sourceOf(row)}>
                {sourceOf(row)}
              </td>
              <td>{row.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
