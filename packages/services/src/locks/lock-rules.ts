import type { Entity, EntityRef, EntityTree, LockSettings } from '@medkit/core';
import { keyOf, reachOf } from '../members/reach.ts';
import { covers, type HeldLock, type Lock, overlap } from './lock.ts';
import { touchedBy } from './lock-reach.ts';

/** How each entity can be locked. */
export type SettingsOf = (entity: Entity) => LockSettings;

/** A change that a client asks for. */
export interface Change {
  readonly entity: Entity;
  readonly collection: string;
  /** What of the collection, empty where all of it or something new. */
  readonly item: string;
  readonly clientId: string;
}

/** Why a change is refused: a lock of the entity is needed, or another client has one. */
export type Denial =
  | { readonly is: 'required'; readonly entity: Entity }
  | { readonly is: 'held'; readonly lock: HeldLock };

/**
 * Whether the locks that hold now let a client make a change; `undefined` where they do. A lock closes what its entity
 * contains as well, except what cannot be locked or is always open; and one of them is enough for what requires a lock.
 */
export function denialOf(
  tree: EntityTree,
  locks: readonly HeldLock[],
  settingsOf: SettingsOf,
  { entity, collection, item, clientId }: Change,
): Denial | undefined {
  const covering = locks.filter((lock) => covers(lock, collection));
  const own = covering.filter((lock) => lock.clientId === clientId);
  const foreign = covering.filter((lock) => lock.clientId !== clientId);
  const reaching = (among: readonly HeldLock[], key: string) =>
    among.find((lock) => reachOf(tree, lock.entity).has(key));

  for (const touched of touchedBy(tree, entity, collection, item)) {
    const { lockable, alwaysOpen, requiredScopes } = settingsOf(touched);
    if (!lockable || alwaysOpen.includes(collection)) continue;
    const key = keyOf(touched);
    if (requiredScopes.includes(collection) && !reaching(own, key)) return { is: 'required', entity: touched };
    const lock = reaching(foreign, key);
    if (lock) return { is: 'held', lock };
  }
  return undefined;
}

/** The lock of the client itself that closes what it changes to all others. */
export function ownLock(
  tree: EntityTree,
  locks: readonly HeldLock[],
  { entity, collection, clientId }: Change,
): HeldLock | undefined {
  const key = keyOf(entity);
  return locks.find(
    (lock) => lock.clientId === clientId && covers(lock, collection) && reachOf(tree, lock.entity).has(key),
  );
}

/** What a client wants to lock. */
export type WantedLock = Pick<Lock, 'entity' | 'clientId' | 'scopes'>;

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
    if (lock.clientId === wanted.clientId || keyOf(lock.entity) === key || !overlap(lock, wanted)) return false;
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
