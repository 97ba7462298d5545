import { arrivalNs, type Model } from '@medkit/core';
import type { LogSource } from '@medkit/faults';

/**
 * Log lines that runtimes recorded of a fault's reporters, by runtime and source: the same name in another runtime is
 * another node. Skips the runtimes in `besides`, which provide their lines themselves.
 */
export function recordedLogSource(model: Pick<Model, 'recorded'>, besides: readonly string[]): LogSource {
  return {
    between: ({ reporters }, fromNs, toNs) =>
      reporters
        .filter(({ runtime }) => !besides.includes(runtime))
        .flatMap(({ runtime, source }) => model.recorded(runtime, [source]))
        .map((entry) => ({ ...entry, atNs: arrivalNs(entry) }))
        .filter(({ atNs }) => atNs >= fromNs && atNs <= toNs)
        .map(({ atNs, severity, logger, message }) => ({ atNs, severity, logger, message })),
  };
}
