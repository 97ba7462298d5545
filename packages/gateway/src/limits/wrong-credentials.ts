import type { Clock } from '@medkit/edges';
import { addressPrefix } from './address-prefix.ts';
import { BoundedTable } from './bounded-table.ts';
import { TokenBucket } from './token-bucket.ts';

/** Wrong credentials of one address that are answered as such: nobody mistypes a key more often. */
const PER_MINUTE = 20;
/** Addresses that are remembered. */
const MAX_ADDRESSES = 10_000;

/**
 * Bounds how often an address is told that a credential is wrong. A right one is never asked about here: behind one address
 * there may be many.
 */
export class WrongCredentials {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #buckets = new BoundedTable<TokenBucket>(MAX_ADDRESSES);

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Counts one. Gives how long the address has to wait where it has sent too many, else nothing. */
  count(address: string): { readonly waitMs: number; readonly perMinute: number } | undefined {
    const nowMs = this.#clock.monotonicMs();
    const key = addressPrefix(address);
    const bucket = this.#buckets.get(key) ?? new TokenBucket(PER_MINUTE, nowMs);
    this.#buckets.set(key, bucket);
    return bucket.take(nowMs) ? undefined : { waitMs: bucket.msUntil(1), perMinute: PER_MINUTE };
  }
}
