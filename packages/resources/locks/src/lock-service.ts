import {
  type AcquireLockRequest,
  type EntityKind,
  type ExtendLockRequest,
  entityHref,
  type Lock as LockItem,
  type LockList,
  SovdError,
} from '@medkit/contract';
import type { CallContext, Entity, EntityTree, Model } from '@medkit/core';
import { dormancy, entityKey, entityOf, subtreeKeys } from '@medkit/entities';
import { heldLock } from './held-lock.ts';
import { type HeldLock, isHolder, type LockClient, lockExpiration, lockId, wholeSeconds } from './lock.ts';
import type { LockRegistry } from './lock-registry.ts';
import { assertNotTooLong, clientOf, lockClient, scopesOf, secondsOf } from './lock-request.ts';
import { conflictOf, type RequestedLock, type SettingsOf } from './lock-rules.ts';

/**
 * The locks of entities as the API serves them. Every call throws `SovdError`. With `visible`, the entities that the
 * client sees, lists have the locks of these entities only.
 */
export interface LockService {
  /** Lists the lock of an entity; with `effective`, also the locks of entities that contain it, which close it too. */
  list(
    kind: EntityKind,
    id: string,
    query: { readonly effective: boolean },
    call: CallContext,
    visible?: EntityTree,
  ): Promise<LockList>;
  /** Lists the locks of all entities. */
  listAll(call: CallContext, visible?: EntityTree): Promise<LockList>;
  get(kind: EntityKind, id: string, lock: string, call: CallContext): Promise<LockItem>;
  /** Resolves with the lock and its path. */
  acquire(
    kind: EntityKind,
    id: string,
    request: AcquireLockRequest,
    call: CallContext,
  ): Promise<{ readonly lock: LockItem; readonly href: string }>;
  extend(kind: EntityKind, id: string, lock: string, request: ExtendLockRequest, call: CallContext): Promise<void>;
  release(kind: EntityKind, id: string, lock: string, call: CallContext): Promise<void>;
}

export interface LockServiceOptions {
  readonly model: Pick<Model, 'tree'>;
  readonly registry: LockRegistry;
  readonly settingsOf: SettingsOf;
}

