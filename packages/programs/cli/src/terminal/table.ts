import { type Colour, colorize } from './colorize.ts';
import { cutToWidth, displayWidth, plainLine } from './display-width.ts';

/** Text of a cell, with an optional color. */
export type Cell = string | { readonly text: string; readonly colour: Colour };

const GAP = '   ';
/** Minimum width of the last column: on a narrower terminal the table is wider than the screen. */
const LEAST_LAST_COLUMN = 12;
/** Maximum width of every column except the last. */
const MAX_COLUMN = 60;

export interface TableOptions {
  /** Terminal width, to which the last column is cut; `Infinity` cuts nothing. */
  readonly width?: number;
  readonly paint?: typeof colorize;
}

/** Formats rows below a header with aligned columns. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { width = process.stdout.columns ?? Number.POSITIVE_INFINITY, paint = colorize }: TableOptions = {},
): string {
  const last = head.length - 1;
  const texts = [head, ...rows].map((row) => row.map((cell) => plainLine(textOf(cell))));
  const limit = Number.isFinite(width) ? MAX_COLUMN : width;
  const widths = head.map((_, column) =>
    Math.min(limit, Math.max(...texts.map((row) => displayWidth(row[column] ?? '')))),
  );
  const before = widths.slice(0, last).reduce((sum, columns) => sum + columns + GAP.length, 0);
  const lastWidth = Math.max(LEAST_LAST_COLUMN, width - before);
  const lines = texts.map((row, index) =>
    row
      .map((text, column) => {
        const cut = cutToWidth(text, column === last ? lastWidth : widths[column]);
        const padding = column === last ? '' : ' '.repeat(widths[column] - displayWidth(cut)) + GAP;
        return paint(cut, index === 0 ? 'dim' : colourOf(rows[index - 1][column])) + padding;
      })
      .join('')
      .trimEnd(),
  );
  return lines.join('\n');
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function colourOf(cell: Cell | undefined): Colour | undefined {
  return typeof cell === 'object' ? cell.colour : undefined;
}
