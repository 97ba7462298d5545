import { formatScopes, grantText, type RobotGrant } from '@medkit/accounts';
import type { FleetGrant, EntityScope as RequestedScope } from '@medkit/contract';
import type { EntityScope, Principal } from '@medkit/core';
import { type PlacesOf, requestedGrants } from './grant-places.ts';

/** Limits of a request, or of an account. */
interface Limits {
  readonly grants?: readonly RobotGrant[];
  readonly scopes?: readonly EntityScope[];
}

interface RequestBody {
  readonly grants?: readonly FleetGrant[] | null | undefined;
  readonly scopes?: readonly RequestedScope[] | null | undefined;
}

/** Returns the limits of a request, those that it has. Throws as `requestedGrants` does; scopes are checked later. */
export async function requestedLimits(
  { grants, scopes }: RequestBody,
  principal: Principal,
  placesOf: PlacesOf | undefined,
): Promise<Limits> {
  const places = await requestedGrants(grants, principal, placesOf);
  return {
    ...(places && { grants: places }),
    ...(scopes && {
      scopes: scopes.map(({ entities, collections, permissions }) => ({
        entities,
        ...(collections && { collections }),
        ...(permissions && { permissions }),
      })),
    }),
  };
}

/** Describes the limits of a new account for the audit log. */
export const limitNotes = ({ grants, scopes }: Limits): Readonly<Record<string, string>> => ({
  ...(grants?.length && { grants: grantsText(grants) }),
  ...(scopes?.length && { scopes: scopesText(scopes) }),
});

/** Describes changed limits for the audit log, with the limits before. */
export const changeNotes = (
  { grants, scopes }: Limits,
  before: Limits | undefined,
): Readonly<Record<string, string>> => ({
  ...(grants && { grants: `${grantsText(before?.grants ?? [])} → ${grantsText(grants)}` }),
  ...(scopes && { scopes: `${scopesText(before?.scopes ?? [])} → ${scopesText(scopes)}` }),
});

const grantsText = (grants: readonly RobotGrant[]): string =>
  grants.length === 0 ? 'whole fleet' : grants.map(grantText).join(', ');

const scopesText = (scopes: readonly EntityScope[]): string =>
  scopes.length === 0 ? 'all entities' : formatScopes(scopes);
