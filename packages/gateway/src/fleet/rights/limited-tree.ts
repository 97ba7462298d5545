import { type Entity, type EntityTree, indexEntities } from '@medkit/core';
import type { FleetView } from '@medkit/fleet';
import { FLEET, fleetPlace } from '../tree/fleet-entities.ts';

const trees = new WeakMap<FleetView, { readonly of: EntityTree; readonly tree: EntityTree }>();

/**
 * Returns the entities of a view: its sites, robots and groups. Entities of the hub itself, of peers and of plugins are
 * not in it.
 */
export function limitedTree(tree: EntityTree, view: FleetView): EntityTree {
  const known = trees.get(view);
  if (known?.of === tree) return known.tree;
  const isVisible = (entity: Entity): boolean => {
    const place = fleetPlace(entity);
    const isOnlyFleet = entity.addresses?.every(({ runtime }) => runtime === FLEET) === true;
    return place !== undefined && isOnlyFleet && VISIBLE[place.is](view).has(place.name);
  };
  const components = tree.all('component').filter(isVisible);
  const ids = new Set(components.map(({ id }) => id));
  const limited = indexEntities(
    {
      areas: tree.all('area').filter(isVisible),
      components,
      apps: [],
      functions: tree
        .all('function')
        .filter(isVisible)
        .map((entity) => ({ ...entity, hosts: entity.hosts.filter((id) => ids.has(id)) })),
    },
    tree.generation,
  );
  trees.set(view, { of: tree, tree: limited });
  return limited;
}

const VISIBLE = {
  site: ({ sites }: FleetView) => sites,
  robot: ({ robots }: FleetView) => robots,
  group: ({ groups }: FleetView) => groups,
} as const;
