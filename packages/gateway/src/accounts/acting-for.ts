import type { Accounts, ApiKey } from '@medkit/accounts';
import type { Principal } from '@medkit/core';

type Known = Pick<Accounts, 'keys' | 'users'>;
type Actor = Pick<Principal, 'id' | 'kind'>;

/**
 * Whose keys and sessions somebody keeps up. A key with all that its user may is as good as the user: what is made with it goes on
 * when it ends, as somebody expects who has logged in on a command line. Any other key keeps up what it has made itself.
 */
export function actingFor({ kind, id }: Actor, { keys, users }: Known): Actor {
  const key = kind === 'key' ? keys.find(id.slice('key:'.length)) : undefined;
  if (!key?.owner.startsWith('user:')) return { kind, id };
  const user = users.find(key.owner.slice('user:'.length));
  const isWhole = user !== undefined && key.permissions === undefined && key.role === user.role;
  return isWhole ? { kind: 'user', id: key.owner } : { kind, id };
}

/** Whether a key is one's own: made by whom one acts for, or the one that is used. */
export function isActedFor(principal: Actor, key: Pick<ApiKey, 'id' | 'owner'>, known: Known): boolean {
  return key.owner === actingFor(principal, known).id || `key:${key.id}` === principal.id;
}
