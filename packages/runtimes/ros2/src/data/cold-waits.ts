import { SovdError } from '@medkit/contract';
import { type Clock, within } from '@medkit/edges';
import type { WarmTopic } from './warm-topic.ts';

export interface ColdWaitSettings {
  /** `topic_sample_timeout_sec`, in milliseconds: how long a read waits for a first sample. */
  readonly sampleTimeoutMs: number;
  /** `data_provider.cold_wait_cap`: topics that are waited for at a time. */
  readonly coldWaitCap: number;
}

/** The waits for a first sample. All readers of one topic share one wait; the number of waits is bounded. */
export class ColdWaits {
  readonly #clock: Clock;
  readonly #settings: ColdWaitSettings;
  #waiting = 0;

  constructor({ clock, settings }: { readonly clock: Clock; readonly settings: ColdWaitSettings }) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Waits that are going on. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Throws where another wait would be one too many. */
  ensureRoom(topic: string): void {
    const { coldWaitCap } = this.#settings;
    if (this.#waiting < coldWaitCap) return;
    throw new SovdError({
      code: 'x-medkit-cold-wait-cap-exceeded',
      parameters: { topic, cold_wait_cap: coldWaitCap },
    });
  }

  /**
   * Resolves when `topic` has a sample or was waited for long enough; joins the wait that is going on, if one is. One that is
   * watched is heard anyway: to wait for it is always allowed. Rejects where the topic could not be subscribed to.
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
