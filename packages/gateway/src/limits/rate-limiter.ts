import type { Clock } from '@medkit/edges';
import { BoundedTable } from './bounded-table.ts';
import { TokenBucket } from './token-bucket.ts';

/** Allowances that are remembered; one of somebody who has not asked for the longest goes for one more. */
const MAX_BUCKETS = 10_000;
/** After so long every allowance is whole again, and need not be remembered. */
const WHOLE_MS = 60_000;

export interface RateLimiterOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly clientPerMinute: number;
  readonly globalPerMinute: number;
  /** How often allowances are forgotten of whoever has not asked for `maxIdleMs`. */
  readonly cleanupMs: number;
  readonly maxIdleMs: number;
  readonly maxBuckets?: number;
}

/** Somebody asks for something. */
export interface Demand {
  /** Who asks. */
  readonly client: string;
  /** The limit that holds for what is asked for, in the place of that for each who asks. */
  readonly endpoint?: { readonly pattern: string; readonly perMinute: number } | undefined;
  /** Tokens that it takes of the allowance of who asks, and of that of all. */
  readonly cost: number;
  /** False for what all together do not pay for. */
  readonly isGlobal?: boolean;
}

/** What is decided of a demand, and of which limit that tells. */
export interface Verdict {
  readonly isAdmitted: boolean;
  /** Tokens a minute. */
  readonly perMinute: number;
  readonly remaining: number;
  /** Until it would be admitted, or, where it is, until the allowance is whole again. */
  readonly waitMs: number;
}

/**
 * Token buckets: one of each who asks, a further one of each for every endpoint with a limit of its own, and one of all. Who is
 * refused takes nothing from the others.
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #buckets: BoundedTable<TokenBucket>;
  readonly #ofAll: TokenBucket;
  #cleanedAtMs: number;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
    const nowMs = options.clock.monotonicMs();
    this.#buckets = new BoundedTable(options.maxBuckets ?? MAX_BUCKETS);
    this.#ofAll = new TokenBucket(options.globalPerMinute, nowMs);
    this.#cleanedAtMs = nowMs;
  }

  /** Allowances that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  judge({ client, endpoint, cost, isGlobal = true }: Demand): Verdict {
    const nowMs = this.#options.clock.monotonicMs();
    this.#cleanUp(nowMs);
    // Whoever limits an endpoint says how many requests there may be of it, whatever one costs elsewhere.
    const own = endpoint ? 1 : cost;
    const bucket = this.#bucketOf(endpoint ? `${client} ${endpoint.pattern}` : client, nowMs, endpoint?.perMinute);
    if (!bucket.take(nowMs, own)) return refusal(bucket, own);
    if (isGlobal && !this.#ofAll.take(nowMs, cost)) return refusal(this.#ofAll, cost);
    const { perMinute, remaining } = bucket;
    return { isAdmitted: true, perMinute, remaining, waitMs: bucket.msUntil(perMinute) };
  }

  #bucketOf(key: string, nowMs: number, perMinute = this.#options.clientPerMinute): TokenBucket {
    const known = this.#buckets.get(key);
    if (known) return known;
    const bucket = new TokenBucket(perMinute, nowMs);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #cleanUp(nowMs: number): void {
    const { cleanupMs, maxIdleMs } = this.#options;
    if (nowMs - this.#cleanedAtMs < cleanupMs) return;
    this.#cleanedAtMs = nowMs;
    const staleMs = nowMs - Math.max(maxIdleMs, WHOLE_MS);
    for (const [key, { usedAtMs }] of this.#buckets.entries()) {
      if (usedAtMs > staleMs) return;
      this.#buckets.delete(key);
    }
  }
}

function refusal(bucket: TokenBucket, cost: number): Verdict {
  return { isAdmitted: false, perMinute: bucket.perMinute, remaining: 0, waitMs: bucket.msUntil(cost) };
}
