/** Failures that are kept in words; more of them are only counted. */
const MAX_FAILURES = 16;
const MAX_FAILURE_LETTERS = 300;

/**
 * What was dropped of the input, counted by reason. The reasons are this package's own names, so they are few.
 *
 * What is thrown while something is taken in, or an alarm fires, never ends the process: a robot's diagnostics must not go
 * with one datagram. Listeners' exceptions (`listener-threw`) and our own defects (`defect`) alike are counted, each is kept
 * in words once, and what comes next is taken in as ever.
 */
export class Drops {
  readonly #counts = new Map<string, number>();
  readonly #failures = new Set<string>();

  count(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  /** Something threw that never should. */
  failed(reason: 'listener-threw' | 'defect', error: unknown): void {
    this.count(reason);
    if (this.#failures.size >= MAX_FAILURES) return;
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#failures.add(words.slice(0, MAX_FAILURE_LETTERS));
  }

  /** Calls foreign code: what it throws is counted and goes no further. */
  guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.failed('listener-threw', error);
    }
  }

  /** The different failures in words, in the order in which they came first. */
  failures(): readonly string[] {
    return [...this.#failures];
  }

  byReason(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
