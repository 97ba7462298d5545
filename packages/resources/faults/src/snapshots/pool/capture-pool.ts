import { OwnedMap, type QuotaFigures } from '@medkit/edges';

/** A capture that waits for its turn or is being made. */
export interface CaptureJob {
  readonly faultCode: string;
  /** Who reported the fault. */
  readonly source?: string | undefined;
  /** Must not reject; where it does, `onError` hears of it. */
  run(): Promise<void>;
}

export interface CapturePoolOptions<Job extends CaptureJob> {
  /** Captures at once. */
  readonly size: number;
  /** Captures that may wait. */
  readonly depth: number;
  /**
   * What gives way if the queue is full, of the source that has the most waiting: the capture that came last, or the one that waits
   * longest. So a source that floods the queue takes no capture of others.
   */
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
  /** In the order in which they came. */
  readonly #waiting: OwnedMap<Job, Job>;
  readonly #running = new Set<Promise<void>>();
  #dropped = 0;
  #stopped = false;

  constructor(options: CapturePoolOptions<Job>) {
    this.#options = options;
    this.#waiting = new OwnedMap(options.depth, ({ source }) => source);
  }

  /** Counts of the captures that wait, by who reported the faults. */
  figures(): QuotaFigures {
    return this.#waiting.figures();
  }

  /** Captures that found the queue full, and those that gave way to others. */
  get dropped(): number {
    return this.#dropped;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes a capture if there is room for it. It begins before this returns where nothing has to be waited for. */
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

  /** Forgets a capture that waits. False where it does not wait any more. */
  remove(job: Job): boolean {
    return this.#waiting.delete(job);
  }

  /** Takes no more, forgets those that wait, and waits for those that run. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    await Promise.all(this.#running);
  }

  /** The capture that gives way to another one: that one itself if its source has the most, and `policy` says so. */
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
