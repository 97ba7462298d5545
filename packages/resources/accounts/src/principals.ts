import type { Permission } from '@medkit/contract';
import { ALL_PERMISSIONS, type EntityLimits, type FleetScope, type Principal } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { AccountRecords, KeyRecord, UserRecord } from './account-records.ts';
import type { Credential, ProviderAccount, TokenCredential } from './credential/credential.ts';
import { isRefusal, type Refusal, type RefusalReason, refused } from './credential/refusal.ts';
import type { RobotGrant } from './grant/grant.ts';
import { CLOCK_TOLERANCE_MS } from './provider/provider.ts';
import { commonPermissions } from './role/common-permissions.ts';
import type { Roles } from './role/role.ts';
import { hasEnded } from './session/session-store.ts';
import type { Client } from './token/client.ts';

type Scopes = Principal['scopes'];
/** Records that may have limits. */
type Limited = UserRecord | KeyRecord | ProviderAccount;

/** Maximum length of a chain of keys created with keys. */
export const MAX_OWNERS = 4;
/** Medkit did not exist before this time: an earlier clock is not set. */
export const CLOCK_IS_SET_MS = Date.UTC(2026, 0, 1);
/** A user who must change the password may only do that, and see the own account. */
const ONLY_SELF: ReadonlySet<Permission> = new Set(['self']);

/** Ids of the owners whose accounts are stored here. */
const ACCOUNT_OWNER = /^(?:user|key|client):/;

/** Permissions that would lift the limit of an account: a limited account never has them. */
const BEYOND_SCOPES: readonly Permission[] = ['accounts', 'impersonate'];
const WHOLE_FLEET: Scopes = [];
const NO_PERMISSIONS: ReadonlySet<Permission> = new Set();

/** Limits of an account. Always the same object for the same record, so that a change is detected. */
interface Limits {
  /** Robots of a fleet. */
  readonly scopes: Scopes;
  readonly entities: EntityLimits;
}

const NO_LIMITS: Limits = { scopes: WHOLE_FLEET, entities: [] };
/** Limits to no robot and no entity. */
const NOTHING: Limits = { scopes: [[]], entities: [[]] };

/** Returns the members of a principal with these permissions and limits. */
const limitedBy = ({ scopes, entities }: Limits, permissions: ReadonlySet<Permission>) => ({
  permissions: within({ scopes, entities }, permissions),
  scopes,
  ...(entities.length > 0 && { entityScopes: entities }),
});

/** Returns the permissions of an account with these limits. */
const within = ({ scopes, entities }: Limits, permissions: ReadonlySet<Permission>): ReadonlySet<Permission> =>
  scopes.length === 0 && entities.length === 0
    ? permissions
    : new Set([...permissions].filter((permission) => !BEYOND_SCOPES.includes(permission)));

/** Why an owner cannot act, as the end of a sentence. */
const OWNER_REFUSALS: Readonly<Partial<Record<RefusalReason, string>>> = {
  disabled: 'is disabled',
  expired: 'has expired',
  revoked: 'was removed',
  'subject-gone': 'was removed',
  'role-gone': 'has a role that no longer exists',
};

export interface PrincipalsOptions {
  readonly records: AccountRecords;
  readonly roles: Roles;
  readonly clock: Clock;
  /** Owners without an account that have every permission. */
  readonly outsideOwners: ReadonlySet<string>;
  readonly sessionIdleMs: number;
  /** The identity provider whose accounts may have sessions. */
  readonly issuer: string | undefined;
}

/** A principal, and the permissions and limits that it was derived from. */
interface CachedPrincipal {
  readonly of: ReadonlySet<Permission>;
  readonly within: Limits | Principal;
  readonly principal: Principal;
}

/**
 * Resolves the principal and permissions of a credential. Evaluates role, permissions and owner on each call. Caches
 * the principal by its record, so the same object is returned until the record is replaced.
 */
