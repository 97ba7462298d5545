import { type EntityKind, entityHref, type Links, type Related, type RelationStep, type Route } from '@medkit/contract';
import type { App, Area, Component, Entity, EntityRef, EntityTree } from '@medkit/core';
import { collection } from './collection.ts';
import { appItem, areaItem, componentItem, type ListItemOf, missingItem } from './list-item.ts';
import { entityOf, presentEntity } from './lookup.ts';

/** A relation of entities of a kind; `name` is the last segment of its path. */
export interface Relation extends Related {
  readonly kind: EntityKind;
  readonly name: string;
}

/** Returns the relation that a route serves, if any. */
export function relationOf({ related, kind, path }: Route): Relation | undefined {
  return related && kind && { ...related, kind, name: path.slice(path.lastIndexOf('/') + 1) };
}

/** Result of a step: the kind and ids of the related entities, including ids of entities that do not exist. */
interface Led {
  readonly kind: EntityKind;
  readonly ids: readonly string[];
}

const idsOf = (entities: readonly Entity[]): readonly string[] => entities.map(({ id }) => id);
const idIn = (id: string | undefined): readonly string[] => (id === undefined ? [] : [id]);

/** The steps from an entity. The contract defines each step only for the kinds that it fits. */
const STEPS: Readonly<Record<RelationStep, (tree: EntityTree, from: Entity) => Led>> = {
  area: (_tree, from) => ({ kind: 'area', ids: idIn((from as Component).areaId) }),
  component: (_tree, from) => ({ kind: 'component', ids: idIn((from as App).componentId) }),
  dependencies: (_tree, from) => ({ kind: from.kind, ids: (from as App | Component).dependsOn ?? [] }),
  subareas: (tree, { id }) => ({ kind: 'area', ids: idsOf(tree.subareas(id)) }),
  components: (tree, { id }) => ({ kind: 'component', ids: idsOf(tree.componentsIn(id)) }),
  'all-components': (tree, { id }) => ({ kind: 'component', ids: idsOf(tree.componentsBelow(id)) }),
  subcomponents: (tree, { id }) => ({ kind: 'component', ids: idsOf(tree.subcomponents(id)) }),
  apps: (tree, { kind, id }) => ({ kind: 'app', ids: idsOf(kind === 'function' ? tree.appsOf(id) : tree.appsOn(id)) }),
};

/** Lists the entities related to one entity. Related entities that do not exist are marked as missing. */
export function relatedEntities(tree: EntityTree, { kind, name, steps, back, idsOnly }: Relation, id: string) {
  // Apps are resolved in the whole tree, so that the error names the kind that has this id.
  const entity = kind === 'app' ? entityOf(tree, kind, id) : presentEntity(tree, kind, id);
  const items = follow(tree, steps, entity, idsOnly === true);
  const links: Links | undefined =
    back === undefined ? undefined : { self: entityHref(kind, entity.id, name), [back]: entityHref(kind, entity.id) };
  return collection(items, links);
}

type Item = ListItemOf[EntityKind];

function follow(tree: EntityTree, [step, ...rest]: readonly RelationStep[], from: Entity, plain: boolean): Item[] {
  if (step === undefined) return [itemOf(from, plain)];
  const { kind, ids } = STEPS[step](tree, from);
  const last = rest.at(-1);
  return ids.flatMap((id): Item[] => {
    const found = tree.get(kind, id);
    if (found) return follow(tree, rest, found, plain);
    return [last === undefined ? missingItem(kind, id) : unknownItem(last, { kind, id })];
  });
}

function itemOf(entity: Entity, plain: boolean): Item {
  const whole = wholeItem(entity);
  if (!plain) return whole;
  const { 'x-medkit': _, ...item } = whole;
  return item;
}

function wholeItem(entity: Entity): Item {
  if (entity.kind === 'area') return areaItem(entity as Area);
  return entity.kind === 'app' ? appItem(entity) : componentItem(entity as Component);
}

/** Creates the item for the result of a step from an entity that does not exist. */
function unknownItem(step: RelationStep, { kind, id }: EntityRef): Item {
  const about = { missing: true, [`unresolved_${kind}`]: id };
  return { id: '', name: `<unknown ${step}>`, type: step, href: '', 'x-medkit': about } as Item;
}
