import type { DataWatch } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { ObservedSource } from './observed-source.ts';
import { isSame, type SerializedEvent } from './serialized-event.ts';

export interface ResourceFollowerOptions {
  readonly source: Pick<ObservedSource, 'sample' | 'watch'>;
  readonly clock: Clock;
  readonly periodMs: number;
  readonly notify: (statement: SerializedEvent) => void;
}

/**
 * Follows a resource until `stop()`. Sends its current value immediately. If the resource pushes changes, forwards the
 * newest at most once per period; otherwise polls it every period.
 */
export class ResourceFollower {
  readonly #options: ResourceFollowerOptions;
  #periodMs: number;
  #stopped = false;
  #beat: Timer | undefined;
  #watch: DataWatch | undefined;
  #sampling = false;
  #last: SerializedEvent | undefined;
  /** The pause before the next event may be sent. */
  #pause: { readonly over: PromiseWithResolvers<void>; readonly timer: Timer } | undefined;
  /** The newest value received during the pause. */
  #newest: SerializedEvent | undefined;

  constructor(options: ResourceFollowerOptions) {
    this.#options = options;
    this.#periodMs = options.periodMs;
    void this.#begin();
  }

  /** Sets the period, effective from the next event. */
  pace(periodMs: number): void {
    this.#periodMs = periodMs;
  }

  stop(): void {
    this.#stopped = true;
    this.#beat?.cancel();
    this.#pause?.timer.cancel();
    this.#pause?.over.resolve();
    end(this.#watch);
  }

  async #begin(): Promise<void> {
    const { source } = this.#options;
    // A resource that cannot be watched is polled; polling also reports errors.
    const watching = source.watch((statement) => this.#take(statement)).catch(() => undefined);
    const [watch] = await Promise.all([watching, this.#first()]);
    if (this.#stopped) end(watch);
    else if (watch) this.#watch = watch;
    else this.#next();
  }

  async #first(): Promise<void> {
    const statement = await this.#options.source.sample();
    if (!this.#stopped && !this.#last) this.#sendAndPause(statement);
  }

  /** Handles a value pushed by the resource. */
  #take(statement: SerializedEvent): Promise<void> | undefined {
    if (this.#stopped || (this.#last && isSame(statement, this.#last))) return undefined;
    if (this.#pause) this.#newest = statement;
    else this.#sendAndPause(statement);
    return this.#pause?.over.promise;
  }

  #sendAndPause(statement: SerializedEvent): void {
    const over = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(this.#periodMs, () => {
      const newest = this.#newest;
      this.#newest = undefined;
      this.#pause = undefined;
      if (newest) this.#sendAndPause(newest);
      over.resolve();
    });
    this.#pause = { over, timer };
    this.#send(statement);
  }

  #send(statement: SerializedEvent): void {
    this.#last = statement;
    this.#options.notify(statement);
  }

  /** Schedules the next poll at a multiple of the period, so that all subscriptions of a resource share one read. */
  #next(): void {
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const beat = Math.round(nowMs / this.#periodMs) + 1;
    this.#beat = clock.after(beat * this.#periodMs - nowMs, () => {
      this.#next();
      void this.#sample();
    });
  }

  async #sample(): Promise<void> {
    // A read that takes longer than a period is not started again.
    if (this.#sampling) return;
    this.#sampling = true;
    const statement = await this.#options.source.sample();
    this.#sampling = false;
    if (!this.#stopped) this.#send(statement);
  }
}

/** Ignores errors: a viewer cannot do anything about a watch that fails to close, and receives nothing more from it. */
function end(watch: DataWatch | undefined): void {
  void watch?.close().catch(() => undefined);
}
