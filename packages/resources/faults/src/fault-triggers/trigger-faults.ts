import { FAULT_SEVERITIES, SovdError } from '@medkit/contract';
import {
  type CallContext,
  callContext,
  errorMessage,
  FAULT_MANAGER_ID,
  type FaultReport,
  type Log,
  type Model,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { localManager } from '../service/fault-managers.ts';
import { failingSources, reporterAs } from '../service/fault-sources.ts';
import { conditionText, type FaultTrigger } from './fault-trigger.ts';
import type { TriggerStorage } from './trigger-storage.ts';
import type { WatchedTrigger } from './watched-trigger.ts';

/** Timeout of a fault manager call; the client that deletes a rule waits for it. */
const MANAGER_TIMEOUT_MS = 5000;

type Reporter = Pick<FaultReport, 'source' | 'runtime'>;

export interface TriggerFaultsOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly storage: Pick<TriggerStorage, 'setCrossed'>;
  /** Aborted when the triggers close. */
  readonly signal: AbortSignal;
}

/** Reports and clears the faults of rules according to their values. */
export class TriggerFaults {
  readonly #options: TriggerFaultsOptions;

  constructor(options: TriggerFaultsOptions) {
    this.#options = options;
  }

  /**
   * Reports the fault of a crossed rule on every call, and clears it once the rule is not crossed any more. A failed
   * action is repeated on the next call. Never rejects.
   */
  async follow(watched: WatchedTrigger, crossed: boolean): Promise<void> {
    const before = watched.failure;
    watched.failure = undefined;
    try {
      if (crossed) {
        // Stored before the report, so that the fault is cleared later even if this process ends in between.
        await this.#keep(watched, true);
        if (!watched.removed) await this.#fail(watched);
      } else {
        if (watched.crossed) await this.clear(watched);
        await this.#keep(watched, false);
      }
    } catch (error) {
      watched.failure = errorMessage(error);
    }
    if (watched.failure === undefined || watched.failure === before || this.#options.signal.aborted) return;
    this.#options.log('warn', `Fault trigger ${conditionText(watched.trigger)}: ${watched.failure}`);
  }

  /**
   * Clears the fault of a rule, but not the symptoms that it explains. If another source reports the same fault as
   * failed, the fault stays. The rule's app is then reported as passed, also under its earlier ids. Throws `SovdError`.
   */
  async clear(watched: WatchedTrigger): Promise<void> {
    const { trigger } = watched;
    const manager = this.#manager();
    const found = await manager.get(FAULT_MANAGER_ID, trigger.faultCode, this.#call());
    const { failing_sources: failing = [], more_failing_sources: hasMore } = found ? failingSources(found.fault) : {};
    const { aliases = [] } = this.#options.model.tree.get('app', trigger.appId) ?? {};
    const reporterNames = new Set([
      this.#reporter(trigger.appId).source,
      trigger.appId,
      ...aliases,
      ...watched.reportedAs,
    ]);
    if (hasMore || failing.some((each) => !reporterNames.has(each))) {
      for (const source of failing.filter((each) => reporterNames.has(each)))
        await this.#report(trigger, 'PASSED', { source });
    } else await manager.clear(FAULT_MANAGER_ID, trigger.faultCode, { cascade: false }, this.#call());
    watched.reportedAs.clear();
    watched.crossed = false;
  }

  async #fail({ trigger, reportedAs }: WatchedTrigger): Promise<void> {
    const reporter = this.#reporter(trigger.appId);
    reportedAs.add(reporter.source);
    await this.#report(trigger, 'FAILED', reporter);
  }

  #reporter(appId: string): Reporter {
    const app = this.#options.model.tree.get('app', appId);
    return app ? reporterAs(app) : { source: appId };
  }

  async #report(trigger: FaultTrigger, event: FaultReport['event'], reporter: Reporter): Promise<void> {
    const report: FaultReport = {
      code: trigger.faultCode,
      event,
      severity: FAULT_SEVERITIES.longLabels.indexOf(trigger.severity),
      description: conditionText(trigger),
      ...reporter,
    };
    if (await this.#manager().report(FAULT_MANAGER_ID, report, this.#call())) return;
    throw new SovdError({ code: 'service-unavailable', message: 'The fault manager rejected the report' });
  }

  /** A disk failure does not prevent the report. */
  async #keep(watched: WatchedTrigger, crossed: boolean): Promise<void> {
    watched.crossed = crossed;
    if (watched.crossedOnDisk === crossed) return;
    try {
      await this.#options.storage.setCrossed(watched.trigger.number, crossed);
      watched.crossedOnDisk = crossed;
    } catch (error) {
      watched.failure = errorMessage(error);
    }
  }

  #manager() {
    const manager = localManager(this.#options.model);
    if (manager) return manager.provider;
    throw new SovdError({ code: 'service-unavailable', message: 'This gateway has no fault manager' });
  }

  #call(): CallContext {
    const { clock, signal } = this.#options;
    return callContext({ clock, signal, timeoutMs: MANAGER_TIMEOUT_MS });
  }
}
