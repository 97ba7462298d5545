import type { EntityKind } from '@medkit/contract';
import { type App, type EntityLists, type EntityTree, indexEntities } from '@medkit/core';

/** Kinds of entity that are made up of apps, which may make up a pipeline. */
export type ScopeKind = Exclude<EntityKind, 'app'>;

export const SCOPE_KINDS: readonly ScopeKind[] = ['function', 'component', 'area'];

/** Which apps an entity is made up of, in the tree of this moment. */
export class Scopes {
  #lists: EntityLists | undefined;
  #tree: EntityTree | undefined;

  /** The tree of these lists; the one of last time where they are the same. */
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

/** The apps of an entity, at any depth, each once; `undefined` where there is no such entity. */
export function appsOf(tree: EntityTree, kind: ScopeKind, id: string): readonly App[] | undefined {
  const entity = tree.get(kind, id);
  return entity && tree.members(entity).filter((member) => member.kind === 'app');
}
