import type { EntityRef } from '../entity/entity.ts';

/** The tree has a new generation. */
export interface EntitiesChanged {
  readonly generation: number;
  readonly added: readonly EntityRef[];
  readonly removed: readonly EntityRef[];
  /** Entities that are there before and after, with other content. */
  readonly changed: readonly EntityRef[];
}

/** Every event of the bus. */
export interface CoreEvents {
  readonly 'entities.changed': EntitiesChanged;
}
