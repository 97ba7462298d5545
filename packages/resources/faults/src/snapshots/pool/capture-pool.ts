/** A capture that waits for its turn or is being made. */
export interface CaptureJob {
  readonly faultCode: string;
  /** Must not reject; where it does, `onError` hears of it. */
  run(): Promise<void>;
}

export interface CapturePoolOptions<Job extends CaptureJob> {
  /** Captures at once. */
  readonly size: number;
  /** Captures that may wait. */
  readonly depth: number;
  /** What gives way where the queue is full: the capture that comes, or the one that waits longest. */
  readonly policy: 'reject_newest' | 'drop_oldest';
  readonly onError: (job: Job, error: unknown) => void;
}

/** What became of a capture that came. */
export type PoolAnswer<Job> =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'evicting'; readonly evicted: Job }
  | { readonly outcome: 'full' }
  | { readonly outcome: 'stopped' };

/** Makes some captures at a time and lets a bounded number wait, in the order in which they came. */
export class CapturePool<Job extends CaptureJob> {
  readonly #options: CapturePoolOptions<Job>;
  readonly #waiting: Job[] = [];
  readonly #running = new Set<Promise<void>>();
  #dropped = 0;
  #stopped = false;

  constructor(options: CapturePoolOptions<Job>) {
    this.#options = options;
  }

  /** Captures that found the queue full, and those that gave way to others. */
  get dropped(): number {
    return this.#dropped;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a capture if there is room for it. It begins before this returns where nothing has to be waited for. */
  take(job: Job): PoolAnswer<Job> {
    if (this.#stopped) return { outcome: 'stopped' };
    const { size, depth, policy } = this.#options;
    if (this.#running.size < size) {
      this.#start(job);
      return { outcome: 'accepted' };
    }
    const evicted = this.#waiting.length >= depth ? this.#giveWay(policy) : undefined;
    if (evicted === 'newest') return { outcome: 'full' };
    this.#waiting.push(job);
    return evicted === undefined ? { outcome: 'accepted' } : { outcome: 'evicting', evicted };
  }

  /** Forgets a capture that waits. False where it does not wait any more. */
  remove(job: Job): boolean {
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    return at >= 0;
  }

  /** Takes no more, forgets those that wait, and waits for those that run. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.length = 0;
    await Promise.all(this.#running);
  }

  #giveWay(policy: 'reject_newest' | 'drop_oldest'): Job | 'newest' | undefined {
    this.#dropped += 1;
    return policy === 'drop_oldest' ? this.#waiting.shift() : 'newest';
  }

  #start(job: Job): void {
    const run = this.#run(job);
    this.#running.add(run);
    void run.then(() => {
      this.#running.delete(run);
      const next = this.#waiting.shift();
      if (next !== undefined) this.#start(next);
    });
  }

  async #run(job: Job): Promise<void> {
    try {
      await job.run();
    } catch (error) {
      this.#options.onError(job, error);
    }
  }
}
