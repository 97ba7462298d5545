import type { App, Area, Component, Entity, EntityKind, EntityLists, EntityOf } from './entity.ts';
import { ENTITY_KINDS, listOf } from './entity.ts';
import { KindIndex } from './kind-index.ts';
import type { EntityTree } from './tree.ts';

type Kinds = { readonly [K in EntityKind]: KindIndex<EntityOf[K]> };

/** The indexes of each tree. */
const kindsByTree = new WeakMap<EntityTree, Kinds>();

/**
 * Builds the tree of `lists`, whose ids are unique per kind. Unresolved references and cycles of parents are allowed.
 * Reuses the indexes of the previous tree `before` for kinds that did not change.
 */
export function indexEntities(lists: EntityLists, generation: number, before?: EntityTree): EntityTree {
  const old = before && kindsByTree.get(before);
  const kinds: Kinds = {
    area: indexKind(lists, 'area', old),
    component: indexKind(lists, 'component', old),
    app: indexKind(lists, 'app', old),
    function: indexKind(lists, 'function', old),
  };
  const subareas = groups(kinds.area.all, (area) => area.parentAreaId);
  const componentsIn = groups(kinds.component.all, (component) => component.areaId);
  const subcomponents = groups(kinds.component.all, (component) => component.parentComponentId);
  const appsOn = groups(kinds.app.all, (app) => app.componentId);

  const componentsBelow = (areaId: string): readonly Component[] => {
    const below = [areaId, ...descend(subareas(areaId), (area) => subareas(area.id)).map((area) => area.id)];
    return inIdOrder(new Set(below.flatMap(componentsIn)));
  };

  /** Returns the components with everything they contain: subcomponents at any depth and the apps of all of them. */
  const expand = (components: readonly Component[]): Set<Entity> => {
    const contained = descend(components, (component) => subcomponents(component.id));
    return new Set<Entity>([...contained, ...contained.flatMap((component) => appsOn(component.id))]);
  };

  const members = (entity: Entity): readonly Entity[] => {
    if (entity.kind === 'app') return [entity];
    if (entity.kind === 'area') return inIdOrder(expand(componentsBelow(entity.id)));
    if (entity.kind === 'component') {
      const contained = expand([entity]);
      contained.delete(entity);
      const rest = inIdOrder(contained);
      return entity.address ? [entity, ...rest] : rest;
    }
    const hosts = hostsOf(entity.hosts);
    return inIdOrder(new Set<Entity>([...hosts.apps, ...expand(hosts.components)]));
  };

  const hostsOf = (ids: readonly string[]): { apps: App[]; components: Component[] } => ({
    apps: ids.flatMap((id) => kinds.app.get(id) ?? []),
    components: ids.flatMap((id) => (kinds.app.has(id) ? [] : (kinds.component.get(id) ?? []))),
  });

  const tree: EntityTree = {
    generation,
    all: (kind) => kinds[kind].all,
    get: (kind, id) => kinds[kind].get(id),
    resolve: (kind, name) => kinds[kind].resolve(name),
    topLevel: (kind) => kinds[kind].all.filter((entity) => isTop(kinds, entity)),
    kindsOf: (id) => ENTITY_KINDS.filter((kind) => kinds[kind].has(id)),
    subareas,
    componentsIn,
    componentsBelow,
    subcomponents,
    appsOn,
    appsOf: (functionId) => {
      const hosting = kinds.function.get(functionId)?.hosts ?? [];
      return inIdOrder(new Set(hostsOf(hosting).apps));
    },
    members,
  };
  kindsByTree.set(tree, kinds);
  return tree;
}

function indexKind<K extends EntityKind>(lists: EntityLists, kind: K, before?: Kinds): KindIndex<EntityOf[K]> {
  const entities = listOf(lists, kind);
  // The compiler cannot relate the kind to the type of its index.
  const old = before?.[kind] as KindIndex<EntityOf[K]> | undefined;
  return old?.all === entities ? old : new KindIndex(isInIdOrder(entities) ? entities : inIdOrder(entities), old);
}

function isInIdOrder(entities: readonly Entity[]): boolean {
  for (let at = 1; at < entities.length; at++) if (entities[at - 1].id > entities[at].id) return false;
  return true;
}

/**
 * Returns whether an area or component is a root. In a cycle of parents every member is a root; otherwise no list would
 * show them.
 */
function isTop(kinds: { area: KindIndex<Area>; component: KindIndex<Component> }, entity: Area | Component): boolean {
  const parentOf = (child: Area | Component): Area | Component | undefined =>
    child.kind === 'area'
      ? kinds.area.get(child.parentAreaId ?? '')
      : kinds.component.get(child.parentComponentId ?? '');
  const seen = new Set<Entity>();
  for (let at = parentOf(entity); at && !seen.has(at); at = parentOf(at)) {
    if (at === entity) return true;
    seen.add(at);
  }
  return parentOf(entity) === undefined;
}

/** Returns `from` and everything reachable through `children`, each once. */
function descend<E extends Entity>(from: readonly E[], children: (entity: E) => readonly E[]): E[] {
  const found = new Set(from);
  // Iterating over a Set also visits elements added during the loop, so the loop ends when no new child is found.
  for (const entity of found) for (const child of children(entity)) found.add(child);
  return [...found];
}

/**
 * Groups entities by a key. Groups on first use, because most trees of a starting robot are replaced before they are
 * queried.
 */
function groups<E extends Entity>(
  entities: readonly E[],
  keyOf: (entity: E) => string | undefined,
): (key: string) => readonly E[] {
  let grouped: ReadonlyMap<string | undefined, readonly E[]> | undefined;
  return (key) => {
    grouped ??= Map.groupBy(entities, keyOf);
    return grouped.get(key) ?? [];
  };
}

/**
 * Sorts by UTF-16 code unit, so that the order never depends on a locale. Entities with the same id are in the order of
 * their kinds.
 */
function inIdOrder<E extends Entity>(entities: Iterable<E>): E[] {
  return [...entities].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : rank(a) - rank(b)));
}

function rank(entity: Entity): number {
  return ENTITY_KINDS.indexOf(entity.kind);
}
