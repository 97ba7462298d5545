import type { LockClient } from './lock.ts';

/** An admitted change: its client, its collection, and the keys of the entities that it touches. */
export interface AdmittedChange {
  readonly client: LockClient;
  readonly collection: string;
  readonly touched: ReadonlySet<string> | 'everything';
}

/** The changes that are running now; at most one per request. */
export class RunningChanges {
  readonly #ends = new Map<AdmittedChange, Promise<unknown>>();

  /** Runs the work of a change, and tracks the change until the work ends or fails. */
  async make<T>(change: AdmittedChange, work: () => T | Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ends.set(change, promise);
    try {
      return await work();
    } finally {
      this.#ends.delete(change);
      resolve();
    }
  }

  /** Resolves when the running changes that match `matter` have ended. */
  async ended(matter: (change: AdmittedChange) => boolean): Promise<void> {
    await Promise.all([...this.#ends].flatMap(([change, end]) => (matter(change) ? [end] : [])));
  }
}
