import type { Clock } from '@medkit/edges';
import type { PluginContext } from '@medkit/plugin';
import type { Plc } from '../plc/plc.ts';
import type { FaultReports } from './fault-reports.ts';
import { type StandingFault, standingFaults } from './standing-faults.ts';

/** How long until a gateway is asked again that did not answer, as one that is starting does. */
const RETRY_MS = 1000;
/** So often at most: a component whose id is somebody else's never comes. */
const MAX_TRIES = 60;

export interface LeftoverFaultsOptions {
  readonly context: Pick<PluginContext, 'request' | 'clock'>;
  readonly reports: FaultReports;
}

/**
 * Ends faults that a PLC does not have any more, though the gateway still has them: they were over while one of the two was away. The
 * gateway is asked once for each PLC; of what it has, each fault ends when the PLC has said enough to know that it is over.
 */
export class LeftoverFaults {
  readonly #context: Pick<PluginContext, 'request'>;
  readonly #reports: FaultReports;
  readonly #clock: Clock;
  /** What the gateway had of an earlier time and of which it is not known yet whether it is over. */
  readonly #left = new Map<Plc, readonly StandingFault[]>();
  readonly #asking = new Set<Plc>();
  #isStopped = false;

  constructor({ context, reports }: LeftoverFaultsOptions) {
    this.#context = context;
    this.#reports = reports;
    this.#clock = context.clock;
  }

  /** To be called whenever a PLC has said more of what stands at it. Never rejects. */
  async clear(plc: Plc, triesLeft = MAX_TRIES): Promise<void> {
    if (this.#asking.has(plc)) return;
    const left = this.#left.get(plc) ?? (await this.#ask(plc, triesLeft));
    if (left === undefined || this.#isStopped) return;
    const active = new Set(plc.activeCodes);
    const kept: StandingFault[] = [];
    for (const fault of left) {
      const { code, owner } = fault;
      if (plc.isOver(code)) {
        this.#reports.send({ code, entityId: owner.id, kind: 'clear', severity: 0, message: '' }, owner);
      } else if (!active.has(code)) kept.push(fault);
    }
    this.#left.set(plc, kept);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** `undefined` where the gateway is to be asked again later, which happens by itself. */
  async #ask(plc: Plc, triesLeft: number): Promise<readonly StandingFault[] | undefined> {
    this.#asking.add(plc);
    const apps = { componentId: plc.component.id, isApp: (id: string) => plc.entities.has(id) };
    // A gateway that ends meanwhile does not answer either.
    const standing = await standingFaults(this.#context, apps).catch(() => undefined);
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