export class Principals {
  readonly #options: PrincipalsOptions;
  readonly #users = new WeakMap<UserRecord, Principal>();
  readonly #clients = new WeakMap<Client, Principal>();
  readonly #keys = new WeakMap<KeyRecord, CachedPrincipal>();
  readonly #tokens = new WeakMap<TokenCredential, CachedPrincipal>();
  readonly #providers = new WeakMap<ProviderAccount, Principal>();
  readonly #limits = new WeakMap<Limited | Principal, Limits>();

  constructor(options: PrincipalsOptions) {
    this.#options = options;
  }

  of(credential: Credential): Principal | Refusal {
    const { records, clock, sessionIdleMs, issuer } = this.#options;
    if (credential.kind === 'key') return this.#ofKey(records.keys.get(credential.id), 0);
    if (credential.kind === 'session') {
      const session = records.sessions.get(credential.id);
      if (!session) return refused('revoked');
      const { account } = session;
      if (account && !hasEnded(session, records, clock, sessionIdleMs))
        return account.issuer === issuer ? this.#ofProvider(account) : refused('revoked');
      return hasEnded(session, records, clock, sessionIdleMs) ? refused('expired') : this.#ofUser(session.user);
    }
    const nowMs = clock.wallMs();
    if (nowMs < CLOCK_IS_SET_MS) return refused('clock-not-set');
    if (credential.kind === 'oidc') {
      return nowMs >= credential.expiresMs + CLOCK_TOLERANCE_MS ? refused('expired') : this.#ofProvider(credential);
    }
    if (nowMs >= credential.expiresMs) return refused('expired');
    const family = records.families.get(credential.family);
    if (!family || family.revoked || records.deniedTokens.has(credential.id)) return refused('revoked');
    const subject = this.ofSubject(credential.subject);
    return isRefusal(subject) || !credential.permissions ? subject : this.#ofToken(credential, subject);
  }

  /** Resolves a user or client by its principal id. */
  ofSubject(id: string): Principal | Refusal {
    if (id.startsWith('user:')) return this.#ofUser(id.slice('user:'.length));
    return id.startsWith('client:') ? this.#ofClient(id.slice('client:'.length)) : refused('subject-gone');
  }

  /** Resolves a user, client or key by its principal id; otherwise returns why it cannot act, as the end of a sentence. */
  actor(id: string): Principal | { readonly problem: string } {
    const key = id.startsWith('key:') ? this.#options.records.keys.get(id.slice('key:'.length)) : undefined;
    const principal = id.startsWith('key:') ? this.#ofKey(key, 0) : this.ofSubject(id);
    if (!isRefusal(principal)) return principal;
    return { problem: OWNER_REFUSALS[principal.refused] ?? 'has no access' };
  }

  /**
   * Returns the permissions of an owner of keys, even if the user must change the password. `depth` counts keys created
   * with keys.
   */
  permissionsOfOwner(id: string, depth = 0): ReadonlySet<Permission> | Refusal {
    const { records, roles, outsideOwners } = this.#options;
    if (outsideOwners.has(id)) return ALL_PERMISSIONS;
    if (id.startsWith('key:')) {
      const principal =
        depth < MAX_OWNERS
          ? this.#ofKey(records.keys.get(id.slice('key:'.length)), depth + 1)
          : refused('subject-gone');
      return isRefusal(principal) ? principal : principal.permissions;
    }
    if (id.startsWith('user:')) {
      const user = records.users.get(id.slice('user:'.length));
      if (!user) return refused('subject-gone');
      return user.disabled ? refused('disabled') : (roles.permissionsOf(user.role) ?? refused('role-gone'));
    }
    const principal = this.ofSubject(id);
    return isRefusal(principal) ? principal : principal.permissions;
  }

