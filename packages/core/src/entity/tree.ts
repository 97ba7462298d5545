import type { App, Area, Component, Entity, EntityKind, EntityOf } from './entity.ts';

/** A snapshot of the merged entities: immutable, with an index for every SOVD relation. `all` is sorted by id. */
export interface EntityTree {
  /** Increases with every merge that changed something. */
  readonly generation: number;
  all<K extends EntityKind>(kind: K): readonly EntityOf[K][];
  get<K extends EntityKind>(kind: K, id: string): EntityOf[K] | undefined;
  /**
   * Finds an entity by id, then by alias, then with `_` and `-` treated as equal: clients derive app ids from node
   * names.
   */
  resolve<K extends EntityKind>(kind: K, name: string): EntityOf[K] | undefined;
  /**
   * Returns the root areas or components: those without a parent, with a parent that does not exist, or in a cycle of
   * parents.
   */
  topLevel<K extends 'area' | 'component'>(kind: K): readonly EntityOf[K][];
  /** Returns the kinds in which `id` exists. Used by the error for an id that was requested under the wrong kind. */
  kindsOf(id: string): readonly EntityKind[];
  /** Direct children of an area. */
  subareas(areaId: string): readonly Area[];
  /** Components directly in an area. */
  componentsIn(areaId: string): readonly Component[];
  /** Components in an area or any area below it. Cycles of areas are safe. */
  componentsBelow(areaId: string): readonly Component[];
  subcomponents(componentId: string): readonly Component[];
  /** Apps hosted on a component. */
  appsOn(componentId: string): readonly App[];
  /** Apps that exist among the hosts of a function. */
  appsOf(functionId: string): readonly App[];
  /**
   * Returns the entities whose resources are aggregated for `entity`. For an app, the app itself; for a component, the
   * component and its apps. For a function, the apps of its hosts; for an area, all components below it and their apps.
   * Sorted by id; the entity itself comes first if it has resources.
   */
  members(entity: Entity): readonly Entity[];
}
