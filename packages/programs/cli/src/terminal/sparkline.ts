import type { Glyphs } from './glyphs.ts';

/** A value that was measured against a threshold. */
export interface Curve {
  /** `[milliseconds, value]`, the oldest first. */
  readonly samples: readonly (readonly [atMs: number, value: number])[];
  readonly threshold: number;
}

export interface Sparkline {
  /** A sign for each column, from the lowest value to the highest, the threshold among them. */
  readonly bars: string;
  /** `^` below each column in which the value was on the side of the threshold on which it ended; empty where it was there all the time. */
  readonly marks: string;
}

/** A curve as one line of so many columns, each of the same time. What went through the threshold for a moment only is seen as well. */
export function sparkline({ samples, threshold }: Curve, columns: number, { levels }: Glyphs): Sparkline {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return { bars: '', marks: '' };
  // One that is at its threshold has gone through it from where it was.
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
  // A value stays until another one comes.
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
