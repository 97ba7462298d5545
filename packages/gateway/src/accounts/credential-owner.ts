import type { Accounts, ApiKey } from '@medkit/accounts';
import type { Principal } from '@medkit/core';

type Known = Pick<Accounts, 'keys' | 'users'>;
type Actor = Pick<Principal, 'id' | 'kind'>;

/**
 * Returns the principal that owns the keys and sessions of an actor. A key with all permissions of its user acts as the
 * user: what it creates outlives it, as a user expects after a login on the command line. Any other key owns only what
 * it created itself.
 */
export function credentialOwner({ kind, id }: Actor, { keys, users }: Known): Actor {
  const key = kind === 'key' ? keys.find(id.slice('key:'.length)) : undefined;
  if (!key?.owner.startsWith('user:')) return { kind, id };
  const user = users.find(key.owner.slice('user:'.length));
  const isWhole = user !== undefined && key.permissions === undefined && key.role === user.role;
  return isWhole ? { kind: 'user', id: key.owner } : { kind, id };
}

/** Returns whether the principal may manage a key: it owns the key, or is the key itself. */
export function mayManageKey(principal: Actor, key: Pick<ApiKey, 'id' | 'owner'>, known: Known): boolean {
  return key.owner === credentialOwner(principal, known).id || `key:${key.id}` === principal.id;
}
