import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { ChangedValues, PlcSession } from '@medkit/opcua';
import type { PlcOptions } from '../options/plc-options.ts';

/** Nodes that a line lists. */
const NAMED = 5;

export interface ValueReporterOptions {
  readonly session: Pick<PlcSession, 'read' | 'watch'>;
  readonly nodeIds: readonly string[];
  readonly options: Pick<PlcOptions, 'prefersSubscriptions' | 'pollIntervalMs' | 'subscriptionIntervalMs'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onValues: (values: ChangedValues) => void;
  /** Called after a poll or notification, with the problem if it failed. */
  readonly onRound: (problem: string | undefined) => void;
}

/**
 * Reads a PLC's values by polling or by a subscription. Resolves when all current values were received, with a function
 * that stops polling; a subscription ends with its session.
 */
export async function reportValues(reporter: ValueReporterOptions): Promise<Pick<Timer, 'cancel'>> {
  const { session, nodeIds, options, clock, onValues, onRound } = reporter;
  let isUnderWay = false;
  const ask = async (requested: readonly string[]): Promise<void> => {
    isUnderWay = true;
    try {
      const readings = requested.length === 0 ? [] : await session.read(requested);
      onValues(readings.map((reading, at) => [requested[at] as string, reading]));
      onRound(undefined);
    } finally {
      isUnderWay = false;
    }
  };
  await ask(nodeIds);
  const polled = options.prefersSubscriptions ? await subscribe(reporter) : nodeIds;
  if (polled.length === 0 && options.prefersSubscriptions) return { cancel: () => undefined };
  // A slow PLC is polled less often.
  return clock.every(options.pollIntervalMs, () => {
    if (!isUnderWay) ask(polled).catch((error: unknown) => onRound(errorMessage(error)));
  });
}

/** Returns the nodes whose changes the server does not report: they must be polled, or they would seem constant. */
async function subscribe({
  session,
  nodeIds,
  options,
  log,
  onValues,
  onRound,
}: ValueReporterOptions): Promise<readonly string[]> {
  const refused = await session.watch(nodeIds, options.subscriptionIntervalMs, (values) => {
    onRound(undefined);
    onValues(values);
  });
  if (refused.size === 0) return [];
  const named = [...refused].slice(0, NAMED).map(([nodeId, reason]) => `${nodeId} (${reason})`);
  log(
    'warn',
    `the server does not report changes of ${refused.size} nodes, which are polled instead: ${named.join(', ')}`,
  );
  return [...refused.keys()];
}
