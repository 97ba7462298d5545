import type { Clock } from '@medkit/edges';
import { addressPrefix } from './address-prefix.ts';
import { BoundedTable } from './bounded-table.ts';
import { TokenBucket } from './token-bucket.ts';

/** Wrong credentials a minute that are answered as such: mistyped keys stay below this. */
const PER_MINUTE = 20;
/** Maximum remembered addresses. */
const MAX_ADDRESSES = 10_000;

/**
 * Limits how often an address learns that a credential is wrong. Valid credentials are not limited: many clients may
 * share an address.
 */
export class WrongCredentials {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #buckets = new BoundedTable<TokenBucket>(MAX_ADDRESSES);

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /**
   * Counts a wrong credential. Returns how long the address has to wait if it has sent too many, otherwise `undefined`.
   */
  count(address: string): { readonly waitMs: number; readonly perMinute: number } | undefined {
    const nowMs = this.#clock.monotonicMs();
    const key = addressPrefix(address);
    const bucket = this.#buckets.get(key) ?? new TokenBucket(PER_MINUTE, nowMs);
    this.#buckets.set(key, bucket);
    return bucket.take(nowMs) ? undefined : { waitMs: bucket.msUntil(1), perMinute: PER_MINUTE };
  }
}
