import { debug } from '@medkit/edges';

/** Maximum distinct failure messages stored; further failures are only counted. */
const MAX_FAILURES = 16;
const MAX_FAILURE_LETTERS = 300;

/**
 * Counts dropped input by reason. The reasons are defined by this package, so there are few.
 *
 * Exceptions during input processing or alarms never end the process: one datagram must not stop a robot's diagnostics.
 * Exceptions of listeners (`listener-threw`) and internal errors (`defect`) are counted, and each distinct message is
 * stored once. Processing continues with the next input.
 */
export class Drops {
  readonly #counts = new Map<string, number>();
  readonly #failures = new Set<string>();

  count(reason: string): void {
    const count = (this.#counts.get(reason) ?? 0) + 1;
    this.#counts.set(reason, count);
    // Only powers of two, because a flood of datagrams must not become a flood of lines.
    if (debug.rtps && (count & (count - 1)) === 0) debug.rtps(`dropped input: ${reason}, ${count} in total`);
  }

  /** Records an unexpected exception. */
  failed(reason: 'listener-threw' | 'defect', error: unknown): void {
    this.count(reason);
    if (this.#failures.size >= MAX_FAILURES) return;
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#failures.add(text.slice(0, MAX_FAILURE_LETTERS));
  }

  /** Calls a listener. Exceptions are counted and not rethrown. */
  guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.failed('listener-threw', error);
    }
  }

  /** Returns the distinct failure messages, in the order of their first occurrence. */
  failures(): readonly string[] {
    return [...this.#failures];
  }

  byReason(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
