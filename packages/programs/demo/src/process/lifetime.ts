/** How long an orderly end may take, also on a busy machine, before the process is ended anyway. */
const END_WITHIN_MS = 4000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The life of a process of the demo: it ends in order when it is told to, and when the process that started it is gone,
 * of which the closing of the channel to it tells even when that one was killed.
 */
export class Lifetime {
  /** What is to be closed at the end, the last opened first. */
  readonly resources = new AsyncDisposableStack();
  #isEnding = false;

  /** Whether the process is ending. A node that publishes then fails, which is no failure of the robot. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  start(): void {
    for (const signal of SIGNALS) process.on(signal, () => this.end(0));
    process.on('disconnect', () => this.end(0));
  }

  /** Closes everything and ends the process; what calls it later changes nothing. */
  end(code: number): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    setTimeout(() => process.exit(1), END_WITHIN_MS).unref();
    this.resources.disposeAsync().then(
      () => process.exit(code),
      (error: Error) => {
        console.error(`medkit demo: ${error.message}`);
        process.exit(1);
      },
    );
  }
}
