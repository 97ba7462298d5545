import { cutToWidth } from './display-width.ts';
import { type Glyphs, glyphsOf } from './glyphs.ts';

/** The output device. */
export interface Screen {
  /** `Infinity` for a pipe or file: nothing is cut. */
  readonly columns: number;
  readonly glyphs: Glyphs;
}

/** The terminal of this process. */
export function terminalScreen(): Screen {
  return { columns: process.stdout.columns ?? Number.POSITIVE_INFINITY, glyphs: glyphsOf(process.env) };
}

/** Cuts a line to the width of the screen, less `before` columns. */
export function fitToScreen(line: string, { columns, glyphs }: Screen, before = 0): string {
  const cut = cutToWidth(line, columns - before);
  return cut === line ? line : cut.replace(/…$/, glyphs.cut);
}
