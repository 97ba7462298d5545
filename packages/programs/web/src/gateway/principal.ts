import type { Permission, PrincipalInfo } from '@medkit/contract';
import { gateway, queries, useRoute } from './gateway.ts';
import { keepToken } from './session.ts';

/** Who sits here, as the gateway found out; `undefined` while nothing is known, or nobody is let in. */
export function usePrincipal(): PrincipalInfo | undefined {
  const { data, error } = useRoute('getMe', {});
  return error ? undefined : data;
}

/** Whether who sits here may do something; what they may not is not offered. */
export function usePermission(permission: Permission): boolean {
  return usePrincipal()?.permissions.includes(permission) ?? false;
}

/** Ends the session, here and at the gateway. */
export async function signOut(): Promise<void> {
  keepToken(undefined);
  await gateway()
    .call('logOut', {})
    .catch((error: unknown) => console.info('no session was ended', error));
  await queries.resetQueries();
}
