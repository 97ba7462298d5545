import { type FleetContext, type FleetStore, textOf } from '../fleet-context.ts';
import type { FleetView } from '../fleet-view.ts';
import { listGroups } from './groups.ts';
import { filterValues, groupMembers, ROBOT_FILTERS } from './robot-filters.ts';

/** Robots of a site, of a group, or of both. */
export interface FleetScope {
  readonly site?: string;
  readonly group?: string;
}

interface Found {
  readonly name: string;
  readonly site: string | undefined;
}

/** Resolves the robots that are in a scope of each list. A scope with a group that does not exist has no robots. */
export async function resolveView(
  { store }: Pick<FleetContext, 'store'>,
  scopes: readonly (readonly FleetScope[])[],
): Promise<FleetView> {
  const lists = await Promise.all(scopes.map((list) => robotsIn(store, list)));
  const [first = new Map<number, Found>(), ...others] = lists;
  const found = new Map([...first].filter(([id]) => others.every((list) => list.has(id))));
  const robots = new Set([...found.values()].map(({ name }) => name));
  const wholeSites = wholeSitesOf(scopes);
  const groups = [...(await groupMembers({ store }))].filter(([, members]) => members.some((name) => robots.has(name)));
  return {
    robots,
    numbers: JSON.stringify([...found.keys()]),
    wholeSites,
    sites: new Set([...wholeSites, ...[...found.values()].flatMap(({ site }) => site ?? [])]),
    groups: new Set(groups.map(([name]) => name)),
  };
}

async function robotsIn(store: FleetStore, list: readonly FleetScope[]): Promise<ReadonlyMap<number, Found>> {
  const found = new Map<number, Found>();
  const groups = new Set((await listGroups({ store })).map(({ id }) => id));
  for (const scope of list) {
    if (scope.group !== undefined && !groups.has(scope.group)) continue;
    // As one value: a read has at most 10,000 rows.
    const [row] = await store.read(
      `SELECT coalesce(json_group_array(json_array(f.id, f.name, f.site)), '[]') AS robots
       FROM (SELECT r.id, r.name, r.site FROM fleet_robots r WHERE ${ROBOT_FILTERS} ORDER BY r.id) f`,
      await filterValues({ store }, scope),
    );
    const robots = JSON.parse(textOf(row!.robots!)) as readonly (readonly [number, string, string | null])[];
    for (const [id, name, site] of robots) found.set(Number(id), { name, site: site ?? undefined });
  }
  return found;
}

/** Returns the sites that each list has without a group. */
function wholeSitesOf(scopes: readonly (readonly FleetScope[])[]): ReadonlySet<string> {
  const [first = [], ...others] = scopes.map((list) =>
    list.flatMap(({ site, group }) => (site !== undefined && group === undefined ? [site] : [])),
  );
  return new Set(first.filter((site) => others.every((list) => list.includes(site))));
}
