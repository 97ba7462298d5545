import type { HealthAccounts } from '@medkit/contract';
import { type Finding, finding } from './finding.ts';

/** What is weak about the accounts of a gateway that is running, by its own figures; nothing where it has none. */
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

/** How the gateway of this machine is guarded by its configuration. */
export interface Guarding {
  /** Whether others than this machine reach it. */
  readonly isOpen: boolean;
  readonly hasAccounts: boolean;
  readonly hasToken: boolean;
  /** Files with passwords, keys and tokens that somebody else may read. */
  readonly readable: readonly string[];
}

/** Files that the finding names before it only counts. */
const MAX_NAMED = 5;

/** What is weak about who may ask a gateway here. */
export function guardingFindings({ isOpen, hasAccounts, hasToken, readable }: Guarding): readonly Finding[] {
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
