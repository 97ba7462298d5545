import { errorMessage, type Log } from '@medkit/core';
import { type Clock, Quota, retryDelayMs } from '@medkit/edges';
import type { PluginContext } from '@medkit/plugin';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';

/** Delay before a report that was not accepted is repeated. */
const RETRY = { firstMs: 250, maxMs: 10_000 };
/** Maximum faults with waiting reports: more than a PLC has; bounds a PLC that generates codes. */
const MAX_WAITING = 4096;

export interface FaultReportsOptions {
  readonly context: Pick<PluginContext, 'reportFault' | 'clearFault'>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Waiting {
  signal: AlarmSignal;
  /** A newer signal replaced it while it was being sent. */
  isStale: boolean;
}

/**
 * Reports starts and ends of faults to the fault manager, one at a time for each code of an entity. Repeats reports
 * that were not accepted, so that nothing is lost if the gateway starts after its PLC. Skips signals that were replaced
 * by newer ones.
 */
export class FaultReports {
  readonly #options: FaultReportsOptions;
  readonly #waiting = new Map<string, Waiting>();
  /** Bounds the waiting faults, by entity. */
  readonly quota = new Quota(MAX_WAITING);
  #lost = 0;
  #isStopped = false;

  constructor(options: FaultReportsOptions) {
    this.#options = options;
  }

  /** Signals that were dropped for lack of space. */
  get lost(): number {
    return this.#lost;
  }

  send(signal: AlarmSignal): void {
    const { entityId, code } = signal;
    const key = `${entityId} ${code}`;
    const under = this.#waiting.get(key);
    if (under) {
      Object.assign(under, { signal, isStale: true });
      return;
    }
    if (!this.quota.take(entityId)) {
      if (this.#lost++ === 0)
        this.#options.log(
          'warn',
          `Too many faults of ${entityId} wait to be reported, more than its share of ${MAX_WAITING}: further ones are lost`,
        );
      return;
    }
    const waiting: Waiting = { signal, isStale: false };
    this.#waiting.set(key, waiting);
    void this.#work(waiting, key);
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #work(waiting: Waiting, key: string): Promise<void> {
    let failures = 0;
    while (!this.#isStopped) {
      waiting.isStale = false;
      const isTaken = await this.#give(waiting.signal);
      if (waiting.isStale) continue;
      if (isTaken) break;
      failures += 1;
      const retryMs = retryDelayMs(RETRY, failures);
      await new Promise<void>((resolve) => void this.#options.clock.after(retryMs, resolve));
    }
    if (this.#waiting.delete(key)) this.quota.release(waiting.signal.entityId);
  }

  /**
   * Sends a report. Returns whether it was accepted. A fault that the PLC reports as over is cleared, independently of
   * the healing settings.
   */
  async #give({ code, entityId: source, kind, severity, message }: AlarmSignal): Promise<boolean> {
    const { context, log } = this.#options;
    try {
      if (kind === 'clear') return await context.clearFault({ code, source });
      return await context.reportFault({ code, event: 'FAILED', severity, description: message, source });
    } catch (error) {
      log('warn', `Cannot report the fault ${code}: ${errorMessage(error)}`);
      return false;
    }
  }
}
