import type { ChartSeries } from '../charts/chart-series.ts';

/** A table program would take a text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A text as a cell: quoted where it has to be, and never a formula. Numbers of our own are written as they are. */
export function csvCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Series as CSV (RFC 4180): a row for each moment, with a number for those series that have a sample at that very moment. */
export function seriesAsCsv(series: readonly ChartSeries[]): string {
  const rows = new Map<number, (number | undefined)[]>();
  for (const [place, { samples }] of series.entries()) {
    for (const [ms, value] of samples) {
      const row = rows.get(ms) ?? new Array<number | undefined>(series.length).fill(undefined);
      row[place] = value;
      rows.set(ms, row);
    }
  }
  const head = ['time', 'ms', ...series.map(({ label, unit }) => csvCell(unit ? `${label} (${unit})` : label))];
  const body = [...rows]
    .sort(([a], [b]) => a - b)
    .map(([ms, values]) => [timeOf(ms), ms, ...values.map((value) => (Number.isFinite(value) ? value : ''))].join(','));
  return `${[head.join(','), ...body].join('\r\n')}\r\n`;
}

const timeOf = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : '');
