import { PERMISSIONS, type Permission } from '@medkit/contract';

/** Who asks, as the gateway found it out: not what a client says of itself, which is its client id. */
export interface Principal {
  /** Distinct among all; it stands in the audit log. */
  readonly id: string;
  /**
   * Id of the principal that answers for this one: the user who made the key, unless that user manages accounts and makes
   * keys for others. Absent if it answers for itself. What it creates belongs to that principal and counts against its share.
   */
  readonly owner?: string;
  /**
   * `anonymous` where nobody has to say who it is, or where that was not said; `token` who has the server's token; `key` a
   * program with a key of its own; `user` a person; `client` one of those that the configuration names; `plugin` one of this
   * gateway's plugins; `gateway` is this gateway itself, which asks for what nobody waits for.
   */
  readonly kind: 'anonymous' | 'token' | 'key' | 'user' | 'client' | 'plugin' | 'gateway';
  /** What its permissions are called; empty where it has none. */
  readonly role: string;
  /** What it may do besides what is public. */
  readonly permissions: ReadonlySet<Permission>;
  /** The entities that it may see, by their addresses; none stands for all of them. */
  readonly scopes: readonly string[];
}

/** Everything that can be allowed. */
export const ALL_PERMISSIONS: ReadonlySet<Permission> = new Set(Object.keys(PERMISSIONS) as Permission[]);

/** This gateway, where it asks for what belongs to an owner, such as the data of a trigger. */
export function gatewayFor(owner: string | undefined): Principal {
  return owner === undefined ? GATEWAY : { ...GATEWAY, owner };
}

/** Who asks where no client does. */
export const GATEWAY: Principal = {
  id: 'medkit.gateway',
  kind: 'gateway',
  role: 'admin',
  permissions: ALL_PERMISSIONS,
  scopes: [],
};
