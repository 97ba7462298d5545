import { SovdError } from '@medkit/contract';
import { type Entity, type EntityTree, type Log, type Model, quotaBlock, type RuntimeHealth } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { dormancy, dormancyWarnings, renamedEntity, subtreeKeys } from '@medkit/entities';
import { lockId } from './lock.ts';
import { createLockAccess, type LockAccess, OPEN_ACCESS } from './lock-access.ts';
import { LockRegistry } from './lock-registry.ts';
import { createLockService, type LockService } from './lock-service.ts';
import { type LockDefaults, lockSettingsOf } from './lock-settings.ts';
import type { LockStorage } from './lock-storage.ts';
import { RunningChanges } from './running-changes.ts';

/** The locks of a gateway. */
export interface Locks {
  readonly service: LockService;
  readonly access: LockAccess;
  /** Returns false for every entity if locking is disabled. */
  isLockable(entity: Entity): boolean;
  health(): RuntimeHealth;
  close(): Promise<void>;
}

export interface LocksOptions {
  /** `locking.enabled` */
  readonly enabled: boolean;
  readonly model: Pick<Model, 'tree' | 'events'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly storage: LockStorage;
  readonly defaults: LockDefaults;
  /** `locking.cleanup_interval`, in milliseconds. */
  readonly sweepMs: number;
}

/**
 * Opens the locks. Resolves once the stored locks are loaded. If they cannot be read, nothing is closed and nothing can
 * be locked until a retry succeeds; health reports this.
 */
export async function openLocks(options: LocksOptions): Promise<Locks> {
  if (!options.enabled) return SWITCHED_OFF;
  const { model, clock, log, storage, defaults, sweepMs } = options;
  const underWay = new RunningChanges();
  const settingsOf = (entity: Entity) => lockSettingsOf(entity, defaults);
  const registry = new LockRegistry({
    storage,
    clock,
    log,
    events: model.events,
    underWay,
    sleeps: (entity) => dormancy(model.tree, entity) !== undefined,
    currentOf: ({ kind, id }) => ({ kind, id: renamedEntity(model.tree, { kind, id })?.to ?? id }),
    subtreeKeys: (entity) => subtreeKeys(model.tree, entity),
    sweepMs,
  });
  const stopFollowing = model.events.on('entities.changed', ({ renamed = [] }) => {
    for (const { entity } of registry.granted()) {
      const change = renamedEntity(model.tree, entity, renamed);
      if (change) registry.rename(change);
    }
  });
  let refused = 0;
  const onRefusal = () => {
    refused += 1;
  };
  await registry
    .loaded()
    .catch(() => log('error', `Locks from before the start are not in effect: ${registry.failure}`));
  return {
    service: createLockService({ model, registry, settingsOf }),
    access: createLockAccess({ model, registry, settingsOf, underWay, onRefusal }),
    isLockable: (entity) => settingsOf(entity).lockable,
    health: () => healthOf(model.tree, registry, refused),
    close: () => {
      stopFollowing();
      return registry.close();
    },
  };
}

function healthOf(tree: EntityTree, registry: LockRegistry, refused: number): RuntimeHealth {
  const { acquired, broken, expired } = registry.changes;
  const figures = {
    held: registry.holding().length,
    acquired_total: acquired,
    broken_total: broken,
    expired_total: expired,
    refused_changes_total: refused,
  };
  const stored = registry.granted().map((lock) => ({ name: lockId(lock), entity: lock.entity }));
  const message = `Locks from before the start are not in effect, and no lock can be acquired: ${registry.failure}`;
  return {
    warnings: [
      ...(registry.failure === undefined ? [] : [{ code: 'locks_unavailable', message }]),
      ...dormancyWarnings(tree, stored),
    ],
    blocks: { 'x-medkit-locks': figures, ...quotaBlock({ locks: registry.quota }) },
  };
}

const notEnabled = (): Promise<never> =>
  Promise.reject(new SovdError({ code: 'not-implemented', message: 'Locking is not enabled on this gateway' }));

const SWITCHED_OFF: Locks = {
  service: {
    list: notEnabled,
    listAll: notEnabled,
    get: notEnabled,
    acquire: notEnabled,
    extend: notEnabled,
    release: notEnabled,
  },
  access: OPEN_ACCESS,
  isLockable: () => false,
  health: () => ({ warnings: [], blocks: {} }),
  close: async () => undefined,
};
