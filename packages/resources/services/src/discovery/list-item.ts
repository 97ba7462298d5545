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
import { present } from './present.ts';

/** The contract's list item of each kind. */
export interface ListItemOf {
  readonly area: AreaListItem;
  readonly component: ComponentListItem;
  readonly app: AppListItem;
  readonly function: FunctionListItem;
}

/** An area as an item of a collection. */
export function areaItem(area: Area): AreaListItem {
  return { ...common(area), ...xMedkit({ ...graphNames({ namespace: area.namespace }) }) };
}

/** A component as an item of a collection. */
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

/** An app as an item of a collection. */
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

/** A function as an item of a collection. */
export function functionItem(entity: FunctionEntity): FunctionListItem {
  return { ...common(entity), ...xMedkit({ source: entity.source }) };
}

/** An entity that something refers to and that does not exist. */
export function missingItem<K extends EntityKind>(kind: K, id: string) {
  return { id, name: id, type: kind, href: entityHref(kind, id), 'x-medkit': { missing: true } };
}

function common<E extends Entity>({ kind, id, name, description, tags }: E) {
  return {
    id,
    name: name || id,
    type: kind,
    href: entityHref(kind, id),
    ...present({ description, tags: tags && [...tags] }),
  };
}

/** The block in which the contract has what an entity is called in its graph; none where that has no name. */
export function graphNames(names: { readonly node?: string; readonly namespace?: string }) {
  const ros2 = present(names);
  return ros2 && { ros2 };
}

function xMedkit<T extends object>(fields: T): { 'x-medkit'?: T } {
  const block = present(fields);
  return block ? { 'x-medkit': block } : {};
}
