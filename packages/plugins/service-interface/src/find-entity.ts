import { API_BASE, entityHref } from '@medkit/contract';
import type { Entity, EntityLists } from '@medkit/core';

/** The entity with this id. Where several kinds have one, a component, then an app, an area, a function. */
export function findEntity({ components, apps, areas, functions }: EntityLists, id: string): Entity | undefined {
  for (const list of [components, apps, areas, functions] as const) {
    const found = (list as readonly Entity[]).find((entity) => entity.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Path of a resource of an entity, as `request` of a plugin takes it. */
export function resourcePath({ kind, id }: Entity, resource: string): string {
  return entityHref(kind, id, resource).slice(API_BASE.length);
}

export function entityNotFound(id: string): string {
  return `Entity not found: ${id}`;
}
