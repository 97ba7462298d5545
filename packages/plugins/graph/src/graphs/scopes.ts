import type { EntityKind } from '@medkit/contract';
import { type App, type EntityLists, type EntityTree, indexEntities } from '@medkit/core';

/** Kinds of entities that consist of apps and can form a pipeline. */
export type ScopeKind = Exclude<EntityKind, 'app'>;

export const SCOPE_KINDS: readonly ScopeKind[] = ['function', 'component', 'area'];

/** The apps of an entity in the current tree. */
export class Scopes {
  #lists: EntityLists | undefined;
  #tree: EntityTree | undefined;

  /** Returns the tree of these lists; the previous one if they are the same. */
  treeOf(lists: EntityLists): EntityTree {
    const old = this.#lists;
    const isSame =
      old?.areas === lists.areas &&
      old?.components === lists.components &&
      old?.apps === lists.apps &&
      old?.functions === lists.functions;
    if (this.#tree && isSame) return this.#tree;
    this.#lists = lists;
    this.#tree = indexEntities(lists, 0);
    return this.#tree;
  }
}

/** Returns the apps of an entity, at any depth, each once; `undefined` if the entity does not exist. */
export function appsOf(tree: EntityTree, kind: ScopeKind, id: string): readonly App[] | undefined {
  const entity = tree.get(kind, id);
  return entity && tree.members(entity).filter((member) => member.kind === 'app');
}
