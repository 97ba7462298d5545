import type { Permission } from '@medkit/contract';
import { ALL_PERMISSIONS, type Principal } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { AccountRecords, KeyRecord, UserRecord } from './account-records.ts';
import type { Credential, ProviderAccount, TokenCredential } from './credential/credential.ts';
import { isRefusal, type Refusal, type RefusalReason, refused } from './credential/refusal.ts';
import { CLOCK_TOLERANCE_MS } from './provider/provider.ts';
import { commonPermissions } from './role/common-permissions.ts';
import type { Roles } from './role/role.ts';
import { hasEnded } from './session/session-store.ts';
import type { Client } from './token/client.ts';

type Scopes = Principal['scopes'];
/** Records that may have grants. */
type Granted = UserRecord | KeyRecord | ProviderAccount;

/** Maximum length of a chain of keys created with keys. */
export const MAX_OWNERS = 4;
/** Medkit did not exist before this time: an earlier clock is not set. */
export const CLOCK_IS_SET_MS = Date.UTC(2026, 0, 1);
/** A user who must change the password may only do that, and see the own account. */
const ONLY_SELF: ReadonlySet<Permission> = new Set(['self']);

/** Permissions that would lift the limit of an account: a limited account never has them. */
const BEYOND_SCOPES: readonly Permission[] = ['accounts', 'impersonate'];
const WHOLE_FLEET: Scopes = [];
const NO_PERMISSIONS: ReadonlySet<Permission> = new Set();

/** Returns the permissions of an account with these scopes. */
const within = (scopes: Scopes, permissions: ReadonlySet<Permission>): ReadonlySet<Permission> =>
  scopes.length === 0
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

/** A principal, and the permissions and scopes that it was derived from. */
interface CachedPrincipal {
  readonly of: ReadonlySet<Permission>;
  readonly within: Scopes;
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
  readonly #scopes = new WeakMap<Granted, Scopes>();

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
    if (!/^(?:user|key|client):/.test(owner)) return undefined;
    const permissions = this.permissionsOfOwner(owner);
    const what = isRefusal(permissions)
      ? (OWNER_REFUSALS[permissions.refused] ?? 'has no access')
      : permissions.has('subscriptions')
        ? undefined
        : 'is no longer allowed to create subscriptions';
    return what === undefined ? undefined : `It is suspended, because its owner ${owner} ${what}`;
  }

  #ofClient(name: string): Principal | Refusal {
    const client = this.#options.records.clients.get(name);
    if (!client) return refused('subject-gone');
    const known = this.#clients.get(client);
    if (known) return known;
    const permissions = this.#options.roles.permissionsOf(client.role);
    if (!permissions) return refused('role-gone');
    const principal: Principal = { id: `client:${name}`, kind: 'client', role: client.role, permissions, scopes: [] };
    this.#clients.set(client, principal);
    return principal;
  }

  #ofProvider(account: ProviderAccount): Principal | Refusal {
    const known = this.#providers.get(account);
    if (known) return known;
    const { id, issuer, subject, role, grants = [] } = account;
    const { roles } = this.#options;
    const ofRole = roles.permissionsOf(role);
    if (!ofRole) return refused('role-gone');
    const scopes = this.#scopesOf(account);
    // Grants add up: the roles of some have permissions that the highest role does not have.
    const held = scopes.flat().flatMap(({ permissions = NO_PERMISSIONS }) => [...permissions]);
    const permissions = grants.length === 0 ? ofRole : within(scopes, new Set(held));
    const principal: Principal = { id, kind: 'oidc', account: { issuer, subject }, role, permissions, scopes };
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
    const scopes = this.#scopesOf(user);
    const permissions = within(scopes, user.mustChange ? ONLY_SELF : ofRole);
    const principal: Principal = { id: `user:${name}`, kind: 'user', role: user.role, permissions, scopes };
    this.#users.set(user, principal);
    return principal;
  }

  #ofKey(key: KeyRecord | undefined, depth: number): Principal | Refusal {
    if (!key) return refused('revoked');
    if (key.expiresMs !== undefined && this.#options.clock.wallMs() >= key.expiresMs) return refused('expired');
    const ofOwner = this.permissionsOfOwner(key.owner, depth);
    if (isRefusal(ofOwner)) return ofOwner;
    const ofOwnerScopes = this.#scopesOfOwner(key.owner, depth);
    const known = this.#keys.get(key);
    if (known?.of === ofOwner && known.within === ofOwnerScopes) return known.principal;
    const ofRole = this.#options.roles.permissionsOf(key.role);
    if (!ofRole) return refused('role-gone');
    const scopes = [...ofOwnerScopes, ...this.#scopesOf(key)];
    const permissions = within(scopes, commonPermissions(ofRole, key.permissions ?? ofRole, ofOwner));
    const owner = this.#responsibleAccount(key, ofOwner, depth);
    const principal: Principal = {
      id: `key:${key.id}`,
      ...(owner !== undefined && { owner }),
      ...{ kind: 'key', role: key.role, permissions, scopes },
    };
    this.#keys.set(key, { of: ofOwner, within: ofOwnerScopes, principal });
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

  /** Returns the grants of a user, key or account as scopes, always the same ones. */
  #scopesOf(record: Granted): Scopes {
    const { grants = [] } = record;
    if (grants.length === 0) return WHOLE_FLEET;
    const known = this.#scopes.get(record);
    if (known) return known;
    const { roles } = this.#options;
    const scopes = [
      grants.map((grant) =>
        // A role that no longer exists permits nothing.
        grant.role === undefined ? grant : { ...grant, permissions: roles.permissionsOf(grant.role) ?? NO_PERMISSIONS },
      ),
    ];
    this.#scopes.set(record, scopes);
    return scopes;
  }

  /** Returns the scopes of an owner of keys, which is known to have permissions. */
  #scopesOfOwner(id: string, depth: number): Scopes {
    const { records } = this.#options;
    if (id.startsWith('user:')) {
      const user = records.users.get(id.slice('user:'.length));
      return user ? this.#scopesOf(user) : WHOLE_FLEET;
    }
    if (!id.startsWith('key:')) return WHOLE_FLEET;
    const principal = this.#ofKey(records.keys.get(id.slice('key:'.length)), depth + 1);
    return isRefusal(principal) ? WHOLE_FLEET : principal.scopes;
  }

  #ofToken(token: TokenCredential, subject: Principal): Principal {
    const known = this.#tokens.get(token);
    const { permissions: of, scopes } = subject;
    if (known?.of === of && known.within === scopes) return known.principal;
    const permissions = commonPermissions(of, token.permissions ?? of);
    const principal: Principal = { ...subject, permissions };
    this.#tokens.set(token, { of, within: scopes, principal });
    return principal;
  }
}
