import type { Permission, PrincipalInfo } from '@medkit/contract';
import { useQuery } from '@tanstack/react-query';
import { ACCOUNT_PATH, HUB_ROBOT } from '../routes/base-path.ts';
import { accountGateway, holdRequests, queries, useRoute } from './gateway.ts';
import { useIsRobotAway } from './robot-presence.ts';
import { keepToken } from './session.ts';

/** The principal at the gateway that has the accounts: at the hub, if these are the pages of a robot. */
export function useAccount() {
  const here = useRoute('getMe', {}, { enabled: HUB_ROBOT === undefined });
  const atHub = useQuery({
    queryKey: ['account of the hub'],
    queryFn: ({ signal }) => accountGateway().call('getMe', { signal }),
    enabled: HUB_ROBOT !== undefined,
  });
  return HUB_ROBOT === undefined ? here : atHub;
}

/** The signed-in principal, or `undefined` if it is unknown or access is denied. */
export function usePrincipal(): PrincipalInfo | undefined {
  const isAway = useIsRobotAway();
  const here = useRoute('getMe', {}, { enabled: !isAway });
  const account = useAccount();
  // A robot that is away cannot say what it permits: the hub says who the user is.
  const { data, error } = isAway ? account : here;
  return error ? undefined : data;
}

/** Returns whether the user has a permission; actions without permission are not offered. */
export function usePermission(permission: Permission): boolean {
  return usePrincipal()?.permissions.includes(permission) ?? false;
}

/**
 * Ends the session in this browser and at the gateway. All pages forget immediately what they show. An account of the
 * identity provider then continues to the logout of the provider.
 */
export async function signOut(kind: PrincipalInfo['kind'] | undefined): Promise<void> {
  keepToken(undefined);
  const ended = accountGateway()
    .call('logOut', {})
    .catch((error: unknown) => console.info('no session was ended', error));
  // An earlier request would still be answered for the session, and show the robot again.
  holdRequests(ended);
  await queries.resetQueries();
  if (kind !== 'oidc') return;
  await ended;
  location.assign(`${ACCOUNT_PATH}/api/v1/auth/oidc/logout`);
}
