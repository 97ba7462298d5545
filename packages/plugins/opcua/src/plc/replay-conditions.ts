import { errorMessage, type Log } from '@medkit/core';
import { PlcRefused, type PlcSession, PlcUnreachable } from '@medkit/opcua';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import type { ConditionAlarms } from '../alarms/condition-alarms.ts';
import type { ReplayStrategy } from '../options/plc-options.ts';

export interface ReplayOptions {
  readonly session: Pick<PlcSession, 'refreshConditions' | 'readConditions'>;
  readonly conditions: ConditionAlarms;
  /** The subscribed notifiers; changes of others are not reported. */
  readonly notifiers: readonly string[];
  readonly strategy: ReplayStrategy;
  readonly log: Log;
}

/** Signals of a replay, and whether all active conditions are included, so that all others are over. */
export interface Replay {
  readonly signals: readonly AlarmSignal[];
  readonly isWhole: boolean;
}

/**
 * Learns which alarms are active after a session starts, because a subscription reports only changes (OPC 10000-9,
 * 5.5.7). Requests a refresh from the server or, if it has none, reads the conditions. Rejects if the session is lost.
 */
export async function replayConditions({
  session,
  conditions,
  notifiers,
  strategy,
  log,
}: ReplayOptions): Promise<Replay> {
  if (conditions.sources.length === 0) return { signals: [], isWhole: true };
  if (strategy === 'off') return { signals: [], isWhole: false };
  if (strategy !== 'read') {
    try {
      conditions.beginRefresh(notifiers);
      await session.refreshConditions();
      return { signals: conditions.endRefresh(), isWhole: notifiers.length === conditions.sources.length };
    } catch (error) {
      conditions.abandonRefresh();
      if (error instanceof PlcUnreachable) throw error;
      log('warn', `ConditionRefresh failed: ${errorMessage(error)}`);
      if (strategy === 'method') return { signals: [], isWhole: false };
    }
  }
  return { signals: await readSignals(session, conditions, notifiers, log), isWhole: false };
}

/** Reads the alarms of each notifier; a notifier that cannot be read keeps its alarms. */
async function readSignals(
  session: ReplayOptions['session'],
  conditions: ConditionAlarms,
  notifiers: readonly string[],
  log: Log,
): Promise<readonly AlarmSignal[]> {
  const signals: AlarmSignal[] = [];
  // Skips notifiers without a subscription: the end of an alarm would not be reported.
  for (const source of conditions.sources.filter(({ notifier }) => notifiers.includes(notifier))) {
    try {
      const read = await session.readConditions(source);
      if (read.length === 0)
        log('warn', `no condition can be read at ${source.notifier}: alarms that are already active there are unknown`);
      signals.push(...conditions.reconcile(source.notifier, read));
    } catch (error) {
      if (!(error instanceof PlcRefused)) throw error;
      log('warn', `cannot read the conditions of ${source.notifier}: ${errorMessage(error)}`);
    }
  }
  return signals;
}
