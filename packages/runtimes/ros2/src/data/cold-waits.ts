import { SovdError } from '@medkit/contract';
import { type Clock, within } from '@medkit/edges';
import type { WarmTopic } from './warm-topic.ts';

export interface ColdWaitSettings {
  /** `topic_sample_timeout_sec` in milliseconds: how long a read waits for a first sample. */
  readonly sampleTimeoutMs: number;
  /** `data_provider.cold_wait_cap`: maximum topics that are waited for at a time. */
  readonly coldWaitCap: number;
}

/** Waits for a first sample. All readers of a topic share one wait; the number of waits is bounded. */
export class ColdWaits {
  readonly #clock: Clock;
  readonly #settings: ColdWaitSettings;
  #waiting = 0;

  constructor({ clock, settings }: { readonly clock: Clock; readonly settings: ColdWaitSettings }) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Number of waits in progress. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Throws if the maximum of waits is reached. */
  ensureRoom(topic: string): void {
    const { coldWaitCap } = this.#settings;
    if (this.#waiting < coldWaitCap) return;
    throw new SovdError({
      code: 'x-medkit-cold-wait-cap-exceeded',
      parameters: { topic, cold_wait_cap: coldWaitCap },
    });
  }

  /**
   * Resolves when `topic` has a sample or the wait is over; joins a wait in progress. A watched topic is subscribed
   * anyway, so its wait is always allowed. Rejects if the topic could not be subscribed to.
   */
  of(topic: WarmTopic): Promise<void> {
    if (topic.coldWait) return topic.coldWait;
    const isWatched = topic.watchers.size > 0;
    if (!isWatched) this.ensureRoom(topic.topic);
    const counted = isWatched ? 0 : 1;
    this.#waiting += counted;
    const wait = within(this.#clock, this.#settings.sampleTimeoutMs, topic.firstSample(), () => undefined);
    topic.coldWait = wait.finally(() => {
      topic.coldWait = undefined;
      this.#waiting -= counted;
    });
    return topic.coldWait;
  }
}
