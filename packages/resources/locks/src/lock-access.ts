import { SovdError } from '@medkit/contract';
import type { Entity, EntityTree, Model } from '@medkit/core';
import { entityKey, subtree } from '@medkit/entities';
import { heldLock } from './held-lock.ts';
import { type LockClient, lockId } from './lock.ts';
import type { LockRegistry } from './lock-registry.ts';
import { type Change, clientLock, type Denial, denialOf, type SettingsOf } from './lock-rules.ts';
import type { RunningChanges } from './running-changes.ts';

/** Collections of an entity that are merged from its members: a change of the collection changes the members. */
const OF_MEMBERS: ReadonlySet<string> = new Set(['data', 'operations', 'configurations', 'faults']);

/** Checks changes against the locks. */
export interface LockAccess {
  /**
   * Makes a change if the locks allow it. Passes `work` the id of the client's lock on the entity, if any. Throws 409
   * otherwise: `invalid-request` if the client lacks a required lock, `lock-broken` if another client holds one.
   */
  change<T>(change: Change, work: (clientLock?: string) => T | Promise<T>): Promise<T>;
  /** Makes a change that concerns no single entity; `work` itself skips what the client may not change. */
  changeAll<T>(collection: string, client: LockClient, work: () => T | Promise<T>): Promise<T>;
  /** Returns whether a change of the entity itself would be refused. Locks of its members do not count. */
  isClosed(change: Omit<Change, 'holders'>): boolean;
}

export interface LockAccessOptions {
  readonly model: Pick<Model, 'tree'>;
  readonly registry: Pick<LockRegistry, 'holding'>;
  readonly settingsOf: SettingsOf;
  readonly underWay: RunningChanges;
  /** Called for every refused change. */
  readonly onRefusal: () => void;
}

/** Creates the lock checks of a gateway. */
export function createLockAccess({ model, registry, settingsOf, underWay, onRefusal }: LockAccessOptions): LockAccess {
  const denied = (touched: readonly Entity[], change: Pick<Change, 'collection' | 'client'>) =>
    denialOf({ tree: model.tree, locks: registry.holding(), settingsOf }, touched, change);
  const assertOpen = (touched: readonly Entity[], change: Change): void => {
    const denial = denied(touched, change);
    if (!denial) return;
    onRefusal();
    throw refusal(denial, change);
  };
  const addressed = ({ entity, collection, item }: Change) => affectedEntities(model.tree, entity, collection, item);
  /** Checks the entity first: a client that may not change it must not learn what it holds. */
  const holding = async (change: Change, holders: NonNullable<Change['holders']>): Promise<readonly Entity[]> => {
    assertOpen([change.entity], change);
    return [change.entity, ...(await holders())];
  };
  return {
    change: async (change, work) => {
      const touched = change.holders ? await holding(change, change.holders) : addressed(change);
      assertOpen(touched, change);
      const { collection, client } = change;
      const lock = clientLock(model.tree, registry.holding(), change);
      return underWay.make({ client, collection, touched: new Set(touched.map(entityKey)) }, () =>
        work(lock && lockId(lock)),
      );
    },
    changeAll: (collection, client, work) => underWay.make({ client, collection, touched: 'everything' }, work),
    isClosed: (change) => denied([change.entity], change) !== undefined,
  };
}

/** Lock checks that allow every change, used if locking is disabled. */
export const OPEN_ACCESS: LockAccess = {
  change: async (_change, work) => work(),
  changeAll: async (_collection, _client, work) => work(),
  isClosed: () => false,
};

function refusal(denial: Denial, { entity, collection }: Change): SovdError {
  const parameters = { entity_id: entity.id, collection };
  if (denial.is === 'required') {
    const { kind, id } = denial.entity;
    const details = `The ${collection} of ${kind} ${id} can only be changed by the holder of a lock on them`;
    return new SovdError({
      code: 'invalid-request',
      status: 409,
      message: 'Lock required: acquire one and send its X-Client-Id',
      parameters: { details, ...parameters },
    });
  }
  return heldLock(
    denial.lock,
    `Locked by another client: ${where(denial.lock.entity, entity)} has ${lockId(denial.lock)}`,
    { ...parameters, lock_id: lockId(denial.lock) },
  );
}

function where(locked: Pick<Entity, 'kind' | 'id'>, requested: Entity): string {
  return entityKey(locked) === entityKey(requested) ? 'it' : `${locked.kind} ${locked.id}`;
}

/**
 * Returns the entities that a change touches. This is the addressed entity. For a merged collection it is the member
 * named in `item` as `<member>:<name>`, or all members if `item` names none.
 */
function affectedEntities(tree: EntityTree, entity: Entity, collection: string, item: string): readonly Entity[] {
  if (entity.kind === 'app' || !OF_MEMBERS.has(collection)) return [entity];
  const memberId = item.slice(0, Math.max(0, item.indexOf(':')));
  const named = tree.members(entity).filter((member) => member !== entity && member.id === memberId);
  return named.length > 0 ? named : subtree(tree, entity);
}
