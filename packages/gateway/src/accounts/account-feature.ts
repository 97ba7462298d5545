import type { AccessAudit } from '../audit/access-audit.ts';
import type { Feature } from '../features.ts';
import { accountsHealth } from './accounts-health.ts';
import type { GatewayAccounts } from './gateway-accounts.ts';
import type { PlacesOf } from './grant-places.ts';
import { type AuthHandlers, withoutAccounts } from './without-accounts.ts';

/** Accounts and logins with their handlers. The code of these is loaded only if the gateway has accounts. */
export async function accountFeature(
  accounts: GatewayAccounts | undefined,
  access: Pick<AccessAudit, 'refused'>,
  placesOf?: PlacesOf,
): Promise<Feature & { readonly handlers: AuthHandlers }> {
  if (!accounts) return { handlers: withoutAccounts() };
  const [{ authHandlers }, { accountHandlers }, { logInHandlers }, { oidcHandlers }] = await Promise.all([
    import('./auth-handlers.ts'),
    import('./account-handlers.ts'),
    import('./log-in-handlers.ts'),
    import('./oidc-handlers.ts'),
  ]);
  const context = {
    ...accounts,
    onWrongLogin: (address: string, principal: string | undefined) =>
      access.refused({ reason: 'wrong-login', address, principal }),
  };
  return {
    handlers: {
      ...authHandlers(context),
      ...accountHandlers({ ...context, placesOf }),
      ...logInHandlers(context),
      ...oidcHandlers(context),
    },
    health: () => accountsHealth(accounts),
  };
}
