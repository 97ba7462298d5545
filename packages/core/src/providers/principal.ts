import { PERMISSIONS, type Permission } from '@medkit/contract';

/** The caller as authenticated by the gateway. In contrast, the client id is what a client says about itself. */
export interface Principal {
  /** Unique among all principals; recorded in the audit log. */
  readonly id: string;
  /**
   * Id of the principal responsible for this one: the user who created the key, unless that user manages accounts and
   * creates keys for others. Absent if it is responsible for itself. What it creates belongs to the owner and counts
   * against the owner's share.
   */
  readonly owner?: string;
  /**
   * Kind of caller:
   * - `anonymous`: authentication is not required, or the caller sent no credential;
   * - `token`: has the server's token;
   * - `key`: a program with its own API key;
   * - `user`: a person;
   * - `client`: a client from the configuration;
   * - `oidc`: a person or program with an account at the identity provider;
   * - `certificate`: a client with a certificate that the configuration names;
   * - `plugin`: a plugin of this gateway;
   * - `hub`: the fleet hub of this robot, over the uplink;
   * - `gateway`: this gateway itself, for calls without a client.
   */
  readonly kind:
    | 'anonymous'
    | 'token'
    | 'key'
    | 'user'
    | 'client'
    | 'oidc'
    | 'certificate'
    | 'plugin'
    | 'hub'
    | 'gateway';
  /** The account at the identity provider, as the provider names it; for `oidc` only. */
  readonly account?: { readonly issuer: string; readonly subject: string };
  /** Name of its role; empty if it has none. */
  readonly role: string;
  /** Its permissions beyond public access. */
  readonly permissions: ReadonlySet<Permission>;
  /** The robots of a fleet to which it is limited: those in a scope of each list. Empty means the whole fleet. */
  readonly scopes: readonly (readonly FleetScope[])[];
  /** The entities to which it is limited: those in a scope of each list. Absent means all entities. */
  readonly entityScopes?: EntityLimits;
}

/** Lists of scopes; an entity must be in a scope of each list. Never empty. */
export type EntityLimits = readonly (readonly EntityScope[])[];

/** Entities, and what a principal may do with them. */
export interface EntityScope {
  /** Patterns such as `components/arm`, `areas/line-2/**`, `tag:supplier=acme` and `kind:functions`. */
  readonly entities: readonly string[];
  /** The collections of the entities; all unless given. */
  readonly collections?: readonly string[];
  /** The permissions at the entities; those of the principal unless given. */
  readonly permissions?: readonly string[];
}

/** Robots of a site, of a group, or of both. */
export interface FleetScope {
  readonly site?: string;
  readonly group?: string;
  /** Name of the role at these robots; that of the principal unless given. */
  readonly role?: string;
  /** The permissions at these robots; those of the principal unless given. */
  readonly permissions?: ReadonlySet<Permission>;
}

/** All permissions. */
export const ALL_PERMISSIONS: ReadonlySet<Permission> = new Set(Object.keys(PERMISSIONS) as Permission[]);

/**
 * Returns the principal for calls that the gateway makes on behalf of an owner, for example to read the data of a
 * trigger.
 */
export function gatewayPrincipal(owner: string | undefined): Principal {
  return owner === undefined ? GATEWAY : { ...GATEWAY, owner };
}

/** The gateway itself, for calls without a client. */
export const GATEWAY: Principal = {
  id: 'medkit.gateway',
  kind: 'gateway',
  role: 'admin',
  permissions: ALL_PERMISSIONS,
  scopes: [],
};
