import type { ApiKey, LoginSession, User } from '@medkit/contract';
import { timeMs } from '../time/times.ts';

export type UserState = 'active' | 'disabled' | 'must-change';

/** Returns the state of a user; a disabled user is not reminded of the password. */
export function userState({ disabled, must_change_password }: User): UserState {
  if (disabled) return 'disabled';
  return must_change_password ? 'must-change' : 'active';
}

/** Returns when each user last used a session, in milliseconds. Users without a stored session are absent. */
export function lastActive(sessions: readonly LoginSession[]): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  for (const { user, last_used_at } of sessions) {
    const ms = timeMs(last_used_at);
    if (ms !== undefined && ms > (latest.get(user) ?? -Infinity)) latest.set(user, ms);
  }
  return latest;
}

export const BUILT_IN_ROLES = ['viewer', 'operator', 'configurator', 'admin'] as const;

/**
 * Returns the built-in roles, then the roles of `auth.roles` that users, keys or their limits have. No route lists the
 * roles.
 */
export function knownRoles(
  users: readonly Pick<User, 'grants' | 'role'>[],
  keys: readonly Pick<ApiKey, 'grants' | 'role'>[],
): readonly string[] {
  const custom = new Set(
    [...users, ...keys].flatMap(({ role, grants }) => [role, ...(grants ?? []).flatMap((limit) => limit.role ?? [])]),
  );
  for (const role of BUILT_IN_ROLES) custom.delete(role);
  return [...BUILT_IN_ROLES, ...[...custom].sort()];
}

/** Returns the name in the id of a principal: `alice` of `user:alice`. Other ids are returned unchanged. */
export function principalName(principal: string): string {
  return principal.replace(/^user:/, '');
}
