/** A figure in the documents, and the benchmark line that prints it. */
export interface Figure {
  readonly benchmark: string;
  /** The line that the benchmark prints: `…` stands for any text, `#` for the figure. */
  readonly line: string;
  readonly documented: number;
}

/** Accepted difference between two runs on one quiet machine. */
const TOLERANCE = 0.15;
/** A row of a table: benchmark, line, figure, and further cells. */
const ROW = /^\| `([\w-]+)` \| `([^`]+)` \| ([\d.]+) \|/gm;

/**
 * Reads the figures in the tables of a Markdown text. Throws if a benchmark line does not have exactly one placeholder
 * for the figure.
 */
export function readFigures(markdown: string): readonly Figure[] {
  return [...markdown.matchAll(ROW)].map(([, benchmark = '', line = '', figure]) => {
    if (line.split('#').length !== 2) throw new Error(`"${line}" of ${benchmark} needs one # for its figure`);
    return { benchmark, line, documented: Number(figure) };
  });
}

/**
 * Compares figures with the output of their benchmark. Returns one line for each, and whether all are within the
 * tolerance.
 */
export function compareFigures(
  figures: readonly Figure[],
  output: string,
): { readonly lines: readonly string[]; readonly isHeld: boolean } {
  const compared = figures.map(({ line, documented }) => {
    const measured = measuredIn(output, line);
    if (measured === undefined) return { isHeld: false, text: `MISSING  ${line}: ${documented} in the documents` };
    const difference = documented === measured ? 0 : (measured - documented) / documented;
    const isHeld = Math.abs(difference) <= TOLERANCE;
    const percent = `${difference < 0 ? '' : '+'}${(100 * difference).toFixed(0)} %`;
    const text = `${isHeld ? 'same    ' : 'DIFFERS '} ${line}: ${documented} in the documents, ${measured} measured (${percent})`;
    return { isHeld, text };
  });
  return { lines: compared.map(({ text }) => text), isHeld: compared.every(({ isHeld }) => isHeld) };
}

/** Returns the figure in the first line of `output` that matches `line`. */
function measuredIn(output: string, line: string): number | undefined {
  const literal = line.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = literal.replaceAll('…', '.*?').replace('#', '(\\d+(?:\\.\\d+)?)');
  const found = new RegExp(`^${pattern}`, 'm').exec(output)?.[1];
  return found === undefined ? undefined : Number(found);
}
