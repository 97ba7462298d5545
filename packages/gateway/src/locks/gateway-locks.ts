import { LOCK_SCOPES, type Log, type Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { type Locks, openLocks } from '@medkit/locks';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { lockStorage } from './lock-storage.ts';

export interface LockSources {
  readonly config: Pick<GatewayConfig, 'locking'>;
  readonly model: Model;
  readonly clock: Clock;
  readonly database: GatewayDatabase;
  readonly log: Log;
}

/** Opens the locks as configured. */
export function gatewayLocks({ config, model, clock, database, log }: LockSources): Promise<Locks> {
  const { enabled, default_max_expiration, cleanup_interval, defaults } = config.locking;
  return openLocks({
    enabled,
    model,
    clock,
    log,
    storage: lockStorage(database, log),
    defaults: {
      maxExpirationSec: default_max_expiration,
      kinds: {
        app: settingsOf('apps', defaults.apps, log),
        component: settingsOf('components', defaults.components, log),
      },
    },
    sweepMs: cleanup_interval * 1000,
  });
}

/** Returns the defaults of one kind of entity; warns of collections that cannot be locked and skips them. */
function settingsOf(
  kind: keyof GatewayConfig['locking']['defaults'],
  { breakable, lock_required_scopes }: GatewayConfig['locking']['defaults']['apps'],
  log: Log,
): { readonly requiredScopes: readonly string[]; readonly breakable: boolean } {
  // ROS parameter files write empty lists as `[""]`.
  const scopes = lock_required_scopes.filter((scope) => scope !== '');
  const unknown = scopes.filter((scope) => !LOCK_SCOPES.includes(scope));
  if (unknown.length > 0) {
    const key = `locking.defaults.${kind}.lock_required_scopes`;
    log(
      'warn',
      `${key}: unknown collection: ${unknown.join(', ')}. Supported collections are ${LOCK_SCOPES.join(', ')}`,
    );
  }
  return { requiredScopes: scopes.filter((scope) => LOCK_SCOPES.includes(scope)), breakable };
}
