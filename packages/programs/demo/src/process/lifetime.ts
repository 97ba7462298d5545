/** Maximum time for an orderly shutdown, also on a busy machine; then the process exits. */
const END_WITHIN_MS = 4000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Lifetime of a demo process: it shuts down when its parent requests it, or when the IPC channel closes, which also happens if
 * the parent is killed.
 */
export class Lifetime {
  /** Resources that are closed at the end, in reverse order. */
  readonly resources = new AsyncDisposableStack();
  #isEnding = false;

  /** Whether the process is shutting down. Publishing then fails, which is not a failure of the robot. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  start(): void {
    for (const signal of SIGNALS) process.on(signal, () => this.end(0));
    process.on('disconnect', () => this.end(0));
  }

  /** Closes everything and exits. Later calls have no effect. */
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