/** Creates the lock service of a gateway. */
export function createLockService({ model, registry, settingsOf }: LockServiceOptions): LockService {
  const lockOf = (entity: Entity, id: string): HeldLock => {
    const lock = registry.of(entity);
    if (lock && lockId(lock) === id) return lock;
    throw notFound(entity, id);
  };

  /** Returns the locks of other entities that close this entity, nearest first. */
  const closing = (entity: Entity): readonly HeldLock[] => {
    const { tree } = model;
    const reach = ({ entity: locked }: HeldLock) => subtreeKeys(tree, locked);
    return registry
      .granted()
      .filter(
        (lock) =>
          entityKey(lock.entity) !== entityKey(entity) &&
          !dormancy(tree, lock.entity) &&
          reach(lock).has(entityKey(entity)),
      )
      .toSorted((a, b) => reach(a).size - reach(b).size);
  };

  const listOf = (locks: readonly HeldLock[], call: CallContext, visible?: EntityTree): LockList => {
    const seen = visible ? locks.filter(({ entity: { kind, id } }) => visible.get(kind, id)) : locks;
    return { items: seen.map((lock) => itemOf(lock, lockClient(call), model.tree)) };
  };

  const assertFree = (entity: Entity, wanted: RequestedLock, breaks: boolean): void => {
    const { tree } = model;
    if (!settingsOf(entity).lockable) {
      const message = `${entity.kind} ${entity.id} cannot be locked: its manifest forbids it`;
      throw new SovdError({ code: 'invalid-request', status: 409, message });
    }
    const current = registry.holding().find((lock) => lock.entity.kind === entity.kind && lock.entity.id === entity.id);
    if (current && !breaks) throw conflict('The entity is already locked', current);
    if (current && !(current.breakable && registry.of(entity)))
      throw conflict('The entity is locked, and its lock is not breakable', current);
    const other = conflictOf(tree, registry.holding(), wanted, ({ kind, id }) => {
      const shared = tree.get(kind, id);
      return shared !== undefined && settingsOf(shared).lockable;
    });
    if (other) throw conflict(`Another client has locked ${other.entity.kind} ${other.entity.id}`, other);
  };

  return {
    list: async (kind, id, { effective }, call, visible) => {
      const entity = entityOf(model.tree, kind, id);
      const current = registry.of(entity);
      const others = effective && settingsOf(entity).lockable ? closing(entity) : [];
      return listOf([...(current ? [current] : []), ...others], call, visible);
    },
    listAll: async (call, visible) => listOf(registry.granted(), call, visible),
    get: async (kind, id, lock, call) =>
      itemOf(lockOf(entityOf(model.tree, kind, id), lock), lockClient(call), model.tree),
    acquire: async (kind, id, { lock_expiration, scopes: requested, break_lock }, call) => {
      const client = clientOf(call);
      const entity = entityOf(model.tree, kind, id);
      const settings = settingsOf(entity);
      const seconds = secondsOf(lock_expiration);
      const scopes = scopesOf(requested);
      assertNotTooLong(seconds, settings);
      const wanted = { entity: { kind, id: entity.id }, ...client, scopes, breakable: settings.breakable, seconds };
      const lock = await registry.acquire(wanted, () => assertFree(entity, wanted, break_lock === true), call);
      return {
        lock: itemOf(lock, client, model.tree),
        href: `${entityHref(kind, entity.id, 'locks')}/${lockId(lock)}`,
      };
    },
    extend: async (kind, id, lock, { lock_expiration }, call) => {
      const client = clientOf(call);
      const entity = entityOf(model.tree, kind, id);
      const held = lockOf(entity, lock);
      assertNotTooLong(secondsOf(lock_expiration), settingsOf(entity));
      assertHolder(held, client);
      if (!(await registry.extend(held, lock_expiration))) throw notFound(entity, lock);
    },
    release: async (kind, id, lock, call) => {
      const client = clientOf(call);
      const held = lockOf(entityOf(model.tree, kind, id), lock);
      if (!mayEndLockOf(held, call.principal)) assertHolder(held, client);
      await registry.release(held);
    },
  };
}

function itemOf(lock: HeldLock, client: LockClient, tree: EntityTree): LockItem {
  const { clientId, scopes, entity, breakable, acquiredMs } = lock;
  const problem = dormancy(tree, entity);
  return {
    id: lockId(lock),
    owned: isHolder(lock, client),
    ...(scopes.length > 0 && { scopes: [...scopes] }),
    lock_expiration: lockExpiration(lock),
    holder: clientId,
    entity: { type: entity.kind, id: entity.id },
    ...(acquiredMs !== undefined && { acquired_at: wholeSeconds(acquiredMs) }),
    breakable,
    ...(problem !== undefined && { 'x-medkit': { problem } }),
  };
}

function assertHolder(held: HeldLock, client: LockClient): void {
  if (!isHolder(held, client)) throw new SovdError({ code: 'forbidden', message: 'Another client holds this lock' });
}

/** Returns whether a principal may end another principal's lock, for example that of a deleted user. */
function mayEndLockOf({ principal }: HeldLock, { kind, id, permissions }: CallContext['principal']): boolean {
  const isKnown = kind !== 'anonymous' && kind !== 'gateway';
  return isKnown && principal !== id && permissions.has('locks.break');
}

function notFound({ id }: Entity, lock: string): SovdError {
  const parameters = { lock_id: lock, entity_id: id };
  return new SovdError({ code: 'resource-not-found', message: 'Lock not found', parameters });
}

function conflict(what: string, existing: HeldLock): SovdError {
  return heldLock(existing, what, { existing_lock_id: lockId(existing) });
}
