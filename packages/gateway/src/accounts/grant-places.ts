import type { RobotGrant } from '@medkit/accounts';
import { type FleetGrant, SovdError } from '@medkit/contract';
import type { Principal } from '@medkit/core';

/** Names of the sites and groups of a fleet. */
export interface FleetPlaces {
  readonly sites: readonly string[];
  readonly groups: readonly string[];
}

/** Returns the sites and groups that a caller sees. Absent on a gateway that is no fleet hub. */
export type PlacesOf = (principal: Pick<Principal, 'scopes'>) => Promise<FleetPlaces>;

/**
 * Returns the grants of a request; `undefined` if it has none. Throws `invalid-parameter` for a site or group that the
 * caller does not see, and if the gateway is no fleet hub.
 */
export async function requestedGrants(
  grants: readonly FleetGrant[] | null | undefined,
  principal: Principal,
  placesOf: PlacesOf | undefined,
): Promise<readonly RobotGrant[] | undefined> {
  if (!grants) return undefined;
  if (grants.length === 0) return [];
  if (!placesOf) throw invalid('This gateway is not a fleet hub: only the accounts of a hub are limited to sites');
  const { sites, groups } = await placesOf(principal);
  return grants.map(({ site, group, role }) => {
    if (site && !sites.includes(site)) {
      throw invalid(`The hub has no site ${site}: set the site of a robot, or its schedule, first`);
    }
    if (group && !groups.includes(group)) throw invalid(`The hub has no group ${group}: create the group first`);
    return { ...(site && { site }), ...(group && { group }), ...(role && { role }) };
  });
}

const invalid = (message: string): SovdError =>
  new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'grants' } });
