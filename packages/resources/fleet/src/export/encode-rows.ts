import type { FleetExportFormat } from '@medkit/contract';

/** A row of an export; `body` is JSON that is stored as text. */
export interface ExportRow {
  readonly values: object;
  readonly body?: string;
}

/** The rows of an export in pages. Each is read when it is requested, so that memory is bounded. */
export type ExportPages = AsyncIterable<readonly ExportRow[]>;

/** Encodes rows as text: a block for each page, of whole lines. CSV begins with a line of the column names. */
export async function* encodeRows(
  pages: ExportPages,
  format: FleetExportFormat,
  columns: readonly string[],
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(columns);
  for await (const rows of pages) {
    if (rows.length === 0) continue;
    yield rows.map((row) => (format === 'csv' ? csvLine(cellsOf(row, columns)) : jsonLine(row))).join('');
  }
}

function jsonLine({ values, body }: ExportRow): string {
  const text = JSON.stringify(values);
  if (body === undefined) return `${text}\n`;
  return `${text.slice(0, -1)}${text === '{}' ? '' : ','}"body":${body}}\n`;
}

const cellsOf = ({ values, body }: ExportRow, columns: readonly string[]): readonly unknown[] =>
  columns.map((name) => (name === 'body' ? body : (values as Readonly<Record<string, unknown>>)[name]));

/**
 * Returns a record of RFC 4180. Objects and lists are JSON in one cell. Text that a spreadsheet would read as a formula has
 * a leading apostrophe.
 */
export const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
