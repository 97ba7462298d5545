/** Collections that a lock can protect. */
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

/** Lock settings of an entity from a manifest. They replace the defaults of the entity's kind as a whole. */
export interface LockSettings {
  /** If false, no client can lock the entity, and it stays writable while an entity that contains it is locked. */
  readonly lockable: boolean;
  /** Collections that stay writable for every client while the entity is locked. */
  readonly alwaysOpen: readonly string[];
  /** Collections that can only be changed by the holder of a lock. */
  readonly requiredScopes: readonly string[];
  /** Whether another client may take the lock over with `break_lock`. */
  readonly breakable: boolean;
  /** Maximum duration of a lock in seconds; 0 means the limit of the gateway. */
  readonly maxExpirationSec: number;
}
