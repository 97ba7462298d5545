import { type EntityKind, errorMessage, type JsonValue, type Log } from '@medkit/core';
import { type Clock, Quota } from '@medkit/edges';
import type { PluginContext } from '@medkit/plugin';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';

/** Delay before a report that was not accepted is repeated; doubles from the first to the second value. */
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** Maximum faults with waiting reports: more than a PLC has; bounds a PLC that generates codes. */
const MAX_WAITING = 4096;

const NOT_FOUND = 404;

export interface FaultReportsOptions {
  readonly context: Pick<PluginContext, 'reportFault' | 'request'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The entity of a signal's fault. */
export interface FaultOwner {
  readonly kind: EntityKind;
  readonly id: string;
}

/** The part of a fault's details that lists the sources that still report it. */
interface FailingSources {
  readonly failing_sources?: readonly string[];
  readonly more_failing_sources?: boolean;
}

interface Waiting {
  signal: AlarmSignal;
  owner: FaultOwner;
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

  send(signal: AlarmSignal, owner: FaultOwner): void {
    const key = `${owner.id} ${signal.code}`;
    const under = this.#waiting.get(key);
    if (under) {
      Object.assign(under, { signal, owner, isStale: true });
      return;
    }
    if (!this.quota.take(owner.id)) {
      if (this.#lost++ === 0)
        this.#options.log(
          'warn',
          `Too many faults of ${owner.id} wait to be reported, more than its share of ${MAX_WAITING}: further ones are lost`,
        );
      return;
    }
    const waiting: Waiting = { signal, owner, isStale: false };
    this.#waiting.set(key, waiting);
    void this.#work(waiting, key);
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #work(waiting: Waiting, key: string): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.#isStopped) {
      waiting.isStale = false;
      const isTaken = await this.#give(waiting.signal, waiting.owner);
      if (waiting.isStale) continue;
      if (isTaken) break;
      await new Promise<void>((resolve) => void this.#options.clock.after(retryMs, resolve));
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
    }
    if (this.#waiting.delete(key)) this.quota.release(waiting.owner.id);
  }

  /** Returns whether another source still reports the fault as failed: then the fault must not be cleared. */
  async #isFailingElsewhere(path: string): Promise<boolean> {
    const { status, body } = await this.#options.context.request({ method: 'GET', path });
    if (status !== 200) return false;
    const { 'x-medkit': about } = (body ?? {}) as { readonly 'x-medkit'?: FailingSources };
    return (about?.failing_sources?.length ?? 0) > 0 || about?.more_failing_sources === true;
  }

  /** Sends a report. Returns whether it was accepted. */
  async #give({ code, kind, severity, message }: AlarmSignal, owner: FaultOwner): Promise<boolean> {
    const { context, log } = this.#options;
    try {
      const event = kind === 'raise' ? 'FAILED' : 'PASSED';
      const isTaken = await context.reportFault({ code, event, severity, description: message, source: owner.id });
      if (!isTaken || kind === 'raise') return isTaken;
      const path = `/${owner.kind}s/${encodeURIComponent(owner.id)}/faults/${encodeURIComponent(code)}`;
      if (await this.#isFailingElsewhere(path)) return true;
      // The PLC states that the fault is over, so it is cleared independently of the healing settings.
      const { status, body } = await context.request({ method: 'DELETE', path });
      // A missing fault needs no end. Any other error, such as a lock or a temporarily missing entity, leads to a
      // retry.
      const { error_code: reason } = (body ?? {}) as { readonly error_code?: JsonValue };
      return status < 300 || (status === NOT_FOUND && reason !== 'entity-not-found');
    } catch (error) {
      log('warn', `Cannot report the fault ${code}: ${errorMessage(error)}`);
      return false;
    }
  }
}
