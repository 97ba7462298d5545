import type { EntityRef } from '@medkit/core';
import { OwnedMap, type Quota } from '@medkit/edges';
import { entityKey } from '@medkit/entities';
import type { HeldLock } from './lock.ts';

/** Maximum locks of all entities: every change checks all of them. */
const MAX_LOCKS = 1000;

/** The held locks, at most one per entity. */
export class LockTable {
  readonly #byEntity = new OwnedMap<string, HeldLock>(MAX_LOCKS, ({ owner }) => owner);

  /** Quota of locks by the client that acquired them. */
  get quota(): Quota {
    return this.#byEntity.quota;
  }

  get size(): number {
    return this.#byEntity.size;
  }

  of(entity: EntityRef): HeldLock | undefined {
    return this.#byEntity.get(entityKey(entity));
  }

  all(): readonly HeldLock[] {
    return [...this.#byEntity.values()];
  }

  /** Stores a lock, replacing the lock of its entity. */
  put(lock: HeldLock): void {
    this.#byEntity.set(entityKey(lock.entity), lock);
  }

  /** Returns whether this lock, possibly extended since, is still the lock of its entity. */
  has({ entity, number }: HeldLock): boolean {
    return this.of(entity)?.number === number;
  }

  /** Returns false if the lock was already removed. */
  remove(lock: HeldLock): boolean {
    return this.has(lock) && this.#byEntity.delete(entityKey(lock.entity));
  }
}
