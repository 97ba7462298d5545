/** Lifetime of a hint after its announcement. */
export interface HintLifetime {
  /** Age from which it is stale. */
  readonly ttlMs: number;
  /** Age from which it is removed. */
  readonly expiryMs: number;
}

const EXPIRY_PER_TTL = 10;

/** Returns the lifetime; if hints would expire before they become stale, sets the expiry to ten times the ttl. */
export function hintLifetime({ ttlMs, expiryMs }: HintLifetime): HintLifetime {
  return { ttlMs, expiryMs: expiryMs > ttlMs ? expiryMs : ttlMs * EXPIRY_PER_TTL };
}
