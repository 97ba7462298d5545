/** What was dropped of the input, counted by reason. The reasons are this package's own names, so they are few. */
export class Drops {
  readonly #counts = new Map<string, number>();

  count(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  /** Calls foreign code: what it throws is counted and goes no further. */
  guard(callback: () => void): void {
    try {
      callback();
    } catch {
      this.count('listener-threw');
    }
  }

  byReason(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
