import type { Accounts } from '@medkit/accounts';
import type { HealthAccounts } from '@medkit/contract';
import { quotaBlock, type RuntimeHealth } from '@medkit/core';
import type { GatewayAccounts } from './gateway-accounts.ts';

interface Counted extends Pick<GatewayAccounts, 'clock' | 'tickets'> {
  readonly accounts: Pick<Accounts, 'keys' | 'quotas' | 'roles' | 'sessions' | 'users'>;
}

/** Block `x-medkit-accounts`: counts of users and credentials, and of weak ones. Contains no names. */
export function accountsHealth({ accounts, clock, tickets }: Counted): RuntimeHealth {
  const { keys, roles, sessions, users } = accounts;
  const nowMs = clock.wallMs();
  const [allUsers, allKeys] = [users.list(), keys.list()];
  const enabled = allUsers.filter(({ disabled }) => !disabled);
  const block: HealthAccounts & Record<string, unknown> = {
    users: allUsers.length,
    users_disabled: allUsers.length - enabled.length,
    users_to_change_password: enabled.filter(({ mustChange }) => mustChange).length,
    admins: enabled.filter(({ role }) => roles.permissionsOf(role)?.has('accounts') === true).length,
    keys: allKeys.length,
    keys_expired: allKeys.filter(({ expiresMs }) => expiresMs !== undefined && expiresMs <= nowMs).length,
    keys_without_expiry: allKeys.filter(({ expiresMs }) => expiresMs === undefined).length,
    sessions: sessions.list().length,
  };
  const quotas = quotaBlock({ ...accounts.quotas(), stream_tickets: tickets.quota });
  return { warnings: [], blocks: { 'x-medkit-accounts': block, ...quotas } };
}
