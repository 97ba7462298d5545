/** Maximum time for an orderly shutdown; then the process exits. */
const END_WITHIN_MS = 4000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Lifetime of a child process: it shuts down when the parent requests it, or when the IPC channel closes, which also happens if the
 * parent is killed.
 */
export function untilItEnds(resources: AsyncDisposableStack): { end(code: number): void } {
  let isEnding = false;
  const end = (code: number): void => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), END_WITHIN_MS).unref();
    resources.disposeAsync().then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  for (const signal of SIGNALS) process.on(signal, () => end(0));
  process.on('disconnect', () => end(0));
  return { end };
}
