import { arrivalNs, type Model } from '@medkit/core';
import type { LogSource } from '@medkit/faults';

/**
 * The lines that runtimes have recorded of those who reported a fault, each under its address: the same name in another
 * runtime is somebody else. Of the runtimes in `besides` nothing: they bring their lines along themselves.
 */
export function recordedLines(model: Pick<Model, 'recorded'>, besides: readonly string[]): LogSource {
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
