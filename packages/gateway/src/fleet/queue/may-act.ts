import { type Permission, SovdError } from '@medkit/contract';
import type { Principal } from '@medkit/core';
import type { MayAct } from '@medkit/fleet';
import { isAuthorised, notAuthorised } from '../../security/authorise.ts';
import type { PrincipalById } from '../../security/principal-by-id.ts';
import type { FleetViews } from '../rights/fleet-views.ts';

/** Permissions of the routes that queue requests, and create campaigns. */
const OF_QUEUE: readonly Permission[] = ['fleet.read', 'incidents'];
const OF_CAMPAIGNS: readonly Permission[] = ['campaigns.write'];

/** Rights on queued requests. */
export interface QueueRights {
  /** Returns why an account may not send a request to a robot now. */
  readonly mayAct: MayAct;
  /** Returns why an account may not change a robot by a campaign now. */
  readonly mayChange: MayAct;
  /** Checks a caller who queues or cancels a request with this permission. Throws if it is missing at the robot. */
  check(principal: Principal, robot: string, permission: Permission): Promise<void>;
  /** Checks that the hub can check the account of the caller again when it sends a request. Throws otherwise. */
  checkAccount(principal: Principal): void;
}

export function queueRights(principalById: PrincipalById, views: Pick<FleetViews, 'permissionsAt'>): QueueRights {
  const acting =
    (ofRoute: readonly Permission[]): MayAct =>
    async (by, robot, permission) => {
      const principal = principalById(by);
      if ('problem' in principal) return `the account ${by} ${principal.problem}`;
      const permissions = await views.permissionsAt(principal, robot);
      const missing = [...ofRoute, permission].find((each) => !permissions.has(each));
      return missing && `the account ${by} no longer has the permission ${missing} at ${robot}`;
    };
  return {
    mayAct: acting(OF_QUEUE),
    mayChange: acting(OF_CAMPAIGNS),
    check: async (principal, robot, permission) => {
      const permissions = await views.permissionsAt(principal, robot);
      if (!isAuthorised({ permissions }, permission)) throw notAuthorised({ ...principal, permissions }, permission);
    },
    checkAccount: ({ id }) => {
      const principal = principalById(id);
      if (!('problem' in principal)) return;
      const message = `The hub checks the rights of ${id} when it sends the request, but it ${principal.problem}: use a user or an API key`;
      throw new SovdError({ code: 'precondition-not-fulfilled', message });
    },
  };
}
