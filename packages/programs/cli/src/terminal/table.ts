import { cutToWidth, displayWidth, plainLine } from './display-width.ts';
import { type Colour, painted } from './painted.ts';

/** Text of a table, and what colour it has on a terminal. */
export type Cell = string | { readonly text: string; readonly colour: Colour };

const GAP = '   ';
/** A table whose last column has fewer is not cut: the terminal is too narrow for it. */
const LEAST_LAST_COLUMN = 12;
/** Columns but the last are cut to so many. */
const MAX_COLUMN = 60;

export interface TableOptions {
  /** Columns of the terminal, which the last column is cut to; `Infinity` where nothing is cut. */
  readonly width?: number;
  readonly paint?: typeof painted;
}

/** Rows below a head, their columns aligned. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { width = process.stdout.columns ?? Number.POSITIVE_INFINITY, paint = painted }: TableOptions = {},
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
