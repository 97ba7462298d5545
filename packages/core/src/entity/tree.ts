import type { App, Area, Component, Entity, EntityKind, EntityOf } from './entity.ts';

/**
 * The merged entities at one moment: immutable, with every relation of SOVD answered from an index. `all` is in id order.
 */
export interface EntityTree {
  /** Grows with every merge that changed something. */
  readonly generation: number;
  all<K extends EntityKind>(kind: K): readonly EntityOf[K][];
  get<K extends EntityKind>(kind: K, id: string): EntityOf[K] | undefined;
  /** By id, then by alias, then with `_` and `-` taken as equal: clients guess app ids from node names. */
  resolve<K extends EntityKind>(kind: K, name: string): EntityOf[K] | undefined;
  /** Areas or components that stand at the top: without a parent, or with one that does not exist or is their own child. */
  topLevel<K extends 'area' | 'component'>(kind: K): readonly EntityOf[K][];
  /** The kinds in which `id` exists, for the error that says it was asked for under the wrong one. */
  kindsOf(id: string): readonly EntityKind[];
  /** Direct children of an area. */
  subareas(areaId: string): readonly Area[];
  /** Components directly in an area. */
  componentsIn(areaId: string): readonly Component[];
  /** Components in an area or any area below it; ends where areas form a circle. */
  componentsBelow(areaId: string): readonly Component[];
  subcomponents(componentId: string): readonly Component[];
  /** Apps located on a component. */
  appsOn(componentId: string): readonly App[];
  /** Apps that a function names as hosts and that exist. */
  appsOf(functionId: string): readonly App[];
  /**
   * The entities whose resources make up this one's: itself for an app; a component and its apps; the apps of a function's
   * hosts; all components below an area and their apps. In id order, the entity itself first where it has resources.
   */
  members(entity: Entity): readonly Entity[];
}
