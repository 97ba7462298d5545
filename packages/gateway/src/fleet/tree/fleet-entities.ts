import { type FleetGroup, type FleetRobot, isRobotConnected } from '@medkit/contract';
import {
  type Area,
  type Component,
  type Entity,
  type EntityLists,
  type EntityTree,
  type FunctionEntity,
  fnv1aHex,
  nativeIdOf,
  toEntityId,
} from '@medkit/core';
import { entitiesAt } from '@medkit/entities';

/** Name of the runtime of the fleet, and of the gateway to which its entities belong. */
export const FLEET = 'fleet';

/** What an entity of the fleet stands for. */
export interface FleetPlace {
  readonly is: 'site' | 'robot' | 'group';
  readonly name: string;
}

const PLACE_OF = { area: 'site', component: 'robot', function: 'group' } as const;

/**
 * Returns the entities of a fleet: each site is an area, each robot a component, each group a function that its robots
 * host. A robot that is not connected is not available.
 * @param siteNames names of the sites, with or without robots
 * @param members names of the robots of each group
 */
export function fleetEntities(
  robots: readonly FleetRobot[],
  siteNames: readonly string[],
  groups: readonly FleetGroup[],
  members: ReadonlyMap<string, readonly string[]>,
): EntityLists {
  const sites = siteIds([...siteNames, ...robots.flatMap(({ site }) => site ?? [])]);
  const names = new Set(robots.map(({ id }) => id));
  return {
    areas: [...sites].map(
      ([name, id]): Area => ({ kind: 'area', id, name, source: FLEET, address: addressOf('area', name) }),
    ),
    components: robots.map((robot) => componentOf(robot, robot.site ? sites.get(robot.site) : undefined)),
    apps: [],
    functions: groups.map(
      ({ id }): FunctionEntity => ({
        ...{ kind: 'function', id, name: id, source: FLEET, address: addressOf('function', id) },
        hosts: (members.get(id) ?? []).filter((name) => names.has(name)),
      }),
    ),
  };
}

/** Returns the site, robot or group that an entity stands for; `undefined` for an entity that is not of the fleet. */
export function fleetPlace({ kind, addresses = [] }: Entity): FleetPlace | undefined {
  const address = addresses.find(({ runtime }) => runtime === FLEET);
  if (!address || kind === 'app') return undefined;
  return { is: PLACE_OF[kind], name: address.nativeId.slice(address.nativeId.indexOf('/') + 1) };
}

/** Returns the id of the component that stands for a robot; `undefined` if the tree has none. */
export function componentOfRobot(tree: EntityTree, robot: string): string | undefined {
  return entitiesAt(tree, FLEET, addressOf('component', robot).nativeId)[0]?.id;
}

const addressOf = (kind: keyof typeof PLACE_OF, name: string) => ({
  runtime: FLEET,
  nativeId: nativeIdOf({ kind, id: name }),
});

function componentOf({ id, site: _, labels, ...robot }: FleetRobot, areaId: string | undefined): Component {
  const { since, last_seen: seen, versions } = robot;
  // A late robot is connected: the tree is not read again when its ping arrives.
  const presence = isRobotConnected(robot.presence) ? 'online' : robot.presence;
  return {
    ...{ kind: 'component', id, name: id, source: FLEET, type: 'Robot', address: addressOf('component', id) },
    ...(areaId !== undefined && { areaId }),
    ...(!isRobotConnected(presence) && { available: false }),
    tags: Object.entries(labels).map(([name, value]) => (value === '' ? name : `${name}=${value}`)),
    metadata: {
      ...{ robot: id, presence },
      ...(typeof since === 'string' && { since }),
      ...(typeof seen === 'string' && { last_seen: seen }),
      ...(versions && { versions: { ...versions } }),
    },
  };
}

/** Returns an id for each site. The names of two sites may differ in characters only that ids do not have. */
function siteIds(names: readonly string[]): ReadonlyMap<string, string> {
  const sites = [...new Set(names)].sort();
  const counts = Map.groupBy(sites, toEntityId);
  return new Map(
    sites.map((name) => {
      const id = toEntityId(name);
      const isUnique = id === name || counts.get(id)!.length === 1;
      return [name, isUnique ? id : `${id}_${fnv1aHex(name)}`] as const;
    }),
  );
}
