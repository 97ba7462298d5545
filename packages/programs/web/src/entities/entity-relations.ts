import type { EntityRef } from '@medkit/client';
import type { EntityFaults, EntityKind, TreeItem } from '@medkit/contract';

/** Maximum nesting depth; trees of other gateways may contain cycles. */
const MAX_DEPTH = 12;

/** Returns the tree item of an entity. */
export function entityIn(items: readonly TreeItem[], { kind, id }: EntityRef): TreeItem | undefined {
  return items.find((item) => item.type === kind && item.id === id);
}

/** Returns the direct parent of an item. */
function placeOf(item: TreeItem): EntityRef | undefined {
  if (item.component) return { kind: 'component', id: item.component };
  if (item.type === 'component' && item.parent) return { kind: 'component', id: item.parent };
  if (item.area) return { kind: 'area', id: item.area };
  return item.type === 'area' && item.parent ? { kind: 'area', id: item.parent } : undefined;
}

/** Returns the ancestors of an entity, outermost first: area, component. */
export function placesOf(items: readonly TreeItem[], entity: EntityRef): readonly TreeItem[] {
  const places: TreeItem[] = [];
  let at = entityIn(items, entity);
  while (at && places.length < MAX_DEPTH) {
    const place = placeOf(at);
    at = place && entityIn(items, place);
    if (!at || places.includes(at)) break;
    places.unshift(at);
  }
  return places;
}

/**
 * Returns the direct members of an entity: areas and components of an area, parts and apps of a component, hosts of a
 * function.
 */
export function membersOf(items: readonly TreeItem[], entity: EntityRef): readonly TreeItem[] {
  if (entity.kind === 'function') {
    const hosts = entityIn(items, entity)?.hosts ?? [];
    return items.filter(({ type, id }) => (type === 'app' || type === 'component') && hosts.includes(id));
  }
  return items.filter((item) => {
    const place = placeOf(item);
    return place?.kind === entity.kind && place.id === entity.id;
  });
}

/**
 * Returns the dependencies of an entity. Ids are unique only within a kind: tries the entity's own kind first, then
 * components, then apps.
 */
export function dependenciesOf(items: readonly TreeItem[], entity: EntityRef): readonly TreeItem[] {
  const kinds: readonly EntityKind[] = [entity.kind, 'component', 'app', 'function', 'area'];
  return (entityIn(items, entity)?.depends_on ?? []).flatMap((id) => {
    for (const kind of kinds) {
      const found = entityIn(items, { kind, id });
      if (found) return [found];
    }
    return [];
  });
}

/** Returns the functions that an app or component is a host of. */
export function functionsOf(items: readonly TreeItem[], { kind, id }: EntityRef): readonly TreeItem[] {
  if (kind !== 'app' && kind !== 'component') return [];
  return items.filter((item) => item.type === 'function' && (item.hosts ?? []).includes(id));
}

/** Counts open faults of an entity and its descendants by severity, lowest severity first. */
export function faultsWithin(
  items: readonly TreeItem[],
  faults: readonly EntityFaults[],
  entity: EntityRef,
): readonly [number, number, number, number] {
  const keyOf = ({ kind, id }: EntityRef): string => `${kind}/${id}`;
  // Trees may have thousands of entities, so the children are indexed in one pass.
  const within = new Map<string, TreeItem[]>();
  for (const item of items) {
    const place = placeOf(item);
    if (!place) continue;
    const members = within.get(keyOf(place));
    if (members) members.push(item);
    else within.set(keyOf(place), [item]);
  }
  const countsByKey = new Map(faults.map((fault) => [keyOf({ kind: fault.entity_type, id: fault.entity_id }), fault]));
  const sum: [number, number, number, number] = [0, 0, 0, 0];
  const seen = new Set<string>();
  const add = (name: EntityRef): void => {
    const key = keyOf(name);
    if (seen.has(key)) return;
    seen.add(key);
    const { info, warning, error, critical } = countsByKey.get(key) ?? {};
    for (const [at, count] of [info, warning, error, critical].entries()) sum[at]! += count ?? 0;
    const members = name.kind === 'function' ? membersOf(items, name) : (within.get(key) ?? []);
    for (const { type, id } of members) add({ kind: type, id });
  };
  add(entity);
  return sum;
}
