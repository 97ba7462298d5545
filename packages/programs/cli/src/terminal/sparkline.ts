import type { Glyphs } from './glyphs.ts';

/** Samples of a value with a threshold. */
export interface Curve {
  /** `[milliseconds, value]`, oldest first. */
  readonly samples: readonly (readonly [atMs: number, value: number])[];
  readonly threshold: number;
}

export interface Sparkline {
  /** One symbol per column. The scale covers all values and the threshold. */
  readonly bars: string;
  /** `^` for each column in which the value is on its final side of the threshold; empty if it always was. */
  readonly marks: string;
}

/** Draws a curve with this many columns of equal duration. A brief crossing of the threshold stays visible. */
export function sparkline({ samples, threshold }: Curve, columns: number, { levels }: Glyphs): Sparkline {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return { bars: '', marks: '' };
  // A final value equal to the threshold counts as a crossing from its previous side.
  const reached = last[1] === threshold ? samples.findLast(([, value]) => value !== threshold) : undefined;
  const endsBelow = reached ? reached[1] > threshold : last[1] < threshold;
  const isBelow = (value: number) => value < threshold || (value === threshold && reached !== undefined && endsBelow);
  const isAcross = (value: number) => isBelow(value) === endsBelow;
  const isFarther = (value: number, than: number) => (endsBelow ? value < than : value > than);
  const spanMs = last[0] - first[0];
  const count = spanMs > 0 ? columns : 1;
  const values: (number | undefined)[] = new Array(count).fill(undefined);
  for (const [atMs, value] of samples) {
    const column = spanMs > 0 ? Math.min(count - 1, Math.max(0, Math.floor(((atMs - first[0]) / spanMs) * count))) : 0;
    const known = values[column];
    if (known === undefined || !isAcross(known) || isFarther(value, known)) values[column] = value;
  }
  // Empty columns repeat the previous value.
  for (let column = 1; column < count; column += 1) values[column] ??= values[column - 1];
  const drawn = values.map((value) => value ?? first[1]);
  const lowest = Math.min(threshold, ...drawn);
  const span = Math.max(threshold, ...drawn) - lowest;
  const level = (value: number) => (span === 0 ? 0 : Math.round(((value - lowest) / span) * (levels.length - 1)));
  const crossed = samples.some(([, value]) => !isAcross(value));
  return {
    bars: drawn.map((value) => levels[level(value)]).join(''),
    marks: crossed
      ? drawn
          .map((value) => (isAcross(value) ? '^' : ' '))
          .join('')
          .trimEnd()
      : '',
  };
}