  /**
   * Returns the principal responsible for an owner of keys. Returns `undefined` for an owner without an account, or one
   * that manages accounts.
   */
  accountOf(owner: string): string | undefined {
    if (this.#options.outsideOwners.has(owner)) return undefined;
    const permissions = this.permissionsOfOwner(owner);
    if (!isRefusal(permissions) && permissions.has('accounts')) return undefined;
    const maker = owner.startsWith('key:') ? this.#ofKey(this.#options.records.keys.get(owner.slice(4)), 0) : undefined;
    return maker === undefined || isRefusal(maker) ? owner : (maker.owner ?? maker.id);
  }

  /**
   * Returns in a sentence why an owner can no longer have triggers. Owners that are no accounts, such as plugins, have
   * no problem.
   */
  ownerProblem(owner: string): string | undefined {
    if (!ACCOUNT_OWNER.test(owner)) return undefined;
    const permissions = this.permissionsOfOwner(owner);
    const what = isRefusal(permissions)
      ? (OWNER_REFUSALS[permissions.refused] ?? 'has no access')
      : !permissions.has('subscriptions')
        ? 'is no longer allowed to create subscriptions'
        : undefined;
    return what === undefined ? undefined : `It is suspended, because its owner ${owner} ${what}`;
  }

  /**
   * Returns the entities to which a user, key or client is limited now; empty if it is not limited, or was removed.
   * Returns `undefined` for other owners, whose accounts are not stored.
   */
  entityLimitsOf(owner: string): EntityLimits | undefined {
    return ACCOUNT_OWNER.test(owner) ? this.#limitsOfOwner(owner, 0).entities : undefined;
  }

  #ofClient(name: string): Principal | Refusal {
    const client = this.#options.records.clients.get(name);
    if (!client) return refused('subject-gone');
    const known = this.#clients.get(client);
    if (known) return known;
    const permissions = this.#options.roles.permissionsOf(client.role);
    if (!permissions) return refused('role-gone');
    const principal: Principal = {
      ...{ id: `client:${name}`, kind: 'client', role: client.role },
      ...limitedBy(this.#ofRole(client.role), permissions),
    };
    this.#clients.set(client, principal);
    return principal;
  }

  #ofProvider(account: ProviderAccount): Principal | Refusal {
    const known = this.#providers.get(account);
    if (known) return known;
    const { id, issuer, subject, role, grants = [] } = account;
    const ofRole = this.#options.roles.permissionsOf(role);
    if (!ofRole) return refused('role-gone');
    const limits = this.#limitsOf(account);
    // Grants add up: the roles of some have permissions that the highest role does not have.
    const held = limits.scopes.flat().flatMap(({ permissions = NO_PERMISSIONS }) => [...permissions]);
    const principal: Principal = {
      ...{ id, kind: 'oidc', account: { issuer, subject }, role },
      ...limitedBy(limits, grants.length === 0 ? ofRole : new Set(held)),
    };
    this.#providers.set(account, principal);
    return principal;
  }

  #ofUser(name: string): Principal | Refusal {
    const user = this.#options.records.users.get(name);
    if (!user) return refused('subject-gone');
    if (user.disabled) return refused('disabled');
    const known = this.#users.get(user);
    if (known) return known;
    const ofRole = this.#options.roles.permissionsOf(user.role);
    if (!ofRole) return refused('role-gone');
    const principal: Principal = {
      ...{ id: `user:${name}`, kind: 'user', role: user.role },
      ...limitedBy(this.#limitsOf(user), user.mustChange ? ONLY_SELF : ofRole),
    };
    this.#users.set(user, principal);
    return principal;
  }

