/** How much of a storm to run, and how it tells what it does. */
export interface StageOptions {
  readonly seed: number;
  /** Datagrams, payloads or requests. */
  readonly count: number;
  /** On the scale of `performance.now()`; the storm ends there even if fewer were sent. */
  readonly deadlineMs: number;
  /** A line that the next one may write over. */
  readonly progress: (line: string) => void;
}

/** Runs a storm and gives its figures, a line each. Throws `Broken` where something did not hold. */
export type Stage = (options: StageOptions) => Promise<readonly string[]>;

/** Something that must hold under any input did not. The message says what, and how to see it again. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** Drops by reason and the like, the most frequent first. */
export function tally(counts: Readonly<Record<string, number>>): string {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return rows.map(([name, count]) => `${name} ${count.toLocaleString('en')}`).join(', ') || 'none';
}

/** `1,234 per second`, since `startedMs`. */
export function rate(count: number, startedMs: number): string {
  const perSecond = count / ((performance.now() - startedMs) / 1000);
  return `${Math.round(perSecond).toLocaleString('en')} per second`;
}
