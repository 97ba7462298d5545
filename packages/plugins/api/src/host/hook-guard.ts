import { SovdError } from '@medkit/contract';
import { type Awaitable, type CallContext, errorMessage, isPromise, type Log } from '@medkit/core';
import { type Clock, within } from '@medkit/edges';
import { toSovdError } from './plugin-error.ts';

/**
 * Consecutive failures of one hook after which the plugin is switched off. Further failures of the hook are not logged.
 */
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
 * Guards every call into a plugin, so that its exceptions and hanging calls affect nothing else. A plugin that keeps
 * failing is switched off until the gateway restarts.
 */
export class HookGuard {
  readonly #options: HookGuardOptions;
  /** Consecutive failures by hook, for hooks whose last call failed. */
  readonly #failuresInRow = new Map<string, number>();
  #failures = 0;
  #lastFailure: string | undefined;
  #off = false;

  constructor(options: HookGuardOptions) {
    this.#options = options;
  }

  /** Why the plugin is switched off; `undefined` while it is running. */
  get off(): string | undefined {
    return this.#off ? this.#lastFailure : undefined;
  }

  get failures(): number {
    return this.#failures;
  }

  /**
   * Runs a hook for at most `timeoutMs`. A `SovdError` is a regular answer and passes through. Every other failure
   * counts and becomes an `x-medkit-plugin-error` without details.
   */
  run<T>(hook: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
    return this.#attempt(hook, timeoutMs, work, true);
  }

  /**
   * Like `run`, for requests of clients. Their failures never switch the plugin off; otherwise any client could do so.
   */
  serve<T>(hook: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
    return this.#attempt(hook, timeoutMs, work, false);
  }

  /**
   * Like `serve`, for providers. Sets no timeout, because the model's guard already enforces the deadline and limits
   * the number of calls. Returns an immediate answer synchronously.
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
    const onAbort = (): void => {
      isLate = call.deadlineMs <= this.#options.clock.monotonicMs();
      if (isLate) this.#failed(hook, new Error('it did not answer before the deadline'), false);
    };
    call.signal.addEventListener('abort', onAbort, { once: true });
    try {
      const result = await answer;
      if (!isLate) this.#failuresInRow.delete(hook);
      return result;
    } catch (error) {
      throw isLate ? error : this.#publicError(hook, error, false);
    } finally {
      call.signal.removeEventListener('abort', onAbort);
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

  /** Converts a failure to the error that clients receive. Counts it unless it is a `SovdError`. */
  #publicError(hook: string, error: unknown, decides: boolean): SovdError {
    const sovdError = toSovdError(error);
    if (sovdError) return sovdError;
    this.#failed(hook, error, decides);
    return pluginError('Internal plugin error', 500);
  }

  /** Wraps an event listener. Counts its failures, and stops calling it once the plugin is switched off. */
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
    this.#lastFailure = `${hook}: ${errorMessage(error)}`;
    if (inRow <= FAILURES_TO_SWITCH_OFF) log('error', `Plugin ${plugin} failed in ${this.#lastFailure}`);
    if (!decides || this.#off || inRow < FAILURES_TO_SWITCH_OFF) return;
    this.#off = true;
    log('error', `Plugin ${plugin} is switched off after ${inRow} consecutive failures of one hook`);
    switchedOff();
  }
}

/** Calls `work`. Turns an exception that it throws synchronously into a rejected promise. */
async function begun<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

function pluginError(message: string, status: number): SovdError {
  return new SovdError({ code: 'x-medkit-plugin-error', message, status });
}
