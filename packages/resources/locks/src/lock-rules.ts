import {
  ENTITY_KINDS,
  type Entity,
  type EntityRef,
  type EntityTree,
  type LockSettings,
  memoizeByObject,
} from '@medkit/core';
import { entityKey, subtreeKeys } from '@medkit/entities';
import { covers, type HeldLock, isHolder, type Lock, type LockClient, overlap } from './lock.ts';

/** Returns the lock settings of an entity. */
export type SettingsOf = (entity: Entity) => LockSettings;

/** A change that a client requests. */
export interface Change {
  readonly entity: Entity;
  readonly collection: string;
  /** Item of the collection; empty for the whole collection or a new item. */
  readonly item: string;
  readonly client: LockClient;
  /** Returns the further entities that share the item, for example every node that uses a channel. */
  readonly holders?: () => Promise<readonly Entity[]>;
}

/** Why a change is refused: a lock of the entity is required, or another client holds one. */
export type Denial =
  | { readonly is: 'required'; readonly entity: Entity }
  | { readonly is: 'held'; readonly lock: HeldLock };

/** The state that decides about changes. */
export interface LockRules {
  readonly tree: EntityTree;
  readonly locks: readonly HeldLock[];
  readonly settingsOf: SettingsOf;
}

/**
 * Returns why the current locks refuse a client's change of the entities `touched`, or `undefined` if they allow it. A
 * lock also closes what its entity contains, except what cannot be locked or is always open. If an entity or a parent
 * of it requires a lock for the collection, the client needs a lock that closes this entity. This holds for every path
 * by which the client makes the change.
 */
export function denialOf(
  { tree, locks, settingsOf }: LockRules,
  touched: readonly Entity[],
  { collection, client }: Pick<Change, 'collection' | 'client'>,
): Denial | undefined {
  const covering = locks.filter((lock) => covers(lock, collection));
  const clientLocks = covering.filter((lock) => isHolder(lock, client));
  const foreign = covering.filter((lock) => !isHolder(lock, client));
  const reaching = (among: readonly HeldLock[], key: string) =>
    among.find((lock) => subtreeKeys(tree, lock.entity).has(key));
  const isOpen = (entity: Entity): boolean => {
    const { lockable, alwaysOpen } = settingsOf(entity);
    return !lockable || alwaysOpen.includes(collection);
  };
  const unmet = requiring(tree, settingsOf).filter(
    (entity) =>
      settingsOf(entity).requiredScopes.includes(collection) &&
      !isOpen(entity) &&
      !reaching(clientLocks, entityKey(entity)),
  );

  for (const entity of touched) {
    if (isOpen(entity)) continue;
    const key = entityKey(entity);
    const requires = unmet.find((container) => subtreeKeys(tree, container).has(key));
    if (requires) return { is: 'required', entity: requires };
    const lock = reaching(foreign, key);
    if (lock) return { is: 'held', lock };
  }
  return undefined;
}

/** Returns the entities of a tree that require locks for any collection. */
function requiring(tree: EntityTree, settingsOf: SettingsOf): readonly Entity[] {
  const known = requiringByTree(tree);
  const found =
    known.get(settingsOf) ??
    ENTITY_KINDS.flatMap((kind): readonly Entity[] => tree.all(kind)).filter(
      (entity) => settingsOf(entity).requiredScopes.length > 0,
    );
  known.set(settingsOf, found);
  return found;
}

const requiringByTree = memoizeByObject((_tree: EntityTree) => new Map<SettingsOf, readonly Entity[]>());

/** Returns the client's lock that closes the changed collection to others, if any. */
export function clientLock(
  tree: EntityTree,
  locks: readonly HeldLock[],
  { entity, collection, client }: Change,
): HeldLock | undefined {
  const key = entityKey(entity);
  return locks.find(
    (lock) => isHolder(lock, client) && covers(lock, collection) && subtreeKeys(tree, lock.entity).has(key),
  );
}

/** The request for a lock. */
export type RequestedLock = Pick<Lock, 'entity' | 'clientId' | 'principal' | 'scopes'>;

/** Returns a lock of another client on another entity that overlaps the requested one, if any. */
export function conflictOf(
  tree: EntityTree,
  locks: readonly HeldLock[],
  wanted: RequestedLock,
  isLockable: (ref: EntityRef) => boolean,
): HeldLock | undefined {
  const reach = subtreeKeys(tree, wanted.entity);
  const key = entityKey(wanted.entity);
  return locks.find((lock) => {
    if (isHolder(lock, wanted) || entityKey(lock.entity) === key || !overlap(lock, wanted)) return false;
    return sharesOne(reach, subtreeKeys(tree, lock.entity), (shared) => isLockable(refOf(shared)));
  });
}

function sharesOne(one: ReadonlySet<string>, other: ReadonlySet<string>, counts: (key: string) => boolean): boolean {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  for (const key of small) if (large.has(key) && counts(key)) return true;
  return false;
}

function refOf(key: string): EntityRef {
  const [kind, id] = key.split('/') as [EntityRef['kind'], string];
  return { kind, id };
}
