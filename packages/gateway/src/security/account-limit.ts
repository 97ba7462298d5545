import { SovdError } from '@medkit/contract';
import type { FastifyRequest } from 'fastify';
import type { Need } from './authorise.ts';

/** The step of the chain for a principal that is limited to robots of a fleet. Rejects if it may not send the request. */
export type AccountLimit = (request: FastifyRequest, need: Need) => Promise<void>;

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
