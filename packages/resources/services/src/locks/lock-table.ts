import type { EntityRef } from '@medkit/core';
import { OwnedMap, type Quota } from '@medkit/edges';
import { keyOf } from '../members/reach.ts';
import type { HeldLock } from './lock.ts';

/** Locks of all entities at most: every change looks through them. */
const MAX_LOCKS = 1000;

/** The locks that are held, one of each entity at most. */
export class LockTable {
  readonly #byEntity = new OwnedMap<string, HeldLock>(MAX_LOCKS, ({ owner }) => owner);

  /** Bounds the locks by who acquired them. */
  get quota(): Quota {
    return this.#byEntity.quota;
  }

  get size(): number {
    return this.#byEntity.size;
  }

  of(entity: EntityRef): HeldLock | undefined {
    return this.#byEntity.get(keyOf(entity));
  }

  all(): readonly HeldLock[] {
    return [...this.#byEntity.values()];
  }

  /** Puts a lock in the place of the one that its entity had. */
  put(lock: HeldLock): void {
    this.#byEntity.set(keyOf(lock.entity), lock);
  }

  /** Whether this lock, or what it was extended to, is still the one of its entity. */
  has({ entity, number }: HeldLock): boolean {
    return this.of(entity)?.number === number;
  }

  /** Gives false where it was gone already. */
  remove(lock: HeldLock): boolean {
    return this.has(lock) && this.#byEntity.delete(keyOf(lock.entity));
  }
}
