import { type Log, reasonOf } from '@medkit/core';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import type { ConditionAlarms } from '../alarms/condition-alarms.ts';
import { EVENT_QUEUE_OVERFLOW, REFRESH_REQUIRED } from '../alarms/event-types.ts';
import type { ReplayStrategy } from '../options/plc-options.ts';
import { PlcUnreachable } from '../session/plc-error.ts';
import type { PlcEvent } from '../session/plc-event.ts';
import type { PlcSession } from '../session/plc-session.ts';
import { replayConditions } from './replay-conditions.ts';

/** Events were lost, and among them may be the end of an alarm: only a replay tells. */
const EVENTS_LOST: ReadonlySet<string> = new Set([REFRESH_REQUIRED, EVENT_QUEUE_OVERFLOW]);

export interface HeardAlarmsOptions {
  readonly session: Pick<PlcSession, 'watchEvents' | 'refreshConditions' | 'readConditions'>;
  readonly conditions: ConditionAlarms;
  readonly strategy: ReplayStrategy;
  readonly log: Log;
  /** Whether this session is still the one that counts. */
  readonly isUsed: () => boolean;
  readonly onSignals: (signals: readonly AlarmSignal[]) => void;
}

/** The alarms that a PLC tells of in one session: as they change, and all that stand where that has to be asked for. */
export class HeardAlarms {
  readonly #options: HeardAlarmsOptions;
  #notifiers: readonly string[] = [];
  /** Not until the first replay is over, which is the one of the beginning of the session. */
  #isReplaying = true;

  constructor(options: HeardAlarmsOptions) {
    this.#options = options;
  }

  /** Has changes be told from now on. Rejects with `PlcError`. */
  async watch(): Promise<void> {
    const { session, conditions, log } = this.#options;
    const { sources } = conditions;
    if (sources.length === 0) return;
    const refused = await session.watchEvents(sources, (event) => this.#hear(event));
    for (const [notifier, reason] of refused) log('warn', `the server tells of no alarms at ${notifier}: ${reason}`);
    this.#notifiers = sources.map(({ notifier }) => notifier).filter((notifier) => !refused.has(notifier));
  }

  /** Asks for all that stand. Gives whether they are all, so that what else stood is over. Rejects where the session is lost. */
  async replay(): Promise<boolean> {
    const { session, conditions, strategy, log, isUsed, onSignals } = this.#options;
    this.#isReplaying = true;
    try {
      const { isWhole, signals } = await replayConditions({
        session,
        conditions,
        notifiers: this.#notifiers,
        strategy,
        log,
      });
      if (!isUsed()) return false;
      onSignals(signals);
      return isWhole;
    } finally {
      this.#isReplaying = false;
    }
  }

  #hear(event: PlcEvent): void {
    const { conditions, log, isUsed, onSignals } = this.#options;
    if (!isUsed()) return;
    onSignals(conditions.hear(event));
    // During a replay it leads to no other one: that of a plant with many alarms would lose events each time.
    if (this.#isReplaying || !EVENTS_LOST.has(event.eventType)) return;
    this.replay().catch((error: unknown) => {
      if (!(error instanceof PlcUnreachable)) log('warn', `its alarms cannot be asked for: ${reasonOf(error)}`);
    });
  }
}
