import {
  type AppListItem,
  type AreaListItem,
  type ComponentListItem,
  type EntityKind,
  entityHref,
  type FunctionListItem,
} from '@medkit/contract';
import type { App, Area, Component, Entity, FunctionEntity } from '@medkit/core';
import { nameplateBody } from './nameplate-body.ts';
import { omitEmpty } from './omit-empty.ts';

/** List item type of each kind in the contract. */
export interface ListItemOf {
  readonly area: AreaListItem;
  readonly component: ComponentListItem;
  readonly app: AppListItem;
  readonly function: FunctionListItem;
}

/** Converts an area to a collection item. */
export function areaItem(area: Area): AreaListItem {
  return { ...common(area), ...xMedkit({ ...graphNames({ namespace: area.namespace }) }) };
}

/** Converts a component to a collection item. */
export function componentItem(component: Component): ComponentListItem {
  return {
    ...common(component),
    ...xMedkit({
      source: component.source,
      ...graphNames({ namespace: component.namespace }),
      external: component.external || undefined,
      available: component.available,
      identity: component.identity && nameplateBody(component.identity),
    }),
  };
}

/** Converts an app to a collection item. */
export function appItem(app: App): AppListItem {
  return {
    ...common(app),
    ...xMedkit({
      source: app.source,
      is_online: app.online,
      component_id: app.componentId,
      ...graphNames({ node: app.node }),
      external: app.external || undefined,
      available: app.available,
    }),
  };
}

/** Converts a function to a collection item. */
export function functionItem(entity: FunctionEntity): FunctionListItem {
  return { ...common(entity), ...xMedkit({ source: entity.source }) };
}

/** Creates the item for an entity that is referred to but does not exist. */
export function missingItem<K extends EntityKind>(kind: K, id: string) {
  return { id, name: id, type: kind, href: entityHref(kind, id), 'x-medkit': { missing: true } };
}

function common<E extends Entity>({ kind, id, name, description, tags }: E) {
  return {
    id,
    name: name || id,
    type: kind,
    href: entityHref(kind, id),
    ...omitEmpty({ description, tags: tags && [...tags] }),
  };
}

/** Returns the contract's block of graph names, or `undefined` if the entity has no name in a graph. */
export function graphNames(names: { readonly node?: string; readonly namespace?: string }) {
  const ros2 = omitEmpty(names);
  return ros2 && { ros2 };
}

function xMedkit<T extends object>(fields: T): { 'x-medkit'?: T } {
  const block = omitEmpty(fields);
  return block ? { 'x-medkit': block } : {};
}
