import type { Accounts } from '@medkit/accounts';
import type { Principal } from '@medkit/core';
import type { GatewayConfig } from '../config/index.ts';
import type { Principals } from './identify.ts';

/** Returns the principal with an id as it is now; otherwise why it cannot act, as the end of a sentence. */
export type PrincipalById = (id: string) => Principal | { readonly problem: string };

export interface PrincipalSources {
  readonly config: Pick<GatewayConfig, 'server'>;
  readonly principals: Pick<Principals, 'current'>;
  readonly accounts?: { readonly accounts: Pick<Accounts, 'actor'> } | undefined;
}

/** For work that the gateway does later, with the permissions that the account has then. */
export function principalById({ config, principals, accounts }: PrincipalSources): PrincipalById {
  const builtIn = (kind: 'none' | 'token', id: string) => {
    const principal = principals.current({ kind, id });
    return 'refused' in principal ? NO_ACCOUNT : principal;
  };
  return (id) => {
    if (id === 'anonymous') return builtIn('none', '');
    if (id === 'server.token') return config.server.token === '' ? NO_ACCOUNT : builtIn('token', id);
    return accounts?.accounts.actor(id) ?? NO_ACCOUNT;
  };
}

const NO_ACCOUNT = { problem: 'is no account of this hub' } as const;
