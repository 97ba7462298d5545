import type { Clock } from '@medkit/edges';
import { Following } from './following.ts';
import type { ObservedSource } from './observed-source.ts';
import type { Statement } from './statement.ts';

/** Somebody who hears of a subscription. One who takes his time may be offered the next before he has taken the last. */
export interface SubscriptionViewer {
  offer(statement: Statement): void;
  /** The subscription is over. */
  end(): void;
}

export interface SubscriptionFeedOptions {
  readonly clock: Clock;
  readonly periodMs: number;
  /** Whether nothing is sent at the moment, as its owner is gone. */
  readonly isSuspended: () => boolean;
  /** The resource, for as long as somebody views it. */
  readonly use: () => { readonly source: ObservedSource; readonly release: () => void };
}

/** The events of one subscription, followed once for all its viewers, and not at all without any. */
export class SubscriptionFeed {
  readonly #options: SubscriptionFeedOptions;
  readonly #viewers = new Set<SubscriptionViewer>();
  #periodMs: number;
  #following: { readonly pace: (periodMs: number) => void; readonly stop: () => void } | undefined;
  #last: Statement | undefined;

  constructor(options: SubscriptionFeedOptions) {
    this.#options = options;
    this.#periodMs = options.periodMs;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Offers what is known already, and all that comes. Gives a way to leave. */
  join(viewer: SubscriptionViewer): () => void {
    this.#viewers.add(viewer);
    if (this.#last) viewer.offer(this.#last);
    this.#following ??= this.#follow();
    return () => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size === 0) this.#rest();
    };
  }

  pace(periodMs: number): void {
    this.#periodMs = periodMs;
    this.#following?.pace(periodMs);
  }

  /** Follows the resource anew, for the viewers that are there. */
  restart(): void {
    if (!this.#following) return;
    this.#rest();
    this.#following = this.#follow();
  }

  /** Ends it for all viewers. */
  end(): void {
    const viewers = [...this.#viewers];
    this.#viewers.clear();
    this.#rest();
    for (const viewer of viewers) viewer.end();
  }

  #follow() {
    const { clock, use } = this.#options;
    const { source, release } = use();
    const following = new Following({
      source,
      clock,
      periodMs: this.#periodMs,
      tell: (statement) => this.#tell(statement),
    });
    return {
      pace: (periodMs: number) => following.pace(periodMs),
      stop: () => {
        following.stop();
        release();
      },
    };
  }

  #tell(statement: Statement): void {
    if (this.#options.isSuspended()) return;
    this.#last = statement;
    for (const viewer of [...this.#viewers]) viewer.offer(statement);
  }

  #rest(): void {
    this.#following?.stop();
    this.#following = undefined;
    // It would be old news to the next viewer.
    this.#last = undefined;
  }
}
