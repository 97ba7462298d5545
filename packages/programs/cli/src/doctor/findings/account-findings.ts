import type { HealthAccounts } from '@medkit/contract';
import type { AccessProtection } from '../machine/access-protection.ts';
import { type Finding, finding } from './finding.ts';

/** Weaknesses of the accounts of a running gateway, from its health. Empty if it has no accounts. */
export function accountFindings(accounts: HealthAccounts | null | undefined): readonly Finding[] {
  if (!accounts) return [];
  const { admins, users, users_to_change_password: toChange, keys_without_expiry: endless } = accounts;
  const expired = accounts.keys_expired;
  return [
    ...(admins === 0 ? [finding('no_admin', `None of ${users} users is an enabled admin.`)] : []),
    ...(toChange > 0 ? [finding('passwords_to_change', `${toChange} of ${users} users.`)] : []),
    ...(endless > 0 ? [finding('keys_without_expiry', `${endless} of ${accounts.keys} keys.`)] : []),
    ...(expired > 0 ? [finding('keys_expired', `${expired} of ${accounts.keys} keys.`)] : []),
  ];
}

/** Maximum number of files that a finding names; it counts the rest. */
const MAX_NAMED = 5;

/** Weaknesses of the access protection of the gateway of this machine. */
export function accessProtectionFindings({
  isOpen,
  hasAccounts,
  hasToken,
  readable,
}: AccessProtection): readonly Finding[] {
  const more = readable.length - MAX_NAMED;
  const named = readable.slice(0, MAX_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return [
    ...(isOpen && !hasAccounts && !hasToken
      ? [finding('open_to_all', 'server.insecure is set, with neither accounts nor a token.')]
      : []),
    ...(readable.length > 0 ? [finding('secret_readable', `${named}.`)] : []),
    ...(isOpen && !hasAccounts && hasToken ? [finding('accounts_off', 'All clients use server.token.')] : []),
  ];
}
