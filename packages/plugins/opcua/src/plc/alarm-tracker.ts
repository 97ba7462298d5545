import { errorMessage, type Log } from '@medkit/core';
import { type PlcEvent, type PlcSession, PlcUnreachable } from '@medkit/opcua';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import type { ConditionAlarms } from '../alarms/condition-alarms.ts';
import { EVENT_QUEUE_OVERFLOW, REFRESH_REQUIRED } from '../alarms/event-types.ts';
import type { ReplayStrategy } from '../options/plc-options.ts';
import { replayConditions } from './replay-conditions.ts';

/** Events were lost, possibly the end of an alarm: a replay is required. */
const EVENTS_LOST: ReadonlySet<string> = new Set([REFRESH_REQUIRED, EVENT_QUEUE_OVERFLOW]);

export interface AlarmTrackerOptions {
  readonly session: Pick<PlcSession, 'watchEvents' | 'refreshConditions' | 'readConditions'>;
  readonly conditions: ConditionAlarms;
  readonly strategy: ReplayStrategy;
  readonly log: Log;
  /** Returns whether this session is still in use. */
  readonly isUsed: () => boolean;
  readonly onSignals: (signals: readonly AlarmSignal[]) => void;
}

/** The alarms that a PLC reports in one session: changes, and the active ones if they must be requested. */
export class AlarmTracker {
  readonly #options: AlarmTrackerOptions;
  #notifiers: readonly string[] = [];
  /** True until the first replay, at the start of the session, is over. */
  #isReplaying = true;

  constructor(options: AlarmTrackerOptions) {
    this.#options = options;
  }

  /** Subscribes to changes. Rejects with `PlcError`. */
  async watch(): Promise<void> {
    const { session, conditions, log } = this.#options;
    const { sources } = conditions;
    if (sources.length === 0) return;
    const refused = await session.watchEvents(sources, (event) => this.#receive(event));
    for (const [notifier, reason] of refused) log('warn', `the server sends no alarms of ${notifier}: ${reason}`);
    this.#notifiers = sources.map(({ notifier }) => notifier).filter((notifier) => !refused.has(notifier));
  }

  /**
   * Requests all active alarms. Returns whether the result is complete, so that all other alarms are over. Rejects if
   * the session is lost.
   */
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

  #receive(event: PlcEvent): void {
    const { conditions, log, isUsed, onSignals } = this.#options;
    if (!isUsed()) return;
    onSignals(conditions.handle(event));
    // No new replay during a replay: in a plant with many alarms, each replay would lose events again.
    if (this.#isReplaying || !EVENTS_LOST.has(event.eventType)) return;
    this.replay().catch((error: unknown) => {
      if (!(error instanceof PlcUnreachable)) log('warn', `cannot subscribe to its alarms: ${errorMessage(error)}`);
    });
  }
}
