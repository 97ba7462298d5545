import type { FleetGroupSelector } from '@medkit/contract';
import type { SqlValue } from '@medkit/store';
import { type FleetStore, textOf } from '../fleet-context.ts';
import { FleetInvalid } from '../fleet-refused.ts';
import { listGroups, readGroup } from './groups.ts';

/** Filters that lists of robots and of faults have; an absent member matches all. */
export interface RobotFilters {
  readonly site?: string;
  /** `name` or `name=value`. */
  readonly label?: string;
  /** Name of a group, whose filter must match, too. */
  readonly group?: string;
}

/** Matches a selector, whose values have names with this prefix. */
const matches = (prefix: string): string => `(:${prefix}site IS NULL OR r.site = :${prefix}site)
  AND (:${prefix}version IS NULL OR r.medkit = :${prefix}version OR r.software = :${prefix}version)
  AND (:${prefix}name IS NULL OR instr(r.name, :${prefix}name) > 0)
  AND NOT EXISTS (SELECT 1 FROM json_each(:${prefix}labels) l
    WHERE json_extract(r.labels, json_extract(l.value, '$[0]')) IS NULL
      OR (json_extract(l.value, '$[1]') IS NOT NULL AND json_extract(r.labels, json_extract(l.value, '$[0]')) <> json_extract(l.value, '$[1]')))`;

/** Matches robots `r`. Its values are those of `filterValues`. */
export const ROBOT_FILTERS = `${matches('of_')} AND ${matches('group_')}`;

/** Returns the values of `ROBOT_FILTERS`. Throws `FleetInvalid` if there is no such group. */
export async function filterValues(
  store: FleetStore,
  { site, label, group, version, q }: RobotFilters & { readonly version?: string; readonly q?: string },
): Promise<Readonly<Record<string, SqlValue>>> {
  const selected = group === undefined ? {} : await readGroup(store, group);
  if (!selected) throw new FleetInvalid(`The hub has no group ${group}: \`GET /x-medkit-fleet/groups\` lists them`);
  return {
    ...selectorValues('of_', { site, labels: label === undefined ? [] : [label], version, q }),
    ...selectorValues('group_', selected),
  };
}

/** Reads the names of the robots of each group; retired robots are in none. */
export async function groupMembers(store: FleetStore): Promise<ReadonlyMap<string, readonly string[]>> {
  const members = new Map<string, readonly string[]>();
  for (const { id } of await listGroups(store)) {
    const rows = await store.read(
      `SELECT r.name FROM fleet_robots r WHERE r.state <> 'retired' AND ${ROBOT_FILTERS} ORDER BY r.name`,
      await filterValues(store, { group: id }),
    );
    members.set(
      id,
      rows.map(({ name }) => textOf(name!)),
    );
  }
  return members;
}

function selectorValues(
  prefix: string,
  { site, labels, version, q }: { readonly [Name in keyof FleetGroupSelector]: FleetGroupSelector[Name] | undefined },
): Readonly<Record<string, SqlValue>> {
  return {
    [`${prefix}site`]: site ?? null,
    [`${prefix}version`]: version ?? null,
    [`${prefix}name`]: q ?? null,
    [`${prefix}labels`]: JSON.stringify((labels ?? []).map(labelCondition)),
  };
}

/** Returns the path of a label in the labels of a robot, and the value that it must have, if any. */
function labelCondition(label: string): readonly [path: string, value: string | null] {
  const [name = '', ...value] = label.split('=');
  // A quote would end the name within the path; no label has one.
  return [`$."${name.replaceAll('"', '')}"`, value.length > 0 ? value.join('=') : null];
}
