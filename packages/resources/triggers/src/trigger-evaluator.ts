import { errorMessage, type JsonValue } from '@medkit/core';
import { equalData } from '@medkit/core/merge';
import type { Clock } from '@medkit/edges';
import { isActive, type LiveTrigger, remember } from './live-trigger.ts';
import { type Observation, seenOf } from './observation.ts';

/** Maximum values waiting for an asynchronous condition; beyond it the oldest are dropped. */
const MAX_WAITING = 100;

export interface TriggerEvaluatorOptions {
  readonly clock: Clock;
  /** Called when a trigger fires; its gist is already stored. */
  readonly onFire: (trigger: LiveTrigger, observed: Observation) => void;
  /** Called when the stored gist of a persistent trigger changed without firing. */
  readonly onChange: (trigger: LiveTrigger) => void;
  /** Called when the lifetime of a trigger has ended. */
  readonly onExpired: (trigger: LiveTrigger) => void;
}

/** Judges observed values by the conditions of triggers. */
export class TriggerEvaluator {
  readonly #options: TriggerEvaluatorOptions;
  #leftOut = 0;

  constructor(options: TriggerEvaluatorOptions) {
    this.#options = options;
  }

  /** Number of values dropped because their condition is slower than they arrive. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Judges one value for one trigger, which may fire synchronously. */
  observe(trigger: LiveTrigger, observed: Observation): void {
    if (!isActive(trigger)) return;
    const { clock, onExpired } = this.#options;
    if (trigger.endsAtMs <= clock.monotonicMs()) onExpired(trigger);
    // Keeps the order of the values.
    else if (trigger.judging) this.#wait(trigger, observed);
    else {
      const judging = this.#judge(trigger, observed);
      if (judging) void this.#continue(trigger, judging);
    }
  }

  /** Judges the waiting values one at a time. */
  async #continue(trigger: LiveTrigger, first: Promise<void>): Promise<void> {
    trigger.judging = true;
    await first;
    for (let next = trigger.waiting.shift(); next; next = trigger.waiting.shift()) {
      if (isActive(trigger)) await this.#judge(trigger, next);
    }
    trigger.judging = false;
  }

  #wait({ waiting }: LiveTrigger, observed: Observation): void {
    waiting.push(observed);
    if (waiting.length <= MAX_WAITING) return;
    waiting.shift();
    this.#leftOut++;
  }

  /** Returns a promise, which never rejects, if the condition is asynchronous. */
  #judge(trigger: LiveTrigger, observed: Observation): Promise<void> | undefined {
    const { condition, gists, record } = trigger;
    const seen = seenOf(observed, record.pointer);
    const gist = seen && condition.gist(seen);
    if (gist === undefined) {
      trigger.problem = problemOf(record.pointer, seen !== undefined);
      return undefined;
    }
    const before = observed.alone ? undefined : gists.get(observed.source);
    const conclude = (fires: boolean): void => this.#conclude(trigger, observed, before, gist, fires);
    const fires = condition.fires(before, gist);
    if (typeof fires === 'boolean') return void conclude(fires);
    return fires.then(
      (result) => {
        if (isActive(trigger)) conclude(result === true);
      },
      (error: unknown) => {
        // A value that cannot be judged is skipped: the next value is compared with the last judged one.
        trigger.problem = `Its condition failed: ${errorMessage(error)}`;
      },
    );
  }

  #conclude(
    trigger: LiveTrigger,
    observed: Observation,
    before: JsonValue | undefined,
    gist: JsonValue,
    fires: boolean,
  ): void {
    trigger.problem = undefined;
    if (!observed.alone) remember(trigger, observed.source, gist);
    if (fires) this.#options.onFire(trigger, observed);
    else if (trigger.record.persistent && !observed.alone && !equalData(before, gist)) this.#options.onChange(trigger);
  }
}

function problemOf(pointer: string, found: boolean): string {
  if (!found) return `The last value has no member at ${pointer}`;
  if (pointer !== '') return `The last value has no number at ${pointer}`;
  return 'The last value is not a single number: select one with "path", such as /linear/x';
}
