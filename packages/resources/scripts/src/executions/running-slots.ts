import { SovdError } from '@medkit/contract';
import { keyOf, type ScriptRef } from './execution.ts';

/** Who runs at the moment: so many scripts at most, and none that is being removed. */
export class RunningSlots {
  readonly #max: number;
  /** Executions under way or being prepared, by script. */
  readonly #byScript = new Map<string, number>();
  readonly #removing = new Set<string>();
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Takes a place, and gives the way to give it back. Throws `x-medkit-concurrency-limit` where there is none. */
  take(script: ScriptRef): () => void {
    const key = keyOf(script);
    if (this.#removing.has(key)) {
      throw new SovdError({ code: 'resource-not-found', message: `Script "${script.scriptId}" is being deleted` });
    }
    if (this.#taken >= this.#max) {
      const message = `${this.#taken} scripts are running, which is the most (scripts.max_concurrent_executions)`;
      throw new SovdError({ code: 'x-medkit-concurrency-limit', message, parameters: { limit: this.#max } });
    }
    this.#taken += 1;
    this.#byScript.set(key, (this.#byScript.get(key) ?? 0) + 1);
    return () => {
      this.#taken -= 1;
      const left = (this.#byScript.get(key) ?? 1) - 1;
      if (left === 0) this.#byScript.delete(key);
      else this.#byScript.set(key, left);
    };
  }

  /** Removes a script while none of it can be started. Throws `x-medkit-script-running` while it runs. */
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
