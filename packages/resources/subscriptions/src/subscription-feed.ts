import type { Clock } from '@medkit/edges';
import type { ObservedSource } from './observed-source.ts';
import { ResourceFollower } from './resource-follower.ts';
import type { SerializedEvent } from './serialized-event.ts';

/** A receiver of a subscription's events. A slow viewer may be offered the next event before it has taken the last. */
export interface SubscriptionViewer {
  offer(statement: SerializedEvent): void;
  /** Called when the subscription ends. */
  end(): void;
}

export interface SubscriptionFeedOptions {
  readonly clock: Clock;
  readonly periodMs: number;
  /** Returns whether sending is suspended, because its owner no longer exists. */
  readonly isSuspended: () => boolean;
  /** Opens the resource; called while there are viewers. */
  readonly use: () => { readonly source: ObservedSource; readonly release: () => void };
}

/** The events of one subscription. Follows the resource once for all viewers, and only while there are any. */
export class SubscriptionFeed {
  readonly #options: SubscriptionFeedOptions;
  readonly #viewers = new Set<SubscriptionViewer>();
  #periodMs: number;
  #following: { readonly pace: (periodMs: number) => void; readonly stop: () => void } | undefined;
  #last: SerializedEvent | undefined;

  constructor(options: SubscriptionFeedOptions) {
    this.#options = options;
    this.#periodMs = options.periodMs;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Adds a viewer. Offers it the last known event and all later ones. Returns a function that removes it. */
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

  /** Follows the resource again, for the current viewers. */
  restart(): void {
    if (!this.#following) return;
    this.#rest();
    this.#following = this.#follow();
  }

  /** Ends the subscription for all viewers. */
  end(): void {
    const viewers = [...this.#viewers];
    this.#viewers.clear();
    this.#rest();
    for (const viewer of viewers) viewer.end();
  }

  #follow() {
    const { clock, use } = this.#options;
    const { source, release } = use();
    const following = new ResourceFollower({
      source,
      clock,
      periodMs: this.#periodMs,
      notify: (statement) => this.#notify(statement),
    });
    return {
      pace: (periodMs: number) => following.pace(periodMs),
      stop: () => {
        following.stop();
        release();
      },
    };
  }

  #notify(statement: SerializedEvent): void {
    if (this.#options.isSuspended()) return;
    this.#last = statement;
    for (const viewer of [...this.#viewers]) viewer.offer(statement);
  }

  #rest(): void {
    this.#following?.stop();
    this.#following = undefined;
    // It would be outdated for the next viewer.
    this.#last = undefined;
  }
}
