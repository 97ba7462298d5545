import type { ApiKey, Session, User } from '@medkit/accounts';
import type { ApiKey as ApiKeyInfo, LoginSession, PrincipalInfo, User as UserInfo } from '@medkit/contract';
import type { EntityScope, Principal } from '@medkit/core';
import type { Credential } from '../security/identity.ts';
import type { GatewayAccounts } from './gateway-accounts.ts';

/** Returns the caller's own principal and permissions. */
export function principalInfo(principal: Principal, { kind, expiresMs }: Credential): PrincipalInfo {
  const { id, role, permissions, scopes, entityScopes } = principal;
  // A limit of the creator of a key applies to the key, too; the last list is that of the account.
  const grants = scopes.at(-1)?.map(({ permissions: _, ...place }) => place);
  const limits = entityScopes?.at(-1);
  const mustChange = principal.kind === 'user' && permissions.size === 1;
  return {
    principal: id,
    kind: principal.kind,
    role,
    permissions: [...permissions],
    ...(grants && { grants }),
    ...(limits && { scopes: scopesInfo(limits) }),
    method: kind,
    ...(expiresMs !== undefined && { expires_at: timeOf(expiresMs) }),
    ...(mustChange && { must_change_password: true }),
  };
}

/** Returns a user without its password hash. */
export function userInfo({ name, role, disabled, mustChange, declared, createdMs, grants, scopes }: User): UserInfo {
  const created = declared ? {} : { created_at: timeOf(createdMs) };
  return {
    name,
    role,
    disabled,
    must_change_password: mustChange,
    declared,
    ...created,
    ...(grants && { grants: [...grants] }),
    ...(scopes && { scopes: scopesInfo(scopes) }),
  };
}

/** Returns a key without its secret. */
export function keyInfo(key: ApiKey, { accounts, clock }: GatewayAccounts): ApiKeyInfo {
  const { id, name, role, permissions, grants, scopes, owner, createdMs, expiresMs, lastUsedMs } = key;
  const isExpired = expiresMs !== undefined && expiresMs <= clock.wallMs();
  const isDead = 'refused' in accounts.principalOf({ kind: 'key', id, ...(expiresMs !== undefined && { expiresMs }) });
  return {
    id,
    name,
    role,
    ...(permissions && { permissions: [...permissions] }),
    ...(grants && { grants: [...grants] }),
    ...(scopes && { scopes: scopesInfo(scopes) }),
    owner,
    created_at: timeOf(createdMs),
    ...(expiresMs !== undefined && { expires_at: timeOf(expiresMs) }),
    ...(lastUsedMs !== undefined && { last_used_at: timeOf(lastUsedMs) }),
    state: isExpired ? 'expired' : isDead ? 'disabled' : 'active',
  };
}

/** Returns a session as its client sees it. */
export function sessionInfo(session: Session, credential: Credential): LoginSession {
  const { id, user, createdMs, lastUsedMs, expiresMs, userAgent, address } = session;
  return {
    id,
    user,
    created_at: timeOf(createdMs),
    last_used_at: timeOf(lastUsedMs),
    expires_at: timeOf(expiresMs),
    remote_address: address,
    user_agent: userAgent,
    current: credential.kind === 'session' && credential.id === id,
  };
}

const scopesInfo = (scopes: readonly EntityScope[]) =>
  scopes.map(({ entities, collections, permissions }) => ({
    entities: [...entities],
    ...(collections && { collections: [...collections] }),
    ...(permissions && { permissions: [...permissions] }),
  }));

/** RFC 3339. */
const timeOf = (ms: number): string => new Date(ms).toISOString();
