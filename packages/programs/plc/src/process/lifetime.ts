/** How long an orderly end may take before the process is ended anyway. */
const END_WITHIN_MS = 4000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The life of a process that was started by another one: it ends in order when it is told to, and when that one is gone, of which
 * the closing of the channel to it tells even when it was killed.
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
