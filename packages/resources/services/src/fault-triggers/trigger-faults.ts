import { FAULT_TRIGGER_SEVERITIES, SovdError } from '@medkit/contract';
import {
  type CallContext,
  callContext,
  FAULT_MANAGER_ID,
  type FaultReport,
  type Log,
  type Model,
  reasonOf,
} from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { localManager } from '../faults/fault-managers.ts';
import { failingSources, reporterAs } from '../faults/fault-sources.ts';
import { conditionText } from './fault-trigger.ts';
import type { TriggerStorage } from './trigger-storage.ts';
import type { WatchedTrigger } from './watched-trigger.ts';

/** How long a fault manager may take; clients of the one that deletes a rule wait for it. */
const MANAGER_TIMEOUT_MS = 5000;

export interface TriggerFaultsOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly storage: Pick<TriggerStorage, 'setCrossed'>;
  /** Aborted when nothing is to be done any more. */
  readonly signal: AbortSignal;
}

/** Keeps the faults of rules as their values have it. */
export class TriggerFaults {
  readonly #options: TriggerFaultsOptions;

  constructor(options: TriggerFaultsOptions) {
    this.#options = options;
  }

  /**
   * Reports the fault of a rule that is crossed, every time; clears it once where it is no more. What fails is done again
   * the next time. Never rejects.
   */
  async follow(watched: WatchedTrigger, crossed: boolean): Promise<void> {
    const before = watched.failure;
    watched.failure = undefined;
    try {
      if (crossed) {
        // On disk before the report, so that the fault is cleared also where this process ends in between.
        await this.#keep(watched, true);
        if (!watched.removed) await this.#report(watched, 'FAILED');
      } else {
        if (watched.crossed) await this.clear(watched);
        await this.#keep(watched, false);
      }
    } catch (error) {
      watched.failure = reasonOf(error);
    }
    if (watched.failure === undefined || watched.failure === before || this.#options.signal.aborted) return;
    this.#options.log('warn', `Fault trigger ${conditionText(watched.trigger)}: ${watched.failure}`);
  }

  /**
   * Clears the fault of a rule, and nothing that it explains. While another source reports the same fault as failed, it
   * stays, and the app of the rule is reported as passed. Throws `SovdError`.
   */
  async clear(watched: WatchedTrigger): Promise<void> {
    const { trigger } = watched;
    const manager = this.#manager();
    const found = await manager.get(FAULT_MANAGER_ID, trigger.faultCode, this.#call());
    const { failing_sources: failing = [], more_failing_sources: hasMore } = found ? failingSources(found.fault) : {};
    const { source } = this.#reporter(trigger.appId);
    if (hasMore || failing.some((each) => each !== source)) await this.#report(watched, 'PASSED');
    else await manager.clear(FAULT_MANAGER_ID, trigger.faultCode, { cascade: false }, this.#call());
    watched.crossed = false;
  }

  #reporter(appId: string): Pick<FaultReport, 'source' | 'runtime'> {
    const app = this.#options.model.tree.get('app', appId);
    return app ? reporterAs(app) : { source: appId };
  }

  async #report({ trigger }: WatchedTrigger, event: FaultReport['event']): Promise<void> {
    const report: FaultReport = {
      code: trigger.faultCode,
      event,
      severity: FAULT_TRIGGER_SEVERITIES.indexOf(trigger.severity),
      description: conditionText(trigger),
      ...this.#reporter(trigger.appId),
    };
    if (await this.#manager().report(FAULT_MANAGER_ID, report, this.#call())) return;
    throw new SovdError({ code: 'service-unavailable', message: 'The fault manager did not take the report' });
  }

  /** A disk that fails keeps nothing from being reported. */
  async #keep(watched: WatchedTrigger, crossed: boolean): Promise<void> {
    watched.crossed = crossed;
    if (watched.crossedOnDisk === crossed) return;
    try {
      await this.#options.storage.setCrossed(watched.trigger.number, crossed);
      watched.crossedOnDisk = crossed;
    } catch (error) {
      watched.failure = reasonOf(error);
    }
  }

  #manager() {
    const manager = localManager(this.#options.model);
    if (manager) return manager.provider;
    throw new SovdError({ code: 'service-unavailable', message: 'Nothing here keeps faults' });
  }

  #call(): CallContext {
    const { clock, signal } = this.#options;
    return callContext({ clock, signal, timeoutMs: MANAGER_TIMEOUT_MS });
  }
}
