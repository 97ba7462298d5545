/** Size of a storm, and how it reports its progress. */
export interface StageOptions {
  readonly seed: number;
  /** Number of datagrams, payloads or requests. */
  readonly count: number;
  /** On the scale of `performance.now()`; the storm ends there even if fewer were sent. */
  readonly deadlineMs: number;
  /** Shows a line that the next one may overwrite. */
  readonly progress: (line: string) => void;
}

/** Runs a storm and returns its figures, one line each. Throws `InvariantViolated` if an invariant was violated. */
export type Stage = (options: StageOptions) => Promise<readonly string[]>;

/** An invariant was violated. The message says which, and how to reproduce it. */
export class InvariantViolated extends Error {
  override readonly name = 'InvariantViolated';
}

/** Formats counters, such as drops by reason, the most frequent first. */
export function tally(counts: Readonly<Record<string, number>>): string {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return rows.map(([name, count]) => `${name} ${count.toLocaleString('en')}`).join(', ') || 'none';
}

/** `1,234 per second`, since `startedMs`. */
export function rate(count: number, startedMs: number): string {
  const perSecond = count / ((performance.now() - startedMs) / 1000);
  return `${Math.round(perSecond).toLocaleString('en')} per second`;
}
