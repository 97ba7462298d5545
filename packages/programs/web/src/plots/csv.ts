import type { ChartSeries } from '../charts/chart-series.ts';

/** Spreadsheets interpret a text that starts like this as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Formats a text as a CSV cell: quoted if needed, and never a formula. Numbers of the plot do not pass through here.
 */
export function csvCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/**
 * Formats series as CSV (RFC 4180): one row for each time, with a number for each series that has a sample at exactly
 * that time.
 */
export function seriesAsCsv(series: readonly ChartSeries[]): string {
  const rows = new Map<number, (string | undefined)[]>();
  for (const [place, { samples }] of series.entries()) {
    for (const [ms, value, exact] of samples) {
      const row = rows.get(ms) ?? new Array<string | undefined>(series.length).fill(undefined);
      if (Number.isFinite(value)) row[place] = String(exact ?? value);
      rows.set(ms, row);
    }
  }
  const head = ['time', 'ms', ...series.map(({ label, unit }) => csvCell(unit ? `${label} (${unit})` : label))];
  const body = [...rows].sort(([a], [b]) => a - b).map(([ms, values]) => [timeOf(ms), ms, ...values].join(','));
  return `${[head.join(','), ...body].join('\r\n')}\r\n`;
}

const timeOf = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : '');
