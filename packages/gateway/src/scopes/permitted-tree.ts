import { type EntityPattern, parsePattern } from '@medkit/accounts';
import type { Permission } from '@medkit/contract';
import {
  ENTITY_KINDS,
  type Entity,
  type EntityLimits,
  type EntityLists,
  type EntityScope,
  type EntityTree,
  indexEntities,
  memoizeByObject,
} from '@medkit/core';
import { subtree } from '@medkit/entities';

/** What a client does with an entity; with neither member, the entity only has to exist for the client. */
export interface ScopedAction {
  readonly permission?: Permission;
  /** Collection of the entity. */
  readonly collection?: string;
}

/** Cached trees of one account: one for each action that a route needs. */
const MAX_ACTIONS = 256;

const treesOf = memoizeByObject((_: EntityTree) => memoizeByObject((_: EntityLimits) => new Map<string, EntityTree>()));

/**
 * Returns the entities at which the limits of an account permit an action, without references to other entities.
 * Returns the same tree for the same tree, limits and action.
 */
export function permittedTree(tree: EntityTree, limits: EntityLimits, action: ScopedAction = {}): EntityTree {
  const trees = treesOf(tree)(limits);
  const key = `${action.permission ?? ''} ${action.collection ?? ''}`;
  const known = trees.get(key);
  if (known) return known;
  if (trees.size >= MAX_ACTIONS) trees.clear();
  const sets = limits.map((scopes) => new Set(scopes.flatMap((scope) => entitiesOf(tree, scope, action))));
  const made = reducedTree(tree, (entity) => sets.every((set) => set.has(entity)));
  trees.set(key, made);
  return made;
}

/** Returns the entities at which a scope permits an action. */
function entitiesOf(tree: EntityTree, scope: EntityScope, { permission, collection }: ScopedAction): readonly Entity[] {
  const { entities, collections, permissions } = scope;
  if (permission !== undefined && permissions?.includes(permission) === false) return [];
  if (collection !== undefined && collections?.includes(collection) === false) return [];
  return entities.flatMap((text) => {
    const pattern = patternOf(text);
    if (!pattern) return [];
    const named = namedEntities(tree, pattern);
    return pattern.isTree ? named.flatMap((entity) => subtree(tree, entity)) : named;
  });
}

/** Returns a pattern; `undefined` for one of a newer version, which permits nothing. */
function patternOf(text: string): EntityPattern | undefined {
  const pattern = parsePattern(text);
  return typeof pattern === 'string' ? undefined : pattern;
}

function namedEntities(tree: EntityTree, pattern: EntityPattern): readonly Entity[] {
  if (pattern.is === 'entity') return [tree.resolve(pattern.kind, pattern.id) ?? []].flat();
  if (pattern.is === 'kind') return tree.all(pattern.kind);
  const all = ENTITY_KINDS.flatMap((kind): readonly Entity[] => tree.all(kind));
  return pattern.is === 'all' ? all : all.filter(({ tags }) => tags?.includes(pattern.tag));
}

/** Returns the tree of some of the entities: a reference to another entity is removed. */
function reducedTree(tree: EntityTree, isIncluded: (entity: Entity) => boolean): EntityTree {
  const reference = (kind: Entity['kind'], id: string | undefined): string | undefined => {
    const entity = id === undefined ? undefined : tree.get(kind, id);
    return entity && isIncluded(entity) ? id : undefined;
  };
  const references = (kind: Entity['kind'], ids: readonly string[] = []) => ids.filter((id) => reference(kind, id));
  const lists: EntityLists = {
    areas: tree
      .all('area')
      .filter(isIncluded)
      .map((area) => without(area, { parentAreaId: reference('area', area.parentAreaId) })),
    components: tree
      .all('component')
      .filter(isIncluded)
      .map((component) =>
        without(component, {
          areaId: reference('area', component.areaId),
          parentComponentId: reference('component', component.parentComponentId),
          dependsOn: references('component', component.dependsOn),
        }),
      ),
    apps: tree
      .all('app')
      .filter(isIncluded)
      .map((app) =>
        without(app, {
          componentId: reference('component', app.componentId),
          dependsOn: references('app', app.dependsOn),
        }),
      ),
    functions: tree
      .all('function')
      .filter(isIncluded)
      .map((entity) => ({
        ...without(entity, { dependsOn: references('function', entity.dependsOn) }),
        hosts: entity.hosts.filter((id) => reference(tree.get('app', id) ? 'app' : 'component', id)),
      })),
  };
  return indexEntities(lists, tree.generation);
}

/** Returns an entity with these references, without those that are `undefined`. */
function without<E extends Entity>(entity: E, references: Readonly<Record<string, unknown>>): E {
  const reduced: Record<string, unknown> = { ...entity, ...references };
  for (const [name, value] of Object.entries(references)) if (value === undefined) delete reduced[name];
  return reduced as unknown as E;
}
