import type { FleetGroupSelector } from '@medkit/contract';
import type { SqlValue } from '@medkit/store';
import { type FleetContext, textOf } from '../fleet-context.ts';
import { FleetInvalid } from '../fleet-refused.ts';
import { inView, viewValues } from '../fleet-view.ts';
import { listGroups, readGroup } from './groups.ts';

/** What filters read: the record, and the view of the caller. */
export type FilterContext = Pick<FleetContext, 'store' | 'view'>;

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
  AND (:${prefix}labels IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(:${prefix}labels) l
    WHERE json_extract(r.labels, json_extract(l.value, '$[0]')) IS NULL
      OR (json_extract(l.value, '$[1]') IS NOT NULL AND json_extract(r.labels, json_extract(l.value, '$[0]')) <> json_extract(l.value, '$[1]'))))`;

/** Matches robots `r` of the view. Its values are those of `filterValues`. */
export const ROBOT_FILTERS = `${matches('of_')} AND ${matches('group_')} AND ${inView('r.id')}`;

/** Returns the values of `ROBOT_FILTERS`. Throws `FleetInvalid` if there is no such group in the view. */
export async function filterValues(
  { store, view }: FilterContext,
  { site, label, group, version, q }: RobotFilters & { readonly version?: string; readonly q?: string },
): Promise<Readonly<Record<string, SqlValue>>> {
  const isHidden = view && group !== undefined && !view.groups.has(group);
  const selected = group === undefined ? {} : await readGroup(store, group);
  if (!selected || isHidden)
    throw new FleetInvalid(`The hub has no group ${group}: \`GET /x-medkit-fleet/groups\` lists them`);
  return {
    ...selectorValues('of_', { site, labels: label === undefined ? [] : [label], version, q }),
    ...selectorValues('group_', selected),
    ...viewValues({ view }),
  };
}

/** Reads the names of the robots of each group of the view; retired robots are in none. */
export async function groupMembers(context: FilterContext): Promise<ReadonlyMap<string, readonly string[]>> {
  const members = new Map<string, readonly string[]>();
  for (const { id } of await listGroups(context)) {
    const rows = await context.store.read(
      `SELECT r.name FROM fleet_robots r WHERE r.state <> 'retired' AND ${ROBOT_FILTERS} ORDER BY r.name`,
      await filterValues(context, { group: id }),
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
    // NULL without labels: a robot is judged faster than by an empty array.
    [`${prefix}labels`]: labels?.length ? JSON.stringify(labels.map(labelCondition)) : null,
  };
}

/** Returns the path of a label in the labels of a robot, and the value that it must have, if any. */
function labelCondition(label: string): readonly [path: string, value: string | null] {
  const [name = '', ...value] = label.split('=');
  // A quote would end the name within the path; no label has one.
  return [`$."${name.replaceAll('"', '')}"`, value.length > 0 ? value.join('=') : null];
}
