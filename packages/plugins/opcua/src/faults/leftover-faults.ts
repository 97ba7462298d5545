import type { Clock } from '@medkit/edges';
import type { PluginContext } from '@medkit/plugin';
import type { Plc } from '../plc/plc.ts';
import { type ActiveFault, activeFaults } from './active-faults.ts';
import type { FaultReports } from './fault-reports.ts';

/** Delay before the gateway is asked again, because it does not answer while it is starting. */
const RETRY_MS = 1000;
/** Maximum retries: a component whose id another entity uses never appears. */
const MAX_TRIES = 60;

export interface LeftoverFaultsOptions {
  readonly context: Pick<PluginContext, 'request' | 'clock'>;
  readonly reports: FaultReports;
}

/**
 * Clears faults that the gateway still has but the PLC no longer reports: they ended while one of the two was away.
 * Asks the gateway once per PLC, and clears each fault as soon as the PLC's state shows that it is over.
 */
export class LeftoverFaults {
  readonly #context: Pick<PluginContext, 'request'>;
  readonly #reports: FaultReports;
  readonly #clock: Clock;
  /** Faults from an earlier run that are not yet known to be over. */
  readonly #left = new Map<Plc, readonly ActiveFault[]>();
  readonly #asking = new Set<Plc>();
  #isStopped = false;

  constructor({ context, reports }: LeftoverFaultsOptions) {
    this.#context = context;
    this.#reports = reports;
    this.#clock = context.clock;
  }

  /** Call whenever more of a PLC's state is known. Never rejects. */
  async clear(plc: Plc, triesLeft = MAX_TRIES): Promise<void> {
    if (this.#asking.has(plc)) return;
    const left = this.#left.get(plc) ?? (await this.#ask(plc, triesLeft));
    if (left === undefined || this.#isStopped) return;
    const active = new Set(plc.activeCodes);
    const remaining: ActiveFault[] = [];
    for (const fault of left) {
      if (plc.isOver(fault.code)) this.#reports.send({ ...fault, kind: 'clear', severity: 0, message: '' });
      else if (!active.has(fault.code)) remaining.push(fault);
    }
    this.#left.set(plc, remaining);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Returns `undefined` if the gateway must be asked again later; the retry is scheduled here. */
  async #ask(plc: Plc, triesLeft: number): Promise<readonly ActiveFault[] | undefined> {
    this.#asking.add(plc);
    const apps = { componentId: plc.component.id, isApp: (id: string) => plc.entities.has(id) };
    // A gateway that is shutting down does not answer either.
    const standing = await activeFaults(this.#context, apps).catch(() => undefined);
    if (standing !== undefined || triesLeft === 0 || !plc.isConnected) {
      this.#asking.delete(plc);
      return standing;
    }
    this.#clock.after(RETRY_MS, () => {
      this.#asking.delete(plc);
      if (!this.#isStopped && plc.isConnected) void this.clear(plc, triesLeft - 1);
    });
    return undefined;
  }
}
