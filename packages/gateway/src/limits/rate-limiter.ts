import type { Clock } from '@medkit/edges';
import { BoundedTable } from './bounded-table.ts';
import { TokenBucket } from './token-bucket.ts';

/** Maximum buckets; above it, the least recently used is dropped. */
const MAX_BUCKETS = 10_000;
/** After this time every bucket is full again and can be dropped. */
const WHOLE_MS = 60_000;

export interface RateLimiterOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly clientPerMinute: number;
  readonly globalPerMinute: number;
  /** Interval at which buckets are dropped that were unused for `maxIdleMs`. */
  readonly cleanupMs: number;
  readonly maxIdleMs: number;
  readonly maxBuckets?: number;
}

/** A request to the rate limiter. */
export interface RateLimitRequest {
  /** The client. */
  readonly client: string;
  /** The limit of the endpoint, which replaces the limit of the client. */
  readonly endpoint?: { readonly pattern: string; readonly perMinute: number } | undefined;
  /** Tokens taken from the client's bucket and from the global one. */
  readonly cost: number;
  /** False if the global limit does not apply. */
  readonly isGlobal?: boolean;
}

/** The decision, and the state of the limit that applies. */
export interface Verdict {
  readonly isAdmitted: boolean;
  /** Tokens a minute. */
  readonly perMinute: number;
  readonly remaining: number;
  /** Time until the demand would be admitted; if it is, until the bucket is full again. */
  readonly waitMs: number;
}

/**
 * Token buckets: one for each client, one for each client and limited endpoint, and a global one. A refused demand
 * takes no tokens from the global bucket.
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

  /** Number of buckets. */
  get size(): number {
    return this.#buckets.size;
  }

  judge({ client, endpoint, cost, isGlobal = true }: RateLimitRequest): Verdict {
    const nowMs = this.#options.clock.monotonicMs();
    this.#cleanUp(nowMs);
    // An endpoint limit counts requests, whatever their cost elsewhere.
    const charge = endpoint ? 1 : cost;
    const bucket = this.#bucketOf(endpoint ? `${client} ${endpoint.pattern}` : client, nowMs, endpoint?.perMinute);
    if (!bucket.take(nowMs, charge)) return refusal(bucket, charge);
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
