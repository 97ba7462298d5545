import {
  type AppList,
  type AreaList,
  type AreaListItem,
  type ComponentList,
  type ComponentListItem,
  type EntityKind,
  entityHref,
  type Links,
} from '@medkit/contract';
import type { App, Entity, EntityOf, EntityTree } from '@medkit/core';
import { collection } from './collection.ts';
import { appItem, areaItem, componentItem, type ListItemOf, missingItem } from './list-item.ts';
import { entityOf, presentEntity } from './lookup.ts';

/** The components directly in an area. */
export function listAreaComponents(tree: EntityTree, areaId: string): ComponentList {
  const area = presentEntity(tree, 'area', areaId);
  return collection(tree.componentsIn(area.id).map(componentItem));
}

/** The areas directly in an area. */
export function listSubareas(tree: EntityTree, areaId: string): AreaList {
  const area = presentEntity(tree, 'area', areaId);
  return collection(tree.subareas(area.id).map(areaItem), links(area, 'subareas', 'parent'));
}

/** The components of an area and of every area below it. */
export function listAreaContains(tree: EntityTree, areaId: string): ComponentList {
  const area = presentEntity(tree, 'area', areaId);
  return collection(tree.componentsBelow(area.id).map(componentItem), links(area, 'contains', 'area'));
}

/** The components directly in a component. */
export function listSubcomponents(tree: EntityTree, componentId: string): ComponentList {
  const component = presentEntity(tree, 'component', componentId);
  const items = tree.subcomponents(component.id).map(componentItem);
  return collection(items, links(component, 'subcomponents', 'parent'));
}

/** The apps located on a component. */
export function listComponentHosts(tree: EntityTree, componentId: string): AppList {
  const component = presentEntity(tree, 'component', componentId);
  return collection(tree.appsOn(component.id).map(appItem), links(component, 'hosts', 'component'));
}

/** The components that a component needs, those that do not exist among them. */
export function listComponentDependencies(tree: EntityTree, componentId: string): ComponentList {
  const component = presentEntity(tree, 'component', componentId);
  const items = referred(tree, 'component', component.dependsOn ?? [], componentItem);
  return collection(items, links(component, 'depends-on', 'component'));
}

/** The component that an app is located on, if it says so; also one that does not exist. */
export function getAppHost(tree: EntityTree, appId: string): ComponentList {
  const app = entityOf(tree, 'app', appId);
  const items = hostOf(app).map((id): ComponentListItem => {
    const component = tree.get('component', id);
    if (!component) return missingItem('component', id);
    const { 'x-medkit': _, ...item } = componentItem(component);
    return item;
  });
  return collection(items, links(app, 'is-located-on', 'app'));
}

/** The area of the component that an app is located on. */
export function getAppArea(tree: EntityTree, appId: string): AreaList {
  const app = entityOf(tree, 'app', appId);
  const items = hostOf(app).flatMap((id): AreaListItem[] => {
    const component = tree.get('component', id);
    if (!component) return [areaOfUnknown(id)];
    return component.areaId === undefined ? [] : referred(tree, 'area', [component.areaId], areaItem);
  });
  return collection(items, links(app, 'belongs-to', 'app'));
}

/** The apps that an app needs, those that do not exist among them. */
export function listAppDependencies(tree: EntityTree, appId: string): AppList {
  const app = entityOf(tree, 'app', appId);
  return collection(referred(tree, 'app', app.dependsOn ?? [], appItem), links(app, 'depends-on', 'app'));
}

/** The apps that carry a function and exist. */
export function listFunctionHosts(tree: EntityTree, functionId: string): AppList {
  const entity = presentEntity(tree, 'function', functionId);
  return collection(tree.appsOf(entity.id).map(appItem), links(entity, 'hosts', 'function'));
}

function hostOf(app: App): string[] {
  return app.componentId === undefined ? [] : [app.componentId];
}

function referred<K extends EntityKind>(
  tree: EntityTree,
  kind: K,
  ids: readonly string[],
  item: (entity: EntityOf[K]) => ListItemOf[K],
): (ListItemOf[K] | ReturnType<typeof missingItem<K>>)[] {
  return ids.map((id) => {
    const entity = tree.get(kind, id);
    return entity ? item(entity) : missingItem(kind, id);
  });
}

function areaOfUnknown(componentId: string): AreaListItem {
  return {
    id: '',
    name: '<unknown area>',
    type: 'area',
    href: '',
    'x-medkit': { missing: true, unresolved_component: componentId },
  };
}

function links({ kind, id }: Entity, resource: string, owner: string): Links {
  return { self: entityHref(kind, id, resource), [owner]: entityHref(kind, id) };
}
