/** Signs that stand for more than letters, and what stands for them where a terminal may not have them. */
export interface Glyphs {
  /** From the lowest value to the highest. */
  readonly levels: readonly string[];
  readonly arrow: string;
  /** Where a line was cut. */
  readonly cut: string;
}

const DRAWN: Glyphs = { levels: [...'▁▂▃▄▅▆▇█'], arrow: '→', cut: '…' };
const ASCII: Glyphs = { levels: [...'_.-=*#'], arrow: '->', cut: '>' };

/** The console of Linux has the font of its graphics card: letters, and half of these. */
const PLAIN_TERMINALS = ['dumb', 'linux', 'vt100', 'vt220'];

/** The signs of the terminal that the environment names: those of ASCII where it asks for plain text, or its locale has no others. */
export function glyphsOf({ NO_COLOR, TERM, LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv): Glyphs {
  const locale = LC_ALL || LC_CTYPE || LANG;
  const isPlain = Boolean(NO_COLOR) || PLAIN_TERMINALS.includes(TERM ?? '');
  return isPlain || (locale && !/utf-?8/i.test(locale)) ? ASCII : DRAWN;
}
