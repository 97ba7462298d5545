import { SovdError } from '@medkit/contract';
import { Quota } from '@medkit/edges';
import { keyOf, type ScriptRef } from './execution.ts';

/** Limits the number of running scripts, and blocks scripts that are being removed. */
export class RunningSlots {
  /** Quota of running scripts, by the client that started them. */
  readonly quota: Quota;
  /** Number of executions running or being prepared, by script. */
  readonly #byScript = new Map<string, number>();
  readonly #removing = new Set<string>();

  constructor(max: number) {
    this.quota = new Quota(max);
  }

  get taken(): number {
    return this.quota.total;
  }

  /** Takes a slot and returns a function that releases it. Throws `x-medkit-concurrency-limit` if none is free. */
  take(script: ScriptRef, owner: string | undefined): () => void {
    const key = keyOf(script);
    if (this.#removing.has(key)) {
      throw new SovdError({ code: 'resource-not-found', message: `Script "${script.scriptId}" is being deleted` });
    }
    const { capacity } = this.quota;
    if (!this.quota.take(owner)) {
      const message = this.quota.isFull
        ? `${capacity} scripts are already running, the maximum (scripts.max_concurrent_executions)`
        : `${owner} already runs its share of ${capacity} scripts, and the rest is reserved for others (scripts.max_concurrent_executions)`;
      throw new SovdError({ code: 'x-medkit-concurrency-limit', message, parameters: { limit: capacity } });
    }
    this.#byScript.set(key, (this.#byScript.get(key) ?? 0) + 1);
    return () => {
      this.quota.release(owner);
      const left = (this.#byScript.get(key) ?? 1) - 1;
      if (left === 0) this.#byScript.delete(key);
      else this.#byScript.set(key, left);
    };
  }

  /** Removes a script while no execution of it can start. Throws `x-medkit-script-running` while it runs. */
  async remove(script: ScriptRef, work: () => Promise<void>): Promise<void> {
    const key = keyOf(script);
    if (this.#byScript.has(key)) {
      const message = `Script "${script.scriptId}" is running: stop its executions first`;
      throw new SovdError({ code: 'x-medkit-script-running', message });
    }
    this.#removing.add(key);
    try {
      await work();
    } finally {
      this.#removing.delete(key);
    }
  }
}
