import { ROUTES, type RouteName, SovdError } from '@medkit/contract';
import type { Handlers } from '../http/exchange.ts';
import { oauthRefusal } from '../http/form-body.ts';
import { principalInfo } from './account-infos.ts';

/** The handlers of accounts and OAuth 2.0. */
export type AuthHandlers = Pick<Handlers, AuthRouteName>;

type AuthRouteName = 'authorize' | 'getToken' | 'revokeToken' | AccountRouteName;
type AccountRouteName =
  | 'changePassword'
  | 'changeUser'
  | 'createApiKey'
  | 'createStreamTicket'
  | 'createUser'
  | 'deleteApiKey'
  | 'deleteUser'
  | 'endSingleSignOn'
  | 'finishSingleSignOn'
  | 'endSession'
  | 'endSessions'
  | 'getMe'
  | 'getSetup'
  | 'getUser'
  | 'listApiKeys'
  | 'listSessions'
  | 'listUsers'
  | 'logIn'
  | 'logOut'
  | 'setUp'
  | 'startSingleSignOn';

/** Returns the handlers of a gateway without accounts. */
export function withoutAccounts(): AuthHandlers {
  // The same reply as ros2_medkit without authentication.
  const noTokens = () => oauthRefusal(404, 'resource-not-found', 'Authentication is not enabled');
  const names = (Object.keys(ROUTES) as RouteName[]).filter((name) => ROUTES[name][0]?.tag === 'Authentication');
  const answered: Partial<AuthHandlers> = {
    authorize: noTokens,
    getToken: noTokens,
    revokeToken: noTokens,
    getMe: ({ principal, credential }) => principalInfo(principal, credential),
    getSetup: () => ({ needed: false }),
  };
  return { ...Object.fromEntries(names.map((name) => [name, noAccounts])), ...answered } as AuthHandlers;
}

function noAccounts(): never {
  const message =
    'Accounts are disabled on this gateway: create the first user with "medkit auth init", or set auth.enabled';
  throw new SovdError({ code: 'not-implemented', message });
}
