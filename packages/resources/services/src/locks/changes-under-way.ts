import type { LockClient } from './lock.ts';

/** A change that was let through: who makes it, of which collection, and the keys of what it touches. */
export interface AdmittedChange {
  readonly client: LockClient;
  readonly collection: string;
  readonly touched: ReadonlySet<string> | 'everything';
}

/** The changes that are being made at this moment. There are no more of them than requests. */
export class ChangesUnderWay {
  readonly #ends = new Map<AdmittedChange, Promise<unknown>>();

  /** Does the work of a change, and knows of it until that has ended, however it does. */
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

  /** Resolves when those of the changes under way that `matter` have ended. */
  async ended(matter: (change: AdmittedChange) => boolean): Promise<void> {
    await Promise.all([...this.#ends].flatMap(([change, end]) => (matter(change) ? [end] : [])));
  }
}
