/** Symbols for drawing, with ASCII replacements for terminals without Unicode. */
export interface Glyphs {
  /** From the lowest value to the highest. */
  readonly levels: readonly string[];
  readonly arrow: string;
  /** Marks a cut line. */
  readonly cut: string;
}

const DRAWN: Glyphs = { levels: [...'▁▂▃▄▅▆▇█'], arrow: '→', cut: '…' };
const ASCII: Glyphs = { levels: [...'_.-=*#'], arrow: '->', cut: '>' };

/** Terminals with limited fonts. The Linux console lacks half of these symbols. */
const PLAIN_TERMINALS = ['dumb', 'linux', 'vt100', 'vt220'];

/** Returns the symbols for the terminal: ASCII if NO_COLOR is set, or terminal or locale lack UTF-8. */
export function glyphsOf({ NO_COLOR, TERM, LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): Glyphs {
  const locale = LC_ALL || LC_CTYPE || LANG;
  const isPlain = Boolean(NO_COLOR) || PLAIN_TERMINALS.includes(TERM ?? '');
  return isPlain || (locale && !/utf-?8/i.test(locale)) ? ASCII : DRAWN;
}
