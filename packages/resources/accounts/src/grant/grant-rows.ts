import { MAX_GRANTS } from '@medkit/contract';
import type { Statement, Store } from '@medkit/store';
import { InvalidGrant, UnknownRole } from '../refusals.ts';
import { describeUnknown } from '../role/known-permission.ts';
import type { Roles } from '../role/role.ts';
import type { RobotGrant } from './grant.ts';

/** Rows of one read; the store returns at most 10,000. */
const PAGE = 5000;

/** Checks new grants. Throws `InvalidGrant` or `UnknownRole`. */
export function checkGrants(grants: readonly RobotGrant[], roles: Roles): void {
  if (grants.length > MAX_GRANTS) {
    throw new InvalidGrant(`an account has at most ${MAX_GRANTS} grants: define a group of robots at the hub instead`);
  }
  const places = new Set<string>();
  for (const { site, group, role } of grants) {
    if (!site && !group) throw new InvalidGrant('a grant needs a site, a group, or both');
    const place = JSON.stringify([site, group]);
    if (places.has(place)) throw new InvalidGrant(`there are two grants for ${grantText({ site, group })}: keep one`);
    places.add(place);
    if (role !== undefined && !roles.permissionsOf(role)) {
      throw new UnknownRole(`there is no role ${describeUnknown(role, roles.names)}`);
    }
  }
}

/** Describes a grant: `site berlin`, `site berlin and group night as viewer`. */
export function grantText({ site, group, role }: { readonly [Name in keyof RobotGrant]?: string | undefined }): string {
  const places = [site && `site ${site}`, group && `group ${group}`].filter(Boolean).join(' and ');
  return role ? `${places} as ${role}` : places;
}

/** Returns the statements that replace the grants of a principal. */
export const replaceGrants = (principal: string, grants: readonly RobotGrant[]): readonly Statement[] => [
  ...deleteGrants([principal]),
  ...grants.map(({ site = '', group = '', role = '' }) => ({
    sql: 'INSERT INTO account_grants (principal, site, "group", role) VALUES (?, ?, ?, ?)',
    parameters: [principal, site, group, role],
  })),
];

/** Returns the statement that removes the grants of principals; none if there are no principals. */
export function deleteGrants(principals: readonly string[]): readonly Statement[] {
  const sql = 'DELETE FROM account_grants WHERE principal IN (SELECT value FROM json_each(?))';
  return principals.length === 0 ? [] : [{ sql, parameters: [JSON.stringify(principals)] }];
}

/**
 * Reads the grants of all principals. There is no limit: an account whose grants were left out would see the whole
 * fleet. Their number is limited by those of accounts and of the grants of each.
 */
export async function readGrants(store: Pick<Store, 'read'>): Promise<ReadonlyMap<string, readonly RobotGrant[]>> {
  const grants = new Map<string, RobotGrant[]>();
  const sql = `SELECT principal, site, "group" AS fleet_group, role FROM account_grants
    WHERE (principal, site, "group") > (?, ?, ?) ORDER BY principal, site, "group" LIMIT ${PAGE}`;
  for (let place = ['', '', '']; ; ) {
    const rows = await store.read(sql, place);
    for (const row of rows) {
      const [principal, site, group, role] = [row.principal, row.site, row.fleet_group, row.role].map(String) as [
        string,
        string,
        string,
        string,
      ];
      const known = grants.get(principal) ?? [];
      grants.set(principal, known);
      known.push({ ...(site && { site }), ...(group && { group }), ...(role && { role }) });
      place = [principal, site, group];
    }
    if (rows.length < PAGE) return grants;
  }
}
