import { SovdError } from '@medkit/contract';
import type { EntityTree } from '@medkit/core';
import type { FastifyRequest } from 'fastify';
import type { Need } from './authorise.ts';

/** Returns the entities that a client with scopes now sees; with a collection, those where it may read the collection. */
export type ReadableEntities = (collection?: string) => EntityTree;

/** The step of the chain for a principal that is limited to robots of a fleet. Rejects if it may not send the request. */
export type AccountLimit = (request: FastifyRequest, need: Need) => Promise<void>;

/** The step of the chain for a principal with scopes. Throws if it may not send the request. */
export type ScopeStep = (request: FastifyRequest, need: Need) => void;

/** The step of a server without entities: a principal with scopes may only use what is public, and its own account. */
export const withoutEntities: ScopeStep = (_request, need) => {
  if (need !== 'public' && need !== 'self') throw outsideScopes();
};

/** The error for a request that concerns more than the entities of an account with scopes. */
export function outsideScopes(
  message = 'Your account is limited to entities, and this request concerns more than them: use an account without scopes',
): SovdError {
  return new SovdError({ code: 'insufficient-access-rights', message });
}

/** The limit on a gateway that is no fleet hub: the principal may only use what is public, and its own account. */
export const withoutRobots: AccountLimit = async (_request, need) => {
  if (need === 'public' || need === 'self') return;
  throw limitedAccount('Your account is limited to robots of a fleet, and this gateway is not a fleet hub');
};

/** The error for a request that concerns more than the robots of a limited account. */
export function limitedAccount(
  message = 'Your account is limited to sites or groups of the fleet, and this request concerns the whole hub: use an account without limits',
): SovdError {
  return new SovdError({ code: 'insufficient-access-rights', message });
}
