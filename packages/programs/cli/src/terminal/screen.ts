import { cutToWidth } from './display-width.ts';
import { type Glyphs, glyphsOf } from './glyphs.ts';

/** What lines are laid out for. */
export interface Screen {
  /** `Infinity` where nothing is cut, as a program or a file takes it. */
  readonly columns: number;
  readonly glyphs: Glyphs;
}

/** The terminal of this process. */
export function ownScreen(): Screen {
  return { columns: process.stdout.columns ?? Number.POSITIVE_INFINITY, glyphs: glyphsOf(process.env) };
}

/** One line, as much of it as the screen has columns for behind `before` of them. */
export function fitted(line: string, { columns, glyphs }: Screen, before = 0): string {
  const cut = cutToWidth(line, columns - before);
  return cut === line ? line : cut.replace(/…$/, glyphs.cut);
}