  #ofKey(key: KeyRecord | undefined, depth: number): Principal | Refusal {
    if (!key) return refused('revoked');
    if (key.expiresMs !== undefined && this.#options.clock.wallMs() >= key.expiresMs) return refused('expired');
    const ofOwner = this.permissionsOfOwner(key.owner, depth);
    if (isRefusal(ofOwner)) return ofOwner;
    const ofOwnerLimits = this.#limitsOfOwner(key.owner, depth);
    const known = this.#keys.get(key);
    if (known?.of === ofOwner && known.within === ofOwnerLimits) return known.principal;
    const ofRole = this.#options.roles.permissionsOf(key.role);
    if (!ofRole) return refused('role-gone');
    const { scopes, entities } = this.#limitsOf(key);
    const limits = {
      scopes: [...ofOwnerLimits.scopes, ...scopes],
      entities: [...ofOwnerLimits.entities, ...entities],
    };
    const owner = this.#responsibleAccount(key, ofOwner, depth);
    const principal: Principal = {
      id: `key:${key.id}`,
      ...(owner !== undefined && { owner }),
      ...{ kind: 'key', role: key.role },
      ...limitedBy(limits, commonPermissions(ofRole, key.permissions ?? ofRole, ofOwner)),
    };
    this.#keys.set(key, { of: ofOwner, within: ofOwnerLimits, principal });
    return principal;
  }

  /**
   * Returns the principal responsible for a key. Keys created by an account manager are responsible for themselves;
   * other keys belong to the principal that created them.
   */
  #responsibleAccount({ owner }: KeyRecord, ofOwner: ReadonlySet<Permission>, depth: number): string | undefined {
    if (ofOwner.has('accounts')) return undefined;
    if (!owner.startsWith('key:')) return owner;
    const maker = this.#ofKey(this.#options.records.keys.get(owner.slice('key:'.length)), depth + 1);
    return isRefusal(maker) ? owner : (maker.owner ?? maker.id);
  }

  /** Returns the limits of a role. */
  #ofRole(role: string): Limits {
    return { scopes: WHOLE_FLEET, entities: this.#options.roles.scopesOf(role) };
  }

  /** Returns the limits of a user, key or account, always the same object. The scopes of its role come first. */
  #limitsOf(record: Limited): Limits {
    const known = this.#limits.get(record);
    if (known) return known;
    const { grants = [], role } = record;
    const scopes = 'scopes' in record ? (record.scopes ?? []) : [];
    const limits: Limits = {
      scopes: grants.length === 0 ? WHOLE_FLEET : [grants.map((grant) => this.#scopeOf(grant))],
      entities: [...this.#options.roles.scopesOf(role), ...(scopes.length > 0 ? [scopes] : [])],
    };
    this.#limits.set(record, limits);
    return limits;
  }

  /** Returns a grant as a scope. A role that no longer exists, or is limited to entities, permits nothing. */
  #scopeOf(grant: RobotGrant): FleetScope {
    const { roles } = this.#options;
    if (grant.role === undefined) return grant;
    const permissions = roles.scopesOf(grant.role).length > 0 ? undefined : roles.permissionsOf(grant.role);
    return { ...grant, permissions: permissions ?? NO_PERMISSIONS };
  }

  /** Returns the limits of an owner of keys, which is known to have permissions. */
  #limitsOfOwner(id: string, depth: number): Limits {
    const { records, outsideOwners } = this.#options;
    if (outsideOwners.has(id)) return NO_LIMITS;
    if (id.startsWith('user:')) {
      const user = records.users.get(id.slice('user:'.length));
      return user ? this.#limitsOf(user) : NOTHING;
    }
    const principal = id.startsWith('key:')
      ? this.#ofKey(records.keys.get(id.slice('key:'.length)), depth + 1)
      : this.ofSubject(id);
    return isRefusal(principal) ? NOTHING : this.#limitsOfPrincipal(principal);
  }

  #limitsOfPrincipal(principal: Principal): Limits {
    const { scopes, entityScopes: entities = [] } = principal;
    const limits = this.#limits.get(principal) ?? { scopes, entities };
    this.#limits.set(principal, limits);
    return limits;
  }

  #ofToken(token: TokenCredential, subject: Principal): Principal {
    const known = this.#tokens.get(token);
    const { permissions: of } = subject;
    if (known?.within === subject) return known.principal;
    const permissions = commonPermissions(of, token.permissions ?? of);
    const principal: Principal = { ...subject, permissions };
    this.#tokens.set(token, { of, within: subject, principal });
    return principal;
  }
}
