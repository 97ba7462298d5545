import { type Log, reasonOf } from '@medkit/core';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import type { ConditionAlarms } from '../alarms/condition-alarms.ts';
import type { ReplayStrategy } from '../options/plc-options.ts';
import { PlcRefused, PlcUnreachable } from '../session/plc-error.ts';
import type { PlcSession } from '../session/plc-session.ts';

export interface ReplayOptions {
  readonly session: Pick<PlcSession, 'refreshConditions' | 'readConditions'>;
  readonly conditions: ConditionAlarms;
  /** Those that the session watches: of the others nothing is told. */
  readonly notifiers: readonly string[];
  readonly strategy: ReplayStrategy;
  readonly log: Log;
}

/** What a replay told, and whether all that stands at the PLC is among it, so that whatever else stood is over. */
export interface Replay {
  readonly signals: readonly AlarmSignal[];
  readonly isWhole: boolean;
}

/**
 * Learns which alarms stand after a session began, for only changes are told of (OPC 10000-9, 5.5.7): by asking the server to
 * tell of them again, or where it does not, by reading the conditions that it shows. Rejects where the session is lost.
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
      log('warn', `the server does not refresh its conditions: ${reasonOf(error)}`);
      if (strategy === 'method') return { signals: [], isWhole: false };
    }
  }
  return { signals: await readSignals(session, conditions, notifiers, log), isWhole: false };
}

/** What is read of the alarms of each notifier; one that cannot be read keeps what it had. */
async function readSignals(
  session: ReplayOptions['session'],
  conditions: ConditionAlarms,
  notifiers: readonly string[],
  log: Log,
): Promise<readonly AlarmSignal[]> {
  const signals: AlarmSignal[] = [];
  // Of a notifier that tells of nothing, an alarm that is read would never end.
  for (const source of conditions.sources.filter(({ notifier }) => notifiers.includes(notifier))) {
    try {
      const read = await session.readConditions(source);
      if (read.length === 0)
        log('warn', `no condition can be read at ${source.notifier}: alarms that stand there already are not known`);
      signals.push(...conditions.reconcile(source.notifier, read));
    } catch (error) {
      if (!(error instanceof PlcRefused)) throw error;
      log('warn', `the conditions at ${source.notifier} cannot be read: ${reasonOf(error)}`);
    }
  }
  return signals;
}
