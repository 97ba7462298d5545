/** How long a hint counts after it was said. */
export interface HintLifetime {
  /** From this age on it is stale. */
  readonly ttlMs: number;
  /** From this age on it is forgotten. */
  readonly expiryMs: number;
}

const EXPIRY_PER_TTL = 10;

/** The lifetime with an expiry of ten times its ttl where every hint would expire before it gets stale. */
export function hintLifetime({ ttlMs, expiryMs }: HintLifetime): HintLifetime {
  return { ttlMs, expiryMs: expiryMs > ttlMs ? expiryMs : ttlMs * EXPIRY_PER_TTL };
}
