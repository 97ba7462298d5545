import { SovdError } from '@medkit/contract';
import { type Awaitable, type CallContext, isPromise, type Log, reasonOf } from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import { sovdErrorOf } from './foreign-error.ts';

/** Failures of one hook in a row after which its plugin is switched off, and nothing more is logged of the hook. */
const FAILURES_TO_SWITCH_OFF = 5;

export interface HookGuardOptions {
  /** Name of the plugin. */
  readonly plugin: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once, when the plugin is switched off. */
  readonly switchedOff: () => void;
}

/**
 * Stands before everything that a plugin does, so that what it throws or never finishes harms nobody. One that keeps
 * failing is switched off until the gateway is started again.
 */
export class HookGuard {
  readonly #options: HookGuardOptions;
  /** By hook, those that failed last time. */
  readonly #failuresInRow = new Map<string, number>();
  #failures = 0;
  #lastFailure: string | undefined;
  #off = false;

  constructor(options: HookGuardOptions) {
    this.#options = options;
  }

  /** Why the plugin is switched off; `undefined` while it is not. */
  get off(): string | undefined {
    return this.#off ? this.#lastFailure : undefined;
  }

  get failures(): number {
    return this.#failures;
  }

  /**
   * Runs a hook for `timeoutMs` at most. A `SovdError` is an answer and passes through; every other failure counts and
   * becomes an `x-medkit-plugin-error` that says no more than that.
   */
  run<T>(hook: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
    return this.#attempt(hook, timeoutMs, work, true);
  }

  /** The same for what a client asks for: its failures never switch the plugin off, else any client could. */
  serve<T>(hook: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
    return this.#attempt(hook, timeoutMs, work, false);
  }

  /**
   * The same for what a provider answers, which the model gives up at the deadline of the call and asks no more than so often:
   * one guard of these is enough. An answer that is there at once is given at once.
   */
  answer<T>(hook: string, call: CallContext, work: () => Awaitable<T>): Awaitable<T> {
    if (this.#off) return Promise.reject(this.#refusal());
    let answer: Awaitable<T>;
    try {
      answer = work();
    } catch (error) {
      return Promise.reject(this.#publicError(hook, error, false));
    }
    if (isPromise(answer)) return this.#awaited(hook, call, answer);
    this.#failuresInRow.delete(hook);
    return answer;
  }

  async #awaited<T>(hook: string, call: CallContext, answer: Promise<T>): Promise<T> {
    let isLate = false;
    const onGivenUp = (): void => {
      isLate = call.deadlineMs <= this.#options.clock.monotonicMs();
      if (isLate) this.#failed(hook, new Error('it gave no answer before the deadline'), false);
    };
    call.signal.addEventListener('abort', onGivenUp, { once: true });
    try {
      const result = await answer;
      if (!isLate) this.#failuresInRow.delete(hook);
      return result;
    } catch (error) {
      throw isLate ? error : this.#publicError(hook, error, false);
    } finally {
      call.signal.removeEventListener('abort', onGivenUp);
    }
  }

  async #attempt<T>(hook: string, timeoutMs: number, work: () => Promise<T>, decides: boolean): Promise<T> {
    if (this.#off) throw this.#refusal();
    try {
      const late = (): never => {
        throw new Error(`it took longer than ${timeoutMs} ms`);
      };
      const result = await within(this.#options.clock, timeoutMs, begun(work), late);
      this.#failuresInRow.delete(hook);
      return result;
    } catch (error) {
      throw this.#publicError(hook, error, decides);
    }
  }

  #refusal(): SovdError {
    return pluginError(`Plugin ${this.#options.plugin} is switched off: ${this.#lastFailure}`, 503);
  }

  /** What a client is told of a failure, which counts unless it was meant for the client. */
  #publicError(hook: string, error: unknown, decides: boolean): SovdError {
    const told = sovdErrorOf(error);
    if (told) return told;
    this.#failed(hook, error, decides);
    return pluginError('Internal plugin error', 500);
  }

  /** A listener whose failures count, and which is no longer called once the plugin is switched off. */
  listener<Event>(hook: string, listener: (event: Event) => void): (event: Event) => void {
    return (event) => {
      if (this.#off) return;
      try {
        listener(event);
        this.#failuresInRow.delete(hook);
      } catch (error) {
        this.#failed(hook, error, true);
      }
    };
  }

  #failed(hook: string, error: unknown, decides: boolean): void {
    const { plugin, log, switchedOff } = this.#options;
    const inRow = (this.#failuresInRow.get(hook) ?? 0) + 1;
    this.#failuresInRow.set(hook, inRow);
    this.#failures++;
    this.#lastFailure = `${hook}: ${reasonOf(error)}`;
    if (inRow <= FAILURES_TO_SWITCH_OFF) log('error', `Plugin ${plugin} failed in ${this.#lastFailure}`);
    if (!decides || this.#off || inRow < FAILURES_TO_SWITCH_OFF) return;
    this.#off = true;
    log('error', `Plugin ${plugin} is switched off after ${inRow} failures of one hook in a row`);
    switchedOff();
  }
}

/** What `work` gives, also where it throws before it gives a promise. */
async function begun<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

function pluginError(message: string, status: number): SovdError {
  return new SovdError({ code: 'x-medkit-plugin-error', message, status });
}
