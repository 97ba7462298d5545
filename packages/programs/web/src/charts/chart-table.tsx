import { useState } from 'react';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { type ChartSeries, formatMeasurement } from './chart-series.ts';
import { chartTable } from './table-rows.ts';

/** The samples of a chart as a table, rendered when opened. */
export function ChartTable({ series, title }: { readonly series: readonly ChartSeries[]; readonly title: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.charts.table}</summary>
      {isOpen && <Rows series={series} title={title} />}
    </details>
  );
}

function Rows({ series, title }: { readonly series: readonly ChartSeries[]; readonly title: string }) {
  const { rows, total } = chartTable(series);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className="chart-table-rows" tabIndex={0} aria-label={title}>
      <table>
        <caption className="soft">{texts.charts.tableCaption(rows.length, total)}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.charts.time}</th>
            {series.map(({ id, label, unit }) => (
              <th key={id} scope="col" className="number">
                {label}
                {unit ? ` (${unit})` : ''}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ ms, values }) => (
            <tr key={ms}>
              <td>
                <Time ms={ms} digits={3} />
              </td>
              {values.map((value, place) => (
                <td key={series[place]!.id} className="number">
                  {formatMeasurement(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
