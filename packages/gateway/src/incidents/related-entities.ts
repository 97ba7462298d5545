import type { Entity, EntityKind, EntityTree } from '@medkit/core';

/**
 * Returns the entities related to an entity: its dependencies, its components, and the functions that it serves, as
 * `app:planner`. Excludes areas: everything of a robot may be in one.
 */
export function relatedEntities(tree: EntityTree, kind: EntityKind, id: string): readonly string[] {
  const entity = tree.get(kind, id);
  if (!entity) return [];
  const names = new Set<string>();
  for (const name of dependenciesOf(entity)) names.add(nameOf(tree, name));
  if (entity.kind === 'app' && entity.componentId !== undefined) names.add(`component:${entity.componentId}`);
  if (entity.kind === 'component' && entity.parentComponentId !== undefined)
    names.add(`component:${entity.parentComponentId}`);
  const holders = holdersOf(tree, entity);
  for (const { id: functionId, hosts } of tree.all('function')) {
    if (hosts.includes(id) || servesWithOthers(tree, holders, hosts)) names.add(`function:${functionId}`);
  }
  return [...names];
}

/**
 * Returns whether a function is served by the host of an entity and by something else. A function of a single component
 * is ignored: it would relate everything on the component.
 */
function servesWithOthers(tree: EntityTree, holders: ReadonlySet<string>, hosts: readonly string[]): boolean {
  const serving = hosts.find((host) => holders.has(host));
  if (serving === undefined) return false;
  return hosts.some((host) => {
    const other = tree.get('app', host) ?? tree.get('component', host);
    return other !== undefined && host !== serving && !holdersOf(tree, other).has(serving);
  });
}

/** Returns the components that contain an entity, at any depth. */
function holdersOf(tree: EntityTree, entity: Entity): ReadonlySet<string> {
  const holders = new Set<string>();
  let above = entity.kind === 'app' ? entity.componentId : parentOf(entity);
  // The manifest may contain a cycle.
  while (above !== undefined && !holders.has(above)) {
    holders.add(above);
    above = parentOf(tree.get('component', above));
  }
  return holders;
}

function parentOf(entity: Entity | undefined): string | undefined {
  return entity?.kind === 'component' ? entity.parentComponentId : undefined;
}

function dependenciesOf(entity: Entity): readonly string[] {
  return entity.kind === 'area' ? [] : (entity.dependsOn ?? []);
}

/** The name may be that of an app or a component. */
function nameOf(tree: EntityTree, id: string): string {
  return tree.get('app', id) || !tree.get('component', id) ? `app:${id}` : `component:${id}`;
}
