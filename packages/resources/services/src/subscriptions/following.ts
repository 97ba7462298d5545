import type { DataWatch } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { ObservedSource } from './observed-source.ts';
import { isSame, type Statement } from './statement.ts';

export interface FollowingOptions {
  readonly source: Pick<ObservedSource, 'sample' | 'watch'>;
  readonly clock: Clock;
  readonly periodMs: number;
  readonly tell: (statement: Statement) => void;
}

/**
 * Follows a resource from its construction to `stop()`: tells at once what it holds. Where it tells by itself, that is told
 * again when it is another, at most once in a period and then the newest; else the resource is asked with every period.
 */
export class Following {
  readonly #options: FollowingOptions;
  #periodMs: number;
  #stopped = false;
  #beat: Timer | undefined;
  #watch: DataWatch | undefined;
  #sampling = false;
  #last: Statement | undefined;
  /** Until something may be told again. */
  #pause: { readonly over: PromiseWithResolvers<void>; readonly timer: Timer } | undefined;
  /** What came during the pause. */
  #newest: Statement | undefined;

  constructor(options: FollowingOptions) {
    this.#options = options;
    this.#periodMs = options.periodMs;
    void this.#begin();
  }

  /** From the next time on. */
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
    // What cannot be watched can still be asked for, which also tells why where it cannot.
    const watching = source.watch((statement) => this.#take(statement)).catch(() => undefined);
    const [watch] = await Promise.all([watching, this.#first()]);
    if (this.#stopped) end(watch);
    else if (watch) this.#watch = watch;
    else this.#next();
  }

  async #first(): Promise<void> {
    const statement = await this.#options.source.sample();
    if (!this.#stopped && !this.#last) this.#tellAndPause(statement);
  }

  /** Of a resource that tells by itself. */
  #take(statement: Statement): Promise<void> | undefined {
    if (this.#stopped || (this.#last && isSame(statement, this.#last))) return undefined;
    if (this.#pause) this.#newest = statement;
    else this.#tellAndPause(statement);
    return this.#pause?.over.promise;
  }

  #tellAndPause(statement: Statement): void {
    const over = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(this.#periodMs, () => {
      const newest = this.#newest;
      this.#newest = undefined;
      this.#pause = undefined;
      if (newest) this.#tellAndPause(newest);
      over.resolve();
    });
    this.#pause = { over, timer };
    this.#tell(statement);
  }

  #tell(statement: Statement): void {
    this.#last = statement;
    this.#options.tell(statement);
  }

  /** Waits for the next multiple of the period, so that all who follow a resource ask for it together. */
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
    // One that takes longer than a period is not asked again meanwhile.
    if (this.#sampling) return;
    this.#sampling = true;
    const statement = await this.#options.source.sample();
    this.#sampling = false;
    if (!this.#stopped) this.#tell(statement);
  }
}

/** That a plugin cannot end its watch is nothing that its viewers could mend: they hear no more of it either way. */
function end(watch: DataWatch | undefined): void {
  void watch?.close().catch(() => undefined);
}
