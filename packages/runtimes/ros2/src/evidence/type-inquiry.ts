import type { Clock, Timer } from '@medkit/edges';
import type { RosAdapter, TypeDescription } from '@medkit/ros2';

/** How long after a question without an answer it is asked again, at first: its node may have just appeared. */
const FIRST_RETRY_MS = 1000;
/** It doubles each time up to this. */
const MAX_RETRY_MS = 60_000;

export interface TypeInquiryOptions {
  readonly type: string;
  readonly adapter: Pick<RosAdapter, 'describeType'>;
  readonly clock: Clock;
}

/**
 * Finds out about a type while there is somebody to ask: of one that is known by its hash alone nobody can tell when its
 * nodes are gone. Asks until there is an answer, and keeps it.
 */
export class TypeInquiry {
  readonly #options: TypeInquiryOptions;
  #asking: Promise<TypeDescription | undefined> | undefined;
  #retry: Timer | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isStopped = false;

  constructor(options: TypeInquiryOptions) {
    this.#options = options;
  }

  /** What is known; asks where nothing is. Does not reject. */
  answer(): Promise<TypeDescription | undefined> {
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  /** Asks anew: the name stands for another definition now. */
  renew(): void {
    this.#retryMs = FIRST_RETRY_MS;
    this.#asking = this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    this.#retry?.cancel();
  }

  #ask(): Promise<TypeDescription | undefined> {
    const { adapter, clock, type } = this.#options;
    const asking: Promise<TypeDescription | undefined> = adapter.describeType(type).catch(() => undefined);
    void asking.then((found) => {
      if (found || this.#asking !== asking) return;
      this.#asking = undefined;
      if (this.#isStopped) return;
      this.#retry?.cancel();
      this.#retry = clock.after(this.#retryMs, () => void this.answer());
      this.#retryMs = Math.min(2 * this.#retryMs, MAX_RETRY_MS);
    });
    return asking;
  }
}
