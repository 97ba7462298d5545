import { OwnedMap, type QuotaFigures } from '@medkit/edges';

/** A waiting or running capture. */
export interface CaptureJob {
  readonly faultCode: string;
  /** The reporter of the fault. */
  readonly source?: string | undefined;
  /** Must not reject; if it does, `onError` is called. */
  run(): Promise<void>;
}

export interface CapturePoolOptions<Job extends CaptureJob> {
  /** Maximum concurrent captures. */
  readonly size: number;
  /** Maximum waiting captures. */
  readonly depth: number;
  /**
   * What is dropped if the queue is full, from the source with the most waiting captures: the newest or the oldest. A
   * source that floods the queue therefore displaces no capture of others.
   */
  readonly policy: 'reject_newest' | 'drop_oldest';
  readonly onError: (job: Job, error: unknown) => void;
}

/** Result of adding a capture. */
export type PoolAnswer<Job> =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'evicting'; readonly evicted: Job }
  | { readonly outcome: 'full' }
  | { readonly outcome: 'stopped' };

/** Runs a bounded number of captures concurrently, and queues a bounded number in order. */
export class CapturePool<Job extends CaptureJob> {
  readonly #options: CapturePoolOptions<Job>;
  /** In the order of arrival. */
  readonly #waiting: OwnedMap<Job, Job>;
  readonly #running = new Set<Promise<void>>();
  #dropped = 0;
  #stopped = false;

  constructor(options: CapturePoolOptions<Job>) {
    this.#options = options;
    this.#waiting = new OwnedMap(options.depth, ({ source }) => source);
  }

  /** Counts of waiting captures, by reporter. */
  figures(): QuotaFigures {
    return this.#waiting.figures();
  }

  /** Number of captures refused by a full queue or dropped from it. */
  get dropped(): number {
    return this.#dropped;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Adds a capture if there is room. It starts before this returns if a slot is free. */
  take(job: Job): PoolAnswer<Job> {
    if (this.#stopped) return { outcome: 'stopped' };
    const { size, depth, policy } = this.#options;
    if (this.#running.size < size) {
      this.#start(job);
      return { outcome: 'accepted' };
    }
    const evicted = this.#waiting.size >= depth ? this.#giveWay(policy, job) : undefined;
    if (evicted === job) return { outcome: 'full' };
    if (evicted !== undefined) this.#waiting.delete(evicted);
    this.#waiting.set(job, job);
    return evicted === undefined ? { outcome: 'accepted' } : { outcome: 'evicting', evicted };
  }

  /** Removes a waiting capture; returns false if it is not waiting any more. */
  remove(job: Job): boolean {
    return this.#waiting.delete(job);
  }

  /** Accepts no more captures, drops the waiting ones, and waits for the running ones. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    await Promise.all(this.#running);
  }

  /** Returns the capture to drop; `job` itself if its source has the most and `policy` requires it. */
  #giveWay(policy: 'reject_newest' | 'drop_oldest', job: Job): Job | undefined {
    this.#dropped += 1;
    const { quota } = this.#waiting;
    quota.refuse();
    const largest = quota.largestOwner();
    const held = (owner: string | undefined): number => (owner === undefined ? 0 : quota.heldBy(owner));
    const waiting = largest === undefined ? [...this.#waiting.values()] : this.#waiting.valuesOf(largest);
    if (policy === 'drop_oldest') return waiting[0];
    return held(largest) > held(job.source) + 1 ? waiting.at(-1) : job;
  }

  #start(job: Job): void {
    const run = this.#run(job);
    this.#running.add(run);
    void run.then(() => {
      this.#running.delete(run);
      const [next] = this.#waiting.values();
      if (next === undefined) return;
      this.#waiting.delete(next);
      this.#start(next);
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
