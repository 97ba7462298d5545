import type { Clock, Timer } from '@medkit/edges';
import type { RosAdapter, TypeDescription } from '@medkit/ros2';

/** Delay before an unanswered request is repeated for the first time: the node may have just appeared. */
const FIRST_RETRY_MS = 1000;
/** Maximum delay; it doubles with each repetition. */
const MAX_RETRY_MS = 60_000;

export interface TypeInquiryOptions {
  readonly type: string;
  readonly adapter: Pick<RosAdapter, 'describeType'>;
  readonly clock: Clock;
}

/**
 * Fetches the description of a type while its nodes exist: a type known only by its hash cannot be described after they
 * leave. Repeats until there is an answer, then caches it.
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

  /** Returns the description; requests it if it is not known. Does not reject. */
  answer(): Promise<TypeDescription | undefined> {
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  /** Requests the description again because the name refers to another definition now. */
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
