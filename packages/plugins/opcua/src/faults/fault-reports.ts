import { type EntityKind, type JsonValue, type Log, reasonOf } from '@medkit/core';
import { type Clock, Quota } from '@medkit/edges';
import type { PluginContext } from '@medkit/plugin';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';

/** How long until a report that nobody took is given again: twice as long each time, from the first to the second. */
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** Faults whose reports wait at a time: more than a PLC has, and a bound for one that makes up codes without end. */
const MAX_WAITING = 4096;

const NOT_FOUND = 404;

export interface FaultReportsOptions {
  readonly context: Pick<PluginContext, 'reportFault' | 'request'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Whose fault a signal is. */
export interface FaultOwner {
  readonly kind: EntityKind;
  readonly id: string;
}

/** The part of a fault's detail that says who still fails. */
interface FailingSources {
  readonly failing_sources?: readonly string[];
  readonly more_failing_sources?: boolean;
}

interface Waiting {
  signal: AlarmSignal;
  owner: FaultOwner;
  /** It was overtaken by another signal while it was sent. */
  isStale: boolean;
}

/**
 * Hands the beginning and the end of faults to the fault manager, of each code of an owner one after the other. What is not taken is given
 * again until it is, so that a gateway that starts after its PLC misses nothing; what was overtaken meanwhile is not.
 */
export class FaultReports {
  readonly #options: FaultReportsOptions;
  readonly #waiting = new Map<string, Waiting>();
  /** Bounds the faults that wait by the entities whose they are. */
  readonly quota = new Quota(MAX_WAITING);
  #lost = 0;
  #isStopped = false;

  constructor(options: FaultReportsOptions) {
    this.#options = options;
  }

  /** Signals that there was no room for. */
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
          `More faults of ${owner.id} wait to be reported than its share of ${MAX_WAITING}: further ones are lost`,
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

  /** Whether another source still reports the fault as failed: it is not for this PLC to end then. */
  async #isFailingElsewhere(path: string): Promise<boolean> {
    const { status, body } = await this.#options.context.request({ method: 'GET', path });
    if (status !== 200) return false;
    const { 'x-medkit': about } = (body ?? {}) as { readonly 'x-medkit'?: FailingSources };
    return (about?.failing_sources?.length ?? 0) > 0 || about?.more_failing_sources === true;
  }

  /** Whether it was taken. */
  async #give({ code, kind, severity, message }: AlarmSignal, owner: FaultOwner): Promise<boolean> {
    const { context, log } = this.#options;
    try {
      const event = kind === 'raise' ? 'FAILED' : 'PASSED';
      const isTaken = await context.reportFault({ code, event, severity, description: message, source: owner.id });
      if (!isTaken || kind === 'raise') return isTaken;
      const path = `/${owner.kind}s/${encodeURIComponent(owner.id)}/faults/${encodeURIComponent(code)}`;
      if (await this.#isFailingElsewhere(path)) return true;
      // A PLC says for certain that it is over: the fault is put away, however slowly others heal.
      const { status, body } = await context.request({ method: 'DELETE', path });
      // A fault that is not there needs no end. Anything else, as a lock, or an entity that is not in the tree now, is waited for.
      const { error_code: reason } = (body ?? {}) as { readonly error_code?: JsonValue };
      return status < 300 || (status === NOT_FOUND && reason !== 'entity-not-found');
    } catch (error) {
      log('warn', `The fault ${code} cannot be reported: ${reasonOf(error)}`);
      return false;
    }
  }
}
