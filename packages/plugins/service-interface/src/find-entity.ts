import { API_BASE, entityHref } from '@medkit/contract';
import type { Entity, EntityLists } from '@medkit/core';

/** Returns the entity with this id. If several kinds have one: the component, then the app, the area, the function. */
export function findEntity({ components, apps, areas, functions }: EntityLists, id: string): Entity | undefined {
  for (const list of [components, apps, areas, functions] as const) {
    const found = (list as readonly Entity[]).find((entity) => entity.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Returns the path of an entity's resource for `request` of a plugin. */
export function resourcePath({ kind, id }: Entity, resource: string): string {
  return entityHref(kind, id, resource).slice(API_BASE.length);
}

export function entityNotFound(id: string): string {
  return `Entity not found: ${id}`;
}
