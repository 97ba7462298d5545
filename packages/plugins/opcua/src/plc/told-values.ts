import { type Log, reasonOf } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { PlcOptions } from '../options/plc-options.ts';
import type { ChangedValues, PlcSession } from '../session/plc-session.ts';

/** Nodes that a line about many of them names. */
const NAMED = 5;

export interface ToldValuesOptions {
  readonly session: Pick<PlcSession, 'read' | 'watch'>;
  readonly nodeIds: readonly string[];
  readonly options: Pick<PlcOptions, 'prefersSubscriptions' | 'pollIntervalMs' | 'subscriptionIntervalMs'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onValues: (values: ChangedValues) => void;
  /** A poll, or a notification, and why it did not go well. */
  readonly onRound: (problem: string | undefined) => void;
}

/**
 * Has a PLC tell its values, by asking again and again or by a subscription. It resolves when all that it has now were told, with
 * a way to stop the asking; a subscription ends with its session.
 */
export async function toldValues(told: ToldValuesOptions): Promise<Pick<Timer, 'cancel'>> {
  const { session, nodeIds, options, clock, onValues, onRound } = told;
  let isUnderWay = false;
  const ask = async (asked: readonly string[]): Promise<void> => {
    isUnderWay = true;
    try {
      const readings = asked.length === 0 ? [] : await session.read(asked);
      onValues(readings.map((reading, at) => [asked[at] as string, reading]));
      onRound(undefined);
    } finally {
      isUnderWay = false;
    }
  };
  await ask(nodeIds);
  const asked = options.prefersSubscriptions ? await subscribe(told) : nodeIds;
  if (asked.length === 0 && options.prefersSubscriptions) return { cancel: () => undefined };
  // A PLC that is slow is asked less often.
  return clock.every(options.pollIntervalMs, () => {
    if (!isUnderWay) ask(asked).catch((error: unknown) => onRound(reasonOf(error)));
  });
}

/** Gives the nodes of whose changes the server does not tell: they have to be asked for, or would look as if they never changed. */
async function subscribe({
  session,
  nodeIds,
  options,
  log,
  onValues,
  onRound,
}: ToldValuesOptions): Promise<readonly string[]> {
  const refused = await session.watch(nodeIds, options.subscriptionIntervalMs, (values) => {
    onRound(undefined);
    onValues(values);
  });
  if (refused.size === 0) return [];
  const named = [...refused].slice(0, NAMED).map(([nodeId, reason]) => `${nodeId} (${reason})`);
  log('warn', `the server does not tell of changes of ${refused.size} nodes, which are polled: ${named.join(', ')}`);
  return [...refused.keys()];
}
