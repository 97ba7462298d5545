import { ENTITY_KINDS, type Entity, type EntityRef, type EntityTree, type LockSettings, onceFor } from '@medkit/core';
import { keyOf, reachOf } from '../members/reach.ts';
import { covers, type HeldLock, isHolder, type Lock, type LockClient, overlap } from './lock.ts';

/** How each entity can be locked. */
export type SettingsOf = (entity: Entity) => LockSettings;

/** A change that a client asks for. */
export interface Change {
  readonly entity: Entity;
  readonly collection: string;
  /** What of the collection, empty where all of it or something new. */
  readonly item: string;
  readonly client: LockClient;
  /** All whose item it is, where that is more than its address tells: every node that uses a channel. */
  readonly holders?: () => Promise<readonly Entity[]>;
}

/** Why a change is refused: a lock of the entity is needed, or another client has one. */
export type Denial =
  | { readonly is: 'required'; readonly entity: Entity }
  | { readonly is: 'held'; readonly lock: HeldLock };

/** What decides about changes at a moment. */
export interface LockRules {
  readonly tree: EntityTree;
  readonly locks: readonly HeldLock[];
  readonly settingsOf: SettingsOf;
}

/**
 * Whether the locks that hold now let a client change what belongs to the entities `touched`; `undefined` where they do. A
 * lock closes what its entity contains as well, except what cannot be locked or is always open. Where an entity, or one that
 * contains it, requires a lock for the collection, the client needs one that closes the entity which says so, by whatever
 * address it makes the change.
 */
export function denialOf(
  { tree, locks, settingsOf }: LockRules,
  touched: readonly Entity[],
  { collection, client }: Pick<Change, 'collection' | 'client'>,
): Denial | undefined {
  const covering = locks.filter((lock) => covers(lock, collection));
  const own = covering.filter((lock) => isHolder(lock, client));
  const foreign = covering.filter((lock) => !isHolder(lock, client));
  const reaching = (among: readonly HeldLock[], key: string) =>
    among.find((lock) => reachOf(tree, lock.entity).has(key));
  const isOpen = (entity: Entity): boolean => {
    const { lockable, alwaysOpen } = settingsOf(entity);
    return !lockable || alwaysOpen.includes(collection);
  };
  const unmet = requiring(tree, settingsOf).filter(
    (entity) =>
      settingsOf(entity).requiredScopes.includes(collection) && !isOpen(entity) && !reaching(own, keyOf(entity)),
  );

  for (const entity of touched) {
    if (isOpen(entity)) continue;
    const key = keyOf(entity);
    const requires = unmet.find((container) => reachOf(tree, container).has(key));
    if (requires) return { is: 'required', entity: requires };
    const lock = reaching(foreign, key);
    if (lock) return { is: 'held', lock };
  }
  return undefined;
}

/** The entities of a tree that require locks for something. */
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

const requiringByTree = onceFor((_tree: EntityTree) => new Map<SettingsOf, readonly Entity[]>());

/** The lock of the client itself that closes what it changes to all others. */
export function ownLock(
  tree: EntityTree,
  locks: readonly HeldLock[],
  { entity, collection, client }: Change,
): HeldLock | undefined {
  const key = keyOf(entity);
  return locks.find(
    (lock) => isHolder(lock, client) && covers(lock, collection) && reachOf(tree, lock.entity).has(key),
  );
}

/** What a client wants to lock. */
export type WantedLock = Pick<Lock, 'entity' | 'clientId' | 'principal' | 'scopes'>;

/** A lock of another client on another entity that closes something of what is wanted. */
export function conflictOf(
  tree: EntityTree,
  locks: readonly HeldLock[],
  wanted: WantedLock,
  isLockable: (ref: EntityRef) => boolean,
): HeldLock | undefined {
  const reach = reachOf(tree, wanted.entity);
  const key = keyOf(wanted.entity);
  return locks.find((lock) => {
    if (isHolder(lock, wanted) || keyOf(lock.entity) === key || !overlap(lock, wanted)) return false;
    return sharesOne(reach, reachOf(tree, lock.entity), (shared) => isLockable(refOf(shared)));
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
