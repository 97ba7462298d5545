/** Collections that a lock can close. */
export const LOCK_SCOPES: readonly string[] = [
  'data',
  'operations',
  'configurations',
  'faults',
  'bulk-data',
  'modes',
  'scripts',
  'logs',
  'cyclic-subscriptions',
];

/** How an entity can be locked, where a manifest says so. It replaces the defaults of the entity's kind as a whole. */
export interface LockSettings {
  /** False: nobody can lock it, and it stays open while what it is part of is locked. */
  readonly lockable: boolean;
  /** Collections that stay open whoever holds the lock. */
  readonly alwaysOpen: readonly string[];
  /** Collections that can only be changed by the holder of a lock. */
  readonly requiredScopes: readonly string[];
  /** Whether another client may take the lock over with `break_lock`. */
  readonly breakable: boolean;
  /** Seconds that a lock may last; 0 is what the gateway allows. */
  readonly maxExpirationSec: number;
}
