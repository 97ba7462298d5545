import type { EntityScope } from '@medkit/core';
import type { Statement } from '@medkit/store';
import { InvalidScope } from '../refusals.ts';
import { checkScopes } from '../role/check-scopes.ts';
import type { Roles } from '../role/role.ts';
import { deleteScopes, replaceScopes } from '../scope/scope-rows.ts';
import type { RobotGrant } from './grant.ts';
import { checkGrants, deleteGrants, replaceGrants } from './grant-rows.ts';

/** Limits of an account: to robots of a fleet, or to entities. An absent or empty list is no limit. */
export interface AccountLimits {
  readonly grants?: readonly RobotGrant[] | undefined;
  readonly scopes?: readonly EntityScope[] | undefined;
}

/** Checks the limits of `owner`, a user or key. Throws `InvalidGrant`, `InvalidScope`, `UnknownRole` or `UnknownPermission`. */
export function checkLimits({ grants = [], scopes = [] }: AccountLimits, roles: Roles, owner: string): void {
  checkGrants(grants, roles);
  checkScopes(scopes, owner);
  if (grants.length > 0 && scopes.length > 0) {
    throw new InvalidScope(`${owner} cannot have both limits to sites or groups and scopes of entities: choose one`);
  }
}

/** Returns the limits of an account without empty ones. */
export const setLimits = ({ grants = [], scopes = [] }: AccountLimits) => ({
  ...(grants.length > 0 && { grants }),
  ...(scopes.length > 0 && { scopes }),
});

/** Returns the statements that replace the given limits of a principal. */
export const replaceLimits = (principal: string, { grants, scopes }: AccountLimits): readonly Statement[] => [
  ...(grants ? replaceGrants(principal, grants) : []),
  ...(scopes ? replaceScopes(principal, scopes) : []),
];

/** Returns the statements that remove the limits of principals. */
export const deleteLimits = (principals: readonly string[]): readonly Statement[] => [
  ...deleteGrants(principals),
  ...deleteScopes(principals),
];
