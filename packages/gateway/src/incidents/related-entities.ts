import type { Entity, EntityKind, EntityTree } from '@medkit/core';

/**
 * What an entity has to do with: what it depends on, what it is on or a part of, and the functions that it serves, as `app:planner`.
 * Not whole areas: everything of a robot may be in one.
 */
export function relatedEntities(tree: EntityTree, kind: EntityKind, id: string): readonly string[] {
  const entity = tree.get(kind, id);
  if (!entity) return [];
  const names = new Set<string>();
  for (const name of dependenciesOf(entity)) names.add(nameOf(tree, name));
  if (entity.kind === 'app' && entity.componentId !== undefined) names.add(`component:${entity.componentId}`);
  if (entity.kind === 'component' && entity.parentComponentId !== undefined)
    names.add(`component:${entity.parentComponentId}`);
  for (const { id: functionId, hosts } of tree.all('function')) {
    if (hosts.includes(id)) names.add(`function:${functionId}`);
  }
  return [...names];
}

function dependenciesOf(entity: Entity): readonly string[] {
  return entity.kind === 'area' ? [] : (entity.dependsOn ?? []);
}

/** An app or a component may be named. */
function nameOf(tree: EntityTree, id: string): string {
  return tree.get('app', id) || !tree.get('component', id) ? `app:${id}` : `component:${id}`;
}
