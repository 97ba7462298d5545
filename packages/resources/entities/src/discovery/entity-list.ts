import type { AppList, AreaList, ComponentList, EntityKind, FunctionList } from '@medkit/contract';
import type { EntityTree } from '@medkit/core';
import { collection } from './collection.ts';
import { appItem, areaItem, componentItem, functionItem } from './list-item.ts';

/** Collection type of each kind in the contract. */
export interface EntityListOf {
  readonly area: AreaList;
  readonly component: ComponentList;
  readonly app: AppList;
  readonly function: FunctionList;
}

const LISTS: { readonly [K in EntityKind]: (tree: EntityTree) => EntityListOf[K] } = {
  area: (tree) => collection(tree.topLevel('area').map(areaItem)),
  component: (tree) => collection(tree.topLevel('component').map(componentItem)),
  app: (tree) => collection(tree.all('app').map(appItem)),
  function: (tree) => collection(tree.all('function').map(functionItem)),
};

/** Lists the entities of a kind; for areas and components only the top level. */
export function entityList<K extends EntityKind>(tree: EntityTree, kind: K): EntityListOf[K] {
  return LISTS[kind](tree);
}
